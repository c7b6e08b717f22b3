"""What taking turns costs against the best strategy alone: python -m tests.bench.strategies [TRIALS [SEEDS [FIRST]]].

Surfaces over the parameters of boosted trees, computed and not trained, so that hundreds of searches take minutes, and one that
was recorded from the flights example. How turns are taken was chosen on `CHOSEN_ON` with the seeds 1000 to 1039; the other
surfaces, and the seeds from `FIRST` on, were kept for the figures. Prints the table of docs/tune.md.

What "no worse" means was said before the figures were looked at. *No worse*: the interval of the difference is not all below 0,
and at most 5 % are lost on the mean. *Shown* is stricter about what 20 seeds cannot tell: the whole interval lies above -25 %, so
three quarters of what the best strategy alone gains over chance are kept for sure.
"""

import itertools
import logging
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np
import optuna

from actions.progress import Silent
from actions.tune.search import Limits, search
from actions.tune.study import complete
from actions.tune.workshop import Outcome
from policy.tuning import SINGLE, Point, Tune
from tests.bench import flights_surface

SPACE = {
    "lr": {"from": 1e-4, "to": 0.5, "scale": "log"},
    "leaves": {"from": 4, "to": 256, "scale": "log"},
    "drop": {"from": 0.0, "to": 0.9},
    "l2": {"from": 1e-3, "to": 10.0, "scale": "log"},
}
CHANCE = "random"
ALONE = (CHANCE, "tpe", "cmaes", "gp")
TURNS = SINGLE
MEAN, WHOLE = -0.05, -0.25
"""What may be lost on the mean, and by the whole interval: shares of what the best strategy alone gains over chance."""
FIRST = 2000
_RESAMPLED = 10_000


def _numbers(point: Point) -> tuple[float, float, float, float]:
    rate, leaves, drop, l2 = (float(point[name] or 0) for name in SPACE)
    return math.log10(rate), math.log2(leaves), drop, math.log10(l2)


def _scaled(point: Point) -> list[float]:
    rate, leaves, drop, l2 = _numbers(point)
    return [(rate + 4) / 3.7, leaves / 8, drop / 0.9, (l2 + 3) / 4]


def ridge(point: Point) -> float:
    """Like the area under a curve: 0.75 at best, and flat far away."""
    rate, leaves, drop, l2 = _numbers(point)
    along = (rate + 0.35 * leaves + 3.6) ** 2 * 0.6 + 0.05 * (leaves - 5.2) ** 2
    far = along + (drop - 0.25) ** 2 * 0.8 + 0.02 * (l2 + 0.5) ** 2
    return 0.75 - 0.1 * far / (1 + 0.5 * far)


def bumps(point: Point) -> float:
    """Rastrigin's function: 0 at best, with a local best at every step."""
    return -sum(10 * (each - 0.6) ** 2 + 1 - math.cos(6 * math.pi * (each - 0.6)) for each in _scaled(point))


def valley(point: Point) -> float:
    """A hundred times as steep in the last parameter as in the first; 0 at best."""
    return -sum(10 ** (2 * index / 3) * (each - 0.35) ** 2 for index, each in enumerate(_scaled(point)))


def skew(point: Point) -> float:
    """A bowl that is thirty times as steep in one direction as in another, and lies across the parameters; 0 at best."""
    away = _TURNED @ (np.array(_scaled(point)) - np.array([0.72, 0.3, 0.55, 0.25]))
    return -float(sum(10 ** (0.5 * index) * each**2 for index, each in enumerate(away)))


_TURNED = np.linalg.qr(np.random.RandomState(3).randn(4, 4))[0]


def banana(point: Point) -> float:
    """Rosenbrock's function on a log scale: a valley that bends; 0 at best."""
    at = [4 * each - 2 for each in _scaled(point)]
    return -math.log1p(sum(10 * (after - here**2) ** 2 + (1 - here) ** 2 for here, after in itertools.pairwise(at)))


def corner(point: Point) -> float:
    """Sharp, and best at the edge of one parameter; 1 at best."""
    rate, leaves, drop, l2 = _scaled(point)
    return 1 / (1 + 3 * abs(rate - 0.95) + 2 * abs(leaves - 0.1) + 0.5 * abs(drop - 0.5) + 0.2 * l2)


