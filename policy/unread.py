"""Whether facts lack what only access to the data would have given, as those of a fork without credentials do. Pure."""

from policy.facts import Facts
from policy.reasons import Reason

_AWAY = frozenset({Reason.REMOTE_UNREACHABLE, Reason.REMOTE_UNUSABLE})
_MISSING = frozenset({Reason.DATA_MISSING, Reason.OBJECT_MISSING}) | _AWAY


def unread(facts: Facts) -> bool:
    """Whether data, or the remote that has it, was out of reach."""
    away = facts.pipeline is not None and facts.pipeline.problem in _AWAY
    return (
        away
        or any(each.problem in _MISSING for each in facts.data)
        or any(each.reason is Reason.OUTSIDE for each in facts.errors)
    )
