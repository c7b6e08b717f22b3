"""The model card that a change edits, as GitHub has it before and after: two requests, none where no file of it changed."""

from bot.admission import Truth
from bot.gateway import Gateway
from bot.gateway.problems import Refused
from policy import card
from policy.document import Policy
from reports.card_change import Committed

MOST_BYTES = 200_000
"""Of a card that is compared. One that people wrote has a tenth of it."""


def look(gateway: Gateway, truth: Truth, policy: Policy) -> Committed | None:
    """The card of the model that the policy names; None where the change leaves it as it is."""
    path = card.path(policy.model.name) if policy.model else None
    if path is None or path not in truth.files:
        return None
    try:
        before, after = (_text(gateway.file(path, each)) for each in (truth.merge_base, truth.head))
    except Refused:
        return Committed(path, unread=_TOO_LONG)
    except UnicodeDecodeError:
        return Committed(path, unread="it is no UTF-8")
    too_long = any(each is not None and len(each) > MOST_BYTES for each in (before, after))
    return Committed(path, unread=_TOO_LONG) if too_long else Committed(path, before, after)


_TOO_LONG = "it is too long, so read it among the changed files"


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode()
