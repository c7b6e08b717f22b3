"""The strategies by which points are chosen: Optuna's samplers, each seeded, by the names of `assay.yml`."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy.problems import UserProblem
from policy.tuning import Strategy, Tune

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler

_POPULATION = 12
"""Of the genetic strategies: trials are dear, so generations are small."""


def samplers(strategies: Sequence[Strategy], seed: int | None) -> "dict[str, BaseSampler]":
    """A sampler for each strategy. Where a seed is given, each of them has one of its own made of it.

    Raises:
        UserProblem: a library that one needs is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some, and some of their options, are called experimental
        return {name: _sampler(name, None if seed is None else seed * 1_000 + index) for index, name in enumerate(strategies)}


def _sampler(name: Strategy, seed: int | None) -> "BaseSampler":
    from optuna import samplers as known

    if name == "gp":
        _need("sklearn")
        from actions.tune.gp import Process

        return Process(seed)
    if name == "cmaes":
        _need("cmaes")
        from actions.tune.cloud import Cloud

        return Cloud(seed)
    if name == "nsga2":
        return known.NSGAIISampler(population_size=_POPULATION, seed=seed)
    if name == "nsga3":
        return known.NSGAIIISampler(population_size=_POPULATION, seed=seed)
    if name == "random":
        return known.RandomSampler(seed=seed)
    return known.TPESampler(multivariate=True, seed=seed, warn_independent_sampling=False)


def start(tune: Tune, seed: str) -> "BaseSampler":
    """What spreads the first trials evenly over the space. Where the seed is the same, all machines spread them together."""
    from actions.tune.even import Even

    return Even(distributions(tune), seed)


def pruner(tune: Tune) -> "BasePruner":
    """What says of a trial whether it is worth going on. It compares with trials that ended, from the sixth on."""
    from optuna.pruners import MedianPruner, NopPruner

    return MedianPruner() if tune.prune == "median" else NopPruner()


def _need(module: str) -> None:
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise UserProblem(f"a strategy needs {module}, which is not installed", "assay tune", "Install assay[tune]")


def distributions(tune: Tune) -> "dict[str, BaseDistribution]":
    """The space as Optuna has it, by parameter."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    found: dict[str, BaseDistribution] = {}
    for name, dimension in tune.space.items():
        log = dimension.scale == "log"
        if dimension.of:
            found[name] = CategoricalDistribution(dimension.of)
        elif isinstance(dimension.low, int) and isinstance(dimension.high, int):
            found[name] = IntDistribution(dimension.low, dimension.high, log=log)
        elif dimension.low is not None and dimension.high is not None:
            found[name] = FloatDistribution(float(dimension.low), float(dimension.high), log=log)
    return found
