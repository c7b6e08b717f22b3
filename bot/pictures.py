"""Pictures of a report, kept in the repository itself; a report whose pictures cannot be kept comes without them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot import images
from bot.gateway import Forbidden, Gateway
from bot.gateway.wider import WiderGateway
from policy.problems import Problem
from reports.exhibits import Exhibit


class Album:
    """Where one run keeps its pictures. A token that may not is asked once: `refusal` then says what it lacks."""

    def __init__(self, gateway: Gateway) -> None:
        self._git = WiderGateway.of(gateway)
        self.refusal: Forbidden | None = None

    def keep(self, exhibits: Sequence[Exhibit]) -> list[Exhibit]:
        """The same charts with their addresses, or with the reason why they have none. Never raises for what GitHub refuses."""
        files = {each.content: images.File(each.content, "png") for each in exhibits if each.content}
        if not files:
            return list(exhibits)
        why, addresses = "", {}
        try:
            if self.refusal is not None:
                raise self.refusal
            addresses = images.publish(self._git, self._git.full_name, list(files.values()), datetime.now(UTC))
        except Forbidden as problem:
            self.refusal, why = problem, "the token may not write contents"
        except Problem as problem:
            why = problem.what
        return [
            replace(each, address=addresses.get(files[each.content].name, ""), why=why) if each.content else each
            for each in exhibits
        ]
