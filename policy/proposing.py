"""Proposals: the section `retrain` of `assay.yml`, and whether what a run made helps enough to stay a pull request. Pure."""

from collections.abc import Iterator
from typing import Literal, get_args

from policy.facts.request import PARTS
from policy.models import Section
from policy.newest import Newest
from policy.reasons import Reason
from policy.result import Result, Status, Tier

Kind = Literal["retrain", "refresh", "tune"]
"""What a run does by itself: the model anew, the data anew, or a search for better parameters."""
KINDS: tuple[Kind, ...] = get_args(Kind)
Keep = Literal["improved", "passed"]
Badly = Literal["low", "medium", "high"]
Merge = Literal["never", "passed"]

JUDGED: dict[Kind, frozenset[str]] = {
    "retrain": PARTS["train"],
    "refresh": frozenset({"data", "drift"}),
    "tune": PARTS["train"],
}
"""The parts that the verdict on a proposal is made of."""


class Retrain(Section):
    """When the model is trained anew by itself, and which of those stay proposed, by `assay propose retrain`."""

    keep: Keep = "improved"
    """`improved`: the verdict is not red, and a gated metric got better. `passed`: it is enough that the verdict is not red."""
    merge: Merge = "never"
    """`passed`: the bot merges what it proposed, nobody changed and every check passed, where GitHub's own rules allow it."""
    at: Badly | None = None
    """The severity in production from which `assay-retrain.yml` is started, once for each rise; without it none starts it."""
    newest: Newest | None = None
    """Champion against challenger on the newest rows of production whose labels have arrived, as evidence."""


def wanted(kind: Kind, section: Retrain | None) -> Keep:
    """What a proposal has to bring so that it stays open. New data need not make anything better."""
    if kind == "retrain":
        return (section or Retrain()).keep
    return "passed" if kind == "refresh" else "improved"


def decisive(kind: Kind, verdict: Result) -> Result:
    """What of a verdict ends a proposal. New data may differ from the old: that is for people to look at, and ends nothing."""
    return next((each for each in verdict.children if each.name == "data"), verdict) if kind == "refresh" else verdict


def weigh(keep: Keep, verdict: Result) -> Reason:
    """Whether a proposal helps, and why not: `PROPOSAL_HELPS`, `PROPOSAL_RED` or `PROPOSAL_NO_BETTER`."""
    if verdict.status is Status.FAILED:
        return Reason.PROPOSAL_RED
    if keep == "improved" and not any(_better(each) for each in _all(verdict)):
        return Reason.PROPOSAL_NO_BETTER
    return Reason.PROPOSAL_HELPS


def _all(result: Result) -> Iterator[Result]:
    yield result
    for child in result.children:
        yield from _all(child)


def _better(result: Result) -> bool:
    """Whether a metric is shown to be better; where there is no interval, whether its number is."""
    found = result.comparison
    if result.tier is Tier.IMPROVED:
        return True
    if result.status is not Status.PASSED or found is None or found.low is not None or found.change is None:
        return False
    return found.change > 0 if found.better == "higher" else found.change < 0
