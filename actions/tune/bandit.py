"""Which strategy gets the next trial: Thompson sampling by improvements a minute.

A trial is a success where nothing before it was as good (with several objectives: where it joined the best compromises). The
chance of a success is drawn for each strategy from what is known of it, and divided by how long its trials take; the highest has
its turn.
What is long ago counts less, because a strategy that finds the valley need not be the one that finds its bottom.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policy.tuning import Goal, better

FADING = 0.97
"""What a success or a failure still counts after one more trial of its strategy."""


@dataclass(frozen=True)
class Step:
    """One trial that ended: who chose it, whether it improved on all before it, and how many seconds it took."""

    strategy: str
    improved: bool
    seconds: float


@dataclass(frozen=True)
class Ended:
    """A trial as the study keeps it; no scores where it failed."""

    strategy: str
    scores: Sequence[float] | None
    seconds: float


def steps(goals: Sequence[Goal], ended: Iterable[Ended]) -> list[Step]:
    """What became of each trial, in the order in which they ended."""
    best: list[Sequence[float]] = []
    found = []
    for each in ended:
        scores = each.scores
        improved = scores is not None and not any(list(other) == list(scores) or better(goals, other, scores) for other in best)
        if improved and scores is not None:
            best = [other for other in best if not better(goals, scores, other)] + [scores]
        found.append(Step(each.strategy, improved, each.seconds))
    return found


def choose(strategies: Sequence[str], told: Sequence[Step], draw: random.Random) -> str:
    """The strategy that has its turn. One that has not been tried yet goes first, in the order of the strategies."""
    known = [step for step in told if step.strategy in strategies]
    untried = [name for name in strategies if all(step.strategy != name for step in known)]
    if untried or len(strategies) == 1:
        return (untried or list(strategies))[0]
    usual = sum(step.seconds for step in known) / len(known) or 1.0
    return max(strategies, key=lambda name: rate([step for step in known if step.strategy == name], usual, draw))


def rate(own: Sequence[Step], usual: float, draw: random.Random) -> float:
    """Improvements a second that a strategy may bring, drawn at random from what is known of it.

    Args:
        own: its trials, the oldest first.
        usual: the seconds that trials take on the whole; a strategy counts as if it had made one such trial.
    """
    good = bad = 0.0
    for step in own:
        good, bad = good * FADING + step.improved, bad * FADING + (not step.improved)
    seconds = (sum(step.seconds for step in own) + usual) / (len(own) + 1)
    return draw.betavariate(1.0 + good, 1.0 + bad) / max(seconds, 1e-9)
