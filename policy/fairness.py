"""Fairness: its section of `assay.yml`, and what a gap between groups means."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from policy.confidence import slack
from policy.facts.evaluation import EvaluationFacts, FairnessFact
from policy.models import Name, Section
from policy.reasons import FAIRNESS_PROBLEMS, Reason
from policy.result import Result, Status, Value, combine


class Fairness(Section):
    """Largest gaps between groups of a column that are acceptable (differences in 0..1)."""

    by: Name
    """The column whose values are the groups, in the file of predictions."""
    demographic_parity: Annotated[float, Field(ge=0, le=1)] | None = None
    """The largest difference between groups in how often the prediction is positive."""
    equalised_odds: Annotated[float, Field(ge=0, le=1)] | None = None
    """The largest difference between groups in true positive rate or false positive rate, whichever is larger."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """A score at or above this is the favourable prediction."""
    min_rows: Annotated[int, Field(ge=1)] = 30
    """Groups with fewer rows are named and left out: their rates are mostly chance."""
    owner: Name | None = None
    """Who answers for it, such as `"@acme/model-risk"`: the pulse names gaps that a version was let through with."""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.demographic_parity is None and self.equalised_odds is None:
            raise ValueError("`fairness` asks nothing: add `demographic_parity` or `equalised_odds`")
        return self


def decide(section: Fairness | None, facts: EvaluationFacts | None) -> Result:
    """Judge the gaps between groups at the head. A gap exactly at its limit passes."""
    if section is None:
        return Result(name="fairness", status=Status.SKIPPED, reason=Reason.NOT_CONFIGURED)
    found = [fact for fact in facts.fairness if fact.column == section.by] if facts else []
    if len(found) != 1:
        return Result(
            name="fairness", status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": f"fairness by {section.by}"}
        )
    (fact,) = found
    if fact.problem is not None:
        reason = fact.problem if fact.problem in FAIRNESS_PROBLEMS else Reason.FAIRNESS_UNREADABLE
        values: dict[str, Value] = {"column": section.by, "detail": fact.detail, "min_rows": section.min_rows}
        return Result(name="fairness", status=Status.FAILED, reason=reason, values=values)
    return combine("fairness", [*_gaps(section, fact), *_left_out(section, fact)])


def _gaps(section: Fairness, fact: FairnessFact) -> Iterator[Result]:
    asked = (
        ("demographic parity", section.demographic_parity, fact.demographic_parity, fact.demographic_parity_base),
        ("equalised odds", section.equalised_odds, fact.equalised_odds, fact.equalised_odds_base),
    )
    for criterion, limit, gap, before in asked:
        if limit is None:
            continue
        name = f"{criterion} by {section.by}"
        values: dict[str, Value] = {"criterion": criterion, "column": section.by, "gap": gap, "before": before, "limit": limit}
        if gap is None or not 0 <= gap <= 1:
            yield Result(name=name, status=Status.FAILED, reason=Reason.FAIRNESS_UNDEFINED, values=values)
        elif gap > limit + slack(limit):
            yield Result(name=name, status=Status.FAILED, reason=Reason.UNFAIR, values=values)
        else:
            yield Result(name=name, status=Status.PASSED, reason=Reason.FAIR, values=values)


def _left_out(section: Fairness, fact: FairnessFact) -> Iterator[Result]:
    small = [f"{group.value} ({group.rows})" for group in fact.groups if group.rows < section.min_rows]
    unlisted = max(0, fact.groups_total - len(fact.groups))
    if small or unlisted:
        shown = small[:20]
        more = len(small) - len(shown) + unlisted
        names = ", ".join([*shown, *([f"{more} more"] if more else [])])
        values: dict[str, Value] = {"groups": names[:1_900], "column": section.by, "min_rows": section.min_rows}
        yield Result(name=f"small groups of {section.by}", status=Status.SKIPPED, reason=Reason.SMALL_GROUPS, values=values)