def twin(point: Point) -> float:
    """A wide hill of 0.8 and, in the opposite corner, a narrow one of 1."""
    at = np.array(_scaled(point))
    return float(max(0.8 * np.exp(-3 * np.sum((at - 0.25) ** 2)), np.exp(-12 * np.sum((at - 0.8) ** 2))))


CHOSEN_ON = (ridge, valley, skew, banana, corner, twin)
KEPT = (bumps, flights_surface.flights)


def reached(surface: Callable[[Point], float], strategies: Sequence[str], trials: int, seed: int) -> float:
    """The best score after so many trials, in the manner of `assay tune`."""
    section = {
        "space": flights_surface.SPACE if surface is flights_surface.flights else SPACE,
        "objectives": [{"metric": "accuracy"}],
        "strategies": list(strategies),
    }
    study = optuna.create_study(direction="maximize")
    search(
        study, Tune.model_validate(section), lambda point: Outcome((surface(point),), 10.0), Limits(trials), Silent(), seed=seed
    )
    return max(trial.values[0] for trial in complete(study))


@dataclass(frozen=True)
class Compared:
    """One surface: the mean best of each strategy alone and of turns, and what turns bring over the best alone.

    The difference and its 95 % interval (bootstrap over the seeds) are shares of what the best alone gains over chance.
    """

    alone: dict[str, float]
    turns: float
    more: float
    low: float
    high: float

    @property
    def gained(self) -> float:
        """What the best alone gains over chance, in the unit of the metric."""
        return max(self.alone.values()) - self.alone[CHANCE]

    @property
    def holds(self) -> bool:
        """Whether turns are no worse: the interval is not all below 0, and at most 5 % is lost on the mean."""
        return self.high >= 0 and self.more >= MEAN

    @property
    def shown(self) -> bool:
        """Whether that much is sure: the whole interval lies above what may be lost."""
        return self.low > WHOLE


def compare(surface: Callable[[Point], float], trials: int, seeds: Sequence[int]) -> Compared:
    """Search with each strategy alone, with chance, and with turns, once for each seed."""
    found = {name: [reached(surface, [name], trials, seed) for seed in seeds] for name in ALONE}
    turns = np.array([reached(surface, TURNS, trials, seed) for seed in seeds])
    means = {name: mean(scores) for name, scores in found.items()}
    best = max(means, key=lambda name: means[name])
    shares = (turns - np.array(found[best])) / (means[best] - means[CHANCE])
    picked = np.random.default_rng(0).integers(0, len(shares), (_RESAMPLED, len(shares)))
    low, high = np.quantile(shares[picked].mean(axis=1), [0.025, 0.975])
    return Compared(means, float(turns.mean()), float(shares.mean()), float(low), float(high))


def main(arguments: list[str]) -> int:
    """Print a row for each surface, and for the recorded one the difference in the unit of its metric."""
    trials, seeds, first = (int(each) for each in (*arguments, *("40", "20", str(FIRST))[len(arguments) :]))
    optuna.logging.set_verbosity(logging.ERROR)
    names = " | ".join(f"`{name}`" for name in ALONE)
    print(f"| surface | {names} | in turns | more than the best alone | no worse | shown |")
    print(f"| --- |{' ---: |' * (len(ALONE) + 2)} --- | --- |")
    for surface in (*KEPT, *CHOSEN_ON):
        row = compare(surface, trials, range(first, first + seeds))
        cells = [f"{each:.5g}" for each in (*row.alone.values(), row.turns)]
        cells.append(f"{row.more:+.0%} ({row.low:+.0%} to {row.high:+.0%})")
        cells = [each.replace("-", "−").replace("%", " %") for each in cells]
        said = " | ".join("yes" if each else "no" for each in (row.holds, row.shown))
        print(f"| {surface.__name__} | {' | '.join(cells)} | {said} |", flush=True)
        if surface is flights_surface.flights:
            apart = [f"{share * row.gained:+.5f}" for share in (row.more, row.low, row.high)]
            print(f"roc_auc: {apart[0]} ({apart[1]} to {apart[2]}); retrained {flights_surface.RETRAINED}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
