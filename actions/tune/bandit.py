"""Which strategy gets the next trial: Thompson sampling by good trials a second.

The first trials are no strategy's: with one objective, several strategies share a start that is spread evenly over the space.

With one objective a trial is good where at most a quarter of the trials before it are better; with several, where none before it
is better in all of them. The chance of a good one is drawn for each strategy from what is known of it, and divided by how long
its trials take; the highest has its turn. What is long ago counts less: who finds the valley need not be who finds its bottom.
"""

import bisect
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policy.tuning import Goal, better

FADING = 0.9
"""What a trial still counts after one more of its strategy."""
QUARTER = 0.25
START = "start"
"""Who chooses the points that all strategies begin with."""
SHARED = 10
"""How many those are. The model of `tpe` needs as many before it says anything."""


@dataclass(frozen=True)
class Ended:
    """A trial that ended: who chose it, its scores (none where it failed or was pruned), and how many seconds it took."""

    strategy: str
    scores: Sequence[float] | None
    seconds: float
    pruned: bool = False
    again: bool = False
    """Whether its point had been tried before, so that it tells nothing."""


@dataclass(frozen=True)
class Step:
    """What a trial says of its strategy."""

    strategy: str
    good: bool
    seconds: float


def steps(goals: Sequence[Goal], ended: Iterable[Ended]) -> list[Step]:
    """What each trial says, in the order in which they ended."""
    judge = _Ranking(goals[0]) if len(goals) == 1 else _Front(goals)
    return [
        Step(each.strategy, each.scores is not None and not each.again and judge.good(each.scores), each.seconds)
        for each in ended
    ]


class _Ranking:
    """The scores of one objective, as costs, the lowest first."""

    def __init__(self, goal: Goal) -> None:
        self._sign = -1.0 if goal.direction == "higher" else 1.0
        self._costs: list[float] = []

    def good(self, scores: Sequence[float]) -> bool:
        """Whether few of those before are better; and remember it."""
        cost = self._sign * scores[0]
        few = bisect.bisect_left(self._costs, cost) <= QUARTER * len(self._costs)
        bisect.insort(self._costs, cost)
        return few


class _Front:
    """The scores that nothing is better than in all objectives."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        self._goals = goals
        self._best: list[Sequence[float]] = []

    def good(self, scores: Sequence[float]) -> bool:
        """Whether it joins them as something new; and remember it."""
        if any(list(other) == list(scores) or better(self._goals, other, scores) for other in self._best):
            return False
        self._best = [*(other for other in self._best if not better(self._goals, scores, other)), scores]
        return True


def turn(strategies: Sequence[str], goals: Sequence[Goal], ended: Sequence[Ended], draw: random.Random) -> str:
    """The strategy that has the next trial, or `START`. What earlier studies handed on counts for the start, failures do not.

    Args:
        strategies: those of the policy; one alone begins in its own way.
        goals: the objectives; with several, each strategy begins in its own way too, because populations must be its own.
        ended: the trials of all machines, the oldest first.
        draw: where chance comes from.
    """
    if len(strategies) > 1 and len(goals) == 1 and sum(each.scores is not None or each.pruned for each in ended) < SHARED:
        return START
    return choose(strategies, steps(goals, ended), draw)


def choose(strategies: Sequence[str], told: Sequence[Step], draw: random.Random) -> str:
    """The strategy that has its turn. One that has not been tried yet goes first, in the order of the strategies."""
    known = [step for step in told if step.strategy in strategies]
    untried = [name for name in strategies if all(step.strategy != name for step in known)]
    if untried or len(strategies) == 1:
        return (untried or list(strategies))[0]
    usual = sum(step.seconds for step in known) / len(known)
    return max(strategies, key=lambda name: rate([step for step in known if step.strategy == name], usual, draw))


def rate(own: Sequence[Step], usual: float, draw: random.Random) -> float:
    """Good trials a second that a strategy may bring, drawn at random from what is known of it.

    Args:
        own: its trials, the oldest first.
        usual: the seconds that trials take on the whole; a strategy counts as if it had made one such trial.
    """
    good = bad = 0.0
    for step in own:
        good, bad = good * FADING + step.good, bad * FADING + (not step.good)
    seconds = (sum(step.seconds for step in own) + usual) / (len(own) + 1)
    return draw.betavariate(1.0 + good, 1.0 + bad) / max(seconds, 1e-9)
