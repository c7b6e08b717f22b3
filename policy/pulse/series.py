"""The history of a metric: its value in each registered version, out of the facts that were registered with it. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.evaluation import Evaluate
from policy.facts.evaluation import EvaluationFacts
from policy.facts.reading import read
from policy.lineage import Step
from policy.objectives import Objective
from policy.problems import UserProblem
from policy.pulse.forecast import Point

MOST = 60
"""Versions that are looked at, the newest: a trend of before says little about what comes."""


@dataclass(frozen=True)
class Version:
    """A registered version with what is known of its metrics; None where its facts are not there or not those of its digest."""

    number: int
    at: datetime
    evaluation: EvaluationFacts | None
    pull: int | None = None
    """The number of the pull request that it came by, as far as the registry says."""


@dataclass(frozen=True)
class Series:
    """The values of a metric in the order of versions, and the numbers of the versions that have none to read."""

    points: tuple[Point, ...]
    without: tuple[int, ...]


def version(step: Step, raw: bytes | None) -> Version:
    """A version and the bytes that are kept as its facts, believed only where they have the digest in its tags."""
    evaluation = None
    if raw is not None and step.origin and step.origin.facts_digest == f"sha256:{hashlib.sha256(raw).hexdigest()}":
        try:
            evaluation = read(raw).evaluation
        except UserProblem:  # it is the right file, and no facts that this Assay can read
            evaluation = None
    return Version(step.version, step.created, evaluation, step.origin.pull_request if step.origin else None)


def series(objective: Objective, evaluate: Evaluate | None, versions: Sequence[Version]) -> Series:
    """The values of an objective's metric, one a version, in the newest versions."""
    newest = sorted(versions, key=lambda each: each.number)[-MOST:]
    found = [(each, _value(objective, evaluate, each.evaluation)) for each in newest]
    points = tuple(Point(f"v{each.number}", each.at, value) for each, value in found if value is not None)
    return Series(points, tuple(each.number for each, value in found if value is None))


def _value(objective: Objective, evaluate: Evaluate | None, facts: EvaluationFacts | None) -> float | None:
    """The value at head. Where a file and the predictions both have it, the predictions' counts; of two alike none does."""
    wanted = objective.metric, objective.slice
    found = [] if facts is None else [each for each in facts.metrics if (each.metric, each.slice) == wanted]
    if len(found) > 1:
        files = evaluate.metrics if evaluate else []
        found = [each for each in found if each.source not in files]
    return found[0].head if len(found) == 1 else None
