"""Whether the winner would win again: it and the present parameters, with the same seeds."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from actions.progress import Progress
from actions.tune.workshop import Outcome
from policy.facts.override import Scalar
from policy.problems import UserProblem
from policy.tuned import Repeated
from policy.tuning import Point, Repeats, Tune

Run = Callable[[Point], Outcome]


def repeat(
    tune: Tune, repeats: Repeats, run: Run, present: dict[str, Scalar], winner: dict[str, Scalar], progress: Progress
) -> list[Repeated]:
    """Run both points with each seed, and compare them pair by pair; one result an objective.

    Raises:
        UserProblem: a run has no scores. Without it nothing could be said about luck.
    """
    rows: list[tuple[tuple[float, ...], tuple[float, ...]]] = []
    for seed in range(1, repeats.seeds + 1):
        progress.step(f"would it still win: seed {seed} of {repeats.seeds}")
        rows.append((_scores(run, present, repeats.key, seed), _scores(run, winner, repeats.key, seed)))
    found = []
    for index, metric in enumerate(tune.metrics):
        before, after = [row[0][index] for row in rows], [row[1][index] for row in rows]
        change, low, high = interval([b - a for a, b in zip(before, after, strict=True)], tune.confidence)
        found.append(Repeated(metric=metric, present=before, winner=after, change=change, low=low, high=high))
    return found


def _scores(run: Run, point: dict[str, Scalar], key: str, seed: int) -> tuple[float, ...]:
    outcome = run({**point, key: seed})
    if outcome.scores is None:
        raise UserProblem(f"a repeat with {key}={seed} has no scores: {outcome.problem}", "assay tune", "Mend it, or `repeats`")
    return outcome.scores


def interval(differences: Sequence[float], confidence: float) -> tuple[float, float, float]:
    """The mean of at least two paired differences, and Student's interval around it. Without any spread it is the mean alone."""
    from scipy import stats

    count = len(differences)
    mean = math.fsum(differences) / count
    spread = math.sqrt(math.fsum((each - mean) ** 2 for each in differences) / (count - 1))
    quantile: Any = stats.t.ppf(0.5 + confidence / 2, count - 1)
    half = float(quantile) * spread / math.sqrt(count)
    return mean, mean - half, mean + half
