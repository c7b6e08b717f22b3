"""What every handler is: a module that reads the present, and makes what stands on GitHub what it should be."""

from collections.abc import Mapping
from typing import Any, Protocol

from bot.around import Around
from policy.reasons import Reason

Payload = Mapping[str, Any]


class Handler(Protocol):
    """A module of this folder."""

    def handle(self, around: Around, payload: Payload) -> Reason:
        """Do what the event asks for; twice is as good as once. The answer is a reason code for logs and metrics.

        Raises OutsideProblem where trying again may help, UserProblem where somebody has to mend something first.
        """
