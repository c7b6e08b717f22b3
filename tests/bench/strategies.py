"""What taking turns costs against the best strategy alone: python -m tests.bench.strategies [TRIALS [SEEDS]].

Three surfaces over the parameters of boosted trees, computed and not trained, so that hundreds of searches take a minute: a ridge
(learning rate and leaves make up for each other), a bowl with bumps, and a valley that is steep in one direction. And one that
was recorded from the flights example. Prints the table of docs/tune.md.
"""

import logging
import math
import sys
from collections.abc import Callable, Sequence
from statistics import mean

import optuna

from actions.progress import Silent
from actions.tune.search import Limits, search
from actions.tune.study import complete
from actions.tune.workshop import Outcome
from policy.tuning import Point, Tune
from tests.bench import flights_surface

SPACE = {
    "lr": {"from": 1e-4, "to": 0.5, "scale": "log"},
    "leaves": {"from": 4, "to": 256, "scale": "log"},
    "drop": {"from": 0.0, "to": 0.9},
    "l2": {"from": 1e-3, "to": 10.0, "scale": "log"},
}
ALONE = (["random"], ["tpe"], ["cmaes"])
TURNS = ["tpe", "cmaes"]


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


def reached(surface: Callable[[Point], float], strategies: Sequence[str], trials: int, seed: int) -> float:
    """The best score after so many trials."""
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


def lost(chance: float, single: Sequence[float], turns: float) -> float:
    """What taking turns misses of the best alone, as a share of what that gains over chance."""
    best = max(single)
    return (best - turns) / (best - chance)


def main(arguments: list[str]) -> int:
    """Print a row for each surface."""
    trials, seeds = (int(each) for each in (*arguments, *("40", "20")[len(arguments) :]))
    optuna.logging.set_verbosity(logging.ERROR)
    print("| surface | `random` | `tpe` | `cmaes` | `tpe` and `cmaes` in turns | lost |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for surface in (ridge, bumps, valley, flights_surface.flights):
        found = [mean(reached(surface, each, trials, seed) for seed in range(seeds)) for each in (*ALONE, TURNS)]
        cells = [f"{each:.5f}".replace("-", "−") for each in found]
        print(f"| {surface.__name__} | {' | '.join(cells)} | {lost(found[0], found[1:3], found[3]):.0%} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
