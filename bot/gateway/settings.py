"""The gateway, and what a repository's settings say to anyone who may read it."""

from typing import Self
from urllib.parse import quote

from bot.gateway.gateway import Gateway
from bot.gateway.problems import NotThere


class SettingsGateway(Gateway):
    """A gateway that also looks at how branches are protected."""

    @classmethod
    def of(cls, gateway: Gateway) -> Self:
        """The same repository by the same token."""
        return cls(gateway._transport, gateway.full_name, gateway._identity, gateway._app_slug)

    def protected(self, branch: str) -> bool:
        """Whether a branch is protected, by a rule of its own or by a ruleset. Raises NotThere where there is none."""
        name = quote(branch, safe="")
        if self._get(f"/branches/{name}", {"contents": "read"}).data["protected"]:
            return True
        try:
            return bool(self._get(f"/rules/branches/{name}", {"metadata": "read"}).data)
        except NotThere:  # servers older than rulesets
            return False
