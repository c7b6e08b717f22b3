"""One webhook delivery as the rest of the bot sees it, and what it takes to handle one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic_core import from_json

from bot.receiving import shapes
from bot.receiving.shapes import REGISTRY, Event, Misshapen


class NotJson(ValueError):
    """A body that is no JSON object in UTF-8."""


@dataclass(frozen=True)
class Delivery:
    """A verified delivery. No repr shows its body or payload, and logs take only what `context` gives them.

    `digest` is the SHA-256 of the raw body. Deliveries of one `partition` are handled one after the other: those of one issue or
    pull request, "<repository id>/<number>", or else those of one branch or commit.
    """

    id: str
    event: str
    action: str
    digest: str
    repository_id: int | None
    repository: str
    installation_id: int | None
    number: int | None
    sender: str
    partition: str
    body: bytes = field(repr=False, hash=False)
    payload: Mapping[str, Any] = field(repr=False, compare=False)
    typed: Event = field(repr=False, compare=False)

    @property
    def context(self) -> dict[str, Any]:
        """What every line of a log about this delivery says."""
        return {
            "delivery": self.id,
            "webhook": self.event,
            "action": self.action,
            "repository": self.repository,
            "number": self.number,
            "sender": self.sender,
        }

    @property
    def fold(self) -> str:
        """Deliveries with the same one, soon after another, are handled as the newest: pushes, and what the registry tells, in
        which every delivery asks for the same look. Empty for all others."""
        pushed = self.event in ("push", REGISTRY) or (self.event, self.action) == ("pull_request", "synchronize")
        return f"{self.event} {self.partition}" if pushed else ""


class Handler(Protocol):
    """What the service does with a delivery.

    The answer is a reason code for logs and metrics. Raising OutsideProblem means to try again later; anything else ends the
    delivery as failed. It may be called again for the same delivery after a crash, so what it does must be repeatable.
    """

    def __call__(self, delivery: Delivery) -> str:
        """Handle one delivery."""


def read(delivery_id: str, event: str, body: bytes) -> Delivery:
    """A delivery out of a body whose signature holds. Raises NotJson, or Misshapen for the payload of another event."""
    try:
        payload = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise NotJson(str(error)) from None
    if not isinstance(payload, dict):
        raise NotJson("not an object")
    typed = shapes.read(event, payload)
    repository, installation, sender = typed.repository, typed.installation, typed.sender
    return Delivery(
        id=delivery_id,
        event=event,
        action=typed.action,
        digest=hashlib.sha256(body).hexdigest(),
        repository_id=repository.id if repository else None,
        repository=repository.full_name if repository else "",
        installation_id=installation.id if installation else None,
        number=typed.about,
        sender=sender.login if sender else "",
        partition=_partition(typed),
        body=body,
        payload=payload,
        typed=typed,
    )


def _partition(typed: Event) -> str:
    if typed.repository is None:
        return f"installation/{typed.installation.id}" if typed.installation else typed.branch or "none"
    subject = typed.about if typed.about is not None else typed.branch or "none"
    return f"{typed.repository.id}/{subject}"


__all__ = ["Delivery", "Handler", "Misshapen", "NotJson", "read"]
