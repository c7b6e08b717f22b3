"""Whether a retraining is merged by itself, by `retrain.merge` of assay.yml. Pure: what is not known counts as no."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import JsonValue, TypeAdapter

from policy.reasons import Reason
from policy.result import Status

Ended = Literal["well", "badly", "pending"]
_WELL = ("success", "neutral", "skipped")
_MERGEABLE = ("clean", "has_hooks")
LOUD = frozenset(
    {
        Reason.MERGE_GOES,
        Reason.MERGE_PUSHED,
        Reason.MERGE_FILES,
        Reason.MERGE_FROZEN,
        Reason.MERGE_CONFLICT,
        Reason.MERGE_BLOCKED,
        Reason.MERGE_REFUSED,
    }
)
"""What is said on the pull request even where nothing was said before; the rest shows there already, or passes by itself."""


@dataclass(frozen=True)
class Standing:
    """How a proposal stands at this moment. None, or an empty `mergeable`, is what nobody looked up or could find out."""

    ready: bool
    """Open, no draft, into the default branch, by our own account from our own branch, ending in the commit that was judged."""
    verdict: Status | None
    """The verdict on exactly that commit, under the policy of the default branch."""
    shown: bool | None = None
    """Whether a check of ours on that commit says so, too."""
    others: Ended | None = None
    """How all else that ran on that commit ended; see `ended`."""
    pushed: bool | None = None
    """Whether that commit is the one that our account made, and our account the last that pushed to the branch."""
    files: bool | None = None
    """Whether it changes nothing but what a retraining may."""
    frozen: bool | None = None
    """Whether somebody locked everything by `/lock all`."""
    mergeable: str = ""
    """GitHub's own word on it (`mergeable_state`), in which the rules of the branch and required reviews are counted."""


def decide(found: Standing) -> Reason:
    """`MERGE_GOES`, or the first that keeps it from being merged."""
    every = (
        (found.ready, Reason.MERGE_NOT_OURS),
        (found.verdict is Status.PASSED and found.shown is True, Reason.MERGE_NOT_PASSED),
        (found.others in ("well", "badly"), Reason.MERGE_PENDING),
        (found.others == "well", Reason.MERGE_CHECKS),
        (found.pushed is True, Reason.MERGE_PUSHED),
        (found.files is True, Reason.MERGE_FILES),
        (found.frozen is False, Reason.MERGE_FROZEN),
        (found.mergeable != "dirty", Reason.MERGE_CONFLICT),
        # `unstable` is a check that began since then.
        (found.mergeable not in ("", "unknown", "unstable"), Reason.MERGE_PENDING),
        (found.mergeable in _MERGEABLE, Reason.MERGE_BLOCKED),
    )
    return next((why for holds, why in every if not holds), Reason.MERGE_GOES)


def kept(found: Standing) -> dict[str, JsonValue]:
    """How it stood, as the ledger keeps it."""
    return {**asdict(found), "verdict": found.verdict.value if found.verdict else None}


def again(kept: JsonValue) -> Reason:
    """The decision made again from what the ledger keeps. Raises ValueError for what is no such record."""
    return decide(_STANDING.validate_python(kept))


_STANDING = TypeAdapter(Standing)


def ended(conclusions: Iterable[str | None]) -> Ended:
    """How runs and statuses ended, each given as GitHub's conclusion, None for one that has not. A bad end outweighs waiting."""
    found = list(conclusions)
    if any(each is not None and each not in _WELL for each in found):
        return "badly"
    return "pending" if None in found else "well"
