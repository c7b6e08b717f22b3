"""The sections of `assay.yml` about where the project is heading: objectives with a date, and the issue that tells of them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from policy.evaluation import Evaluate
from policy.facts.evaluation import Slice
from policy.metrics import BETTER, Better, known_direction
from policy.models import Name, Number, Section
from policy.roles import Member

MOST = 20
"""Objectives of one project. Whoever has more has none."""


class Objective(Section):
    """What a metric of the model is to be by a day, and who sees to it."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    """What people call it."""
    metric: Name
    """The metric, as gates and metrics files name it."""
    where: Annotated[dict[Name, str], Field(max_length=1)] = {}
    """On one slice: `{carrier: HA}`. Without it, on all rows."""
    target: Number
    """What the value is to be, or better."""
    better: Better | None = None
    """Which direction is good. Known metrics know theirs, and others take that of their gate."""
    by: date
    """The last day on which it can be reached, in UTC."""
    owner: Member
    """Who sees to it: a login, or a team as `@organisation/team`."""

    @property
    def slice(self) -> Slice | None:
        """The slice, as facts name it."""
        return next((Slice(column=column, value=value) for column, value in self.where.items()), None)

    @property
    def subject(self) -> str:
        """The metric and its slice: `roc_auc on carrier=HA`."""
        return f"{self.metric} on {self.slice.label}" if self.slice else self.metric

    def direction(self, evaluate: Evaluate | None) -> Better | None:
        """Which direction is good: by its own word, by a gate on its metric, or as is known; None where nobody says."""
        gates = evaluate.gates if evaluate else []
        told = [self.better, *(gate.better for gate in gates if gate.metric == self.metric), known_direction(self.metric)]
        return next((each for each in told if each is not None), None)

    @model_validator(mode="after")
    def _not_upside_down(self) -> Self:
        known = BETTER.get(self.metric)
        if known is not None and self.better not in (None, known):
            raise ValueError(f"{self.metric} is better {known}; leave `better` out, or name another metric")
        return self


class Pulse(Section):
    """The rolling issue that tells how the project does."""

    issue: bool = True
    """Whether there is one. Without this section there is one where `objectives` are named."""
    milestones: bool = True
    """Whether each objective is also a milestone of GitHub, kept whenever the issue is written."""


def wants_issue(objectives: Sequence[Objective], pulse: Pulse | None) -> bool:
    """Whether the rolling issue is to be kept."""
    return pulse.issue if pulse else bool(objectives)


def wants_milestones(pulse: Pulse | None) -> bool:
    """Whether objectives are mirrored to milestones where the issue is kept."""
    return pulse is None or pulse.milestones


def contradictions(
    objectives: Sequence[Objective], evaluate: Evaluate | None
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What no list of objectives may say: where it stands, what is wrong, and what would be right."""
    names = [each.name for each in objectives]
    for index, each in enumerate(objectives):
        if each.name in names[:index]:
            yield ("objectives", index, "name"), f"two objectives are called {each.name!r}", "give one of them another name"
        if each.direction(evaluate) is None:
            what = f"nobody says which direction of {each.metric!r} is good"
            yield ("objectives", index, "metric"), what, "add `better: higher` or `better: lower`"
