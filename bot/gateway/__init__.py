"""The one way to GitHub: what is read comes back as frozen records, what goes wrong as problems that say what to do."""

from bot.gateway.gateway import Gateway
from bot.gateway.problems import Forbidden, NotThere

__all__ = ["Forbidden", "Gateway", "NotThere"]
