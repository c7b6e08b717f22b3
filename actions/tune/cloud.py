"""CMA-ES that learns from every trial, whoever chose its point.

Optuna's own learns from its own trials only, so that beside another strategy it is half as old, and it keeps its state as a
pickle in the storage. Here the state is made anew from the trials that ended, in the order in which they ended: each next
population of them moves and stretches the cloud. Machines that see the same trials see the same cloud.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, RandomSampler
from optuna.search_space import IntersectionSearchSpace
from optuna.study import StudyDirection
from optuna.trial import TrialState

from actions.tune.scale import at, share

if TYPE_CHECKING:
    from cmaes import CMA
    from optuna.study import Study
    from optuna.trial import FrozenTrial

_WIDTH = 1 / 6
"""Of the cloud at the start, as a share of each range; its middle is that of the space."""
_AGAIN = 10
"""How often, for each parameter, a point outside the space is drawn anew before it is moved to the edge."""
_MOST = 2**31 - 2


class Cloud(BaseSampler):
    """Chooses points by CMA-ES: one objective, ranges only. A parameter with a list of values is left to chance."""

    def __init__(self, seed: int | None) -> None:
        self._draw = np.random.RandomState(seed)
        self._chance = RandomSampler(seed=seed)
        self._known = IntersectionSearchSpace()

    def reseed_rng(self) -> None:
        """Forget the seed."""
        self._draw.seed()
        self._chance.reseed_rng()

    def infer_relative_search_space(self, study: "Study", trial: "FrozenTrial") -> dict[str, BaseDistribution]:
        """The ranges; none before the first trial has ended."""
        known = self._known.calculate(study)
        return {name: over for name, over in known.items() if isinstance(over, FloatDistribution | IntDistribution)}

    def sample_relative(self, study: "Study", trial: "FrozenTrial", search_space: dict[str, BaseDistribution]) -> dict[str, Any]:
        """A point of the cloud."""
        ranges = {name: over for name, over in search_space.items() if isinstance(over, FloatDistribution | IntDistribution)}
        if not ranges:
            return {}
        sign = -1.0 if study.direction is StudyDirection.MAXIMIZE else 1.0
        ended = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        ended.sort(key=lambda each: (each.datetime_complete.timestamp() if each.datetime_complete else 0.0, each.number))
        told = [
            (np.array([share(over, each.params[name]) for name, over in ranges.items()]), sign * each.values[0]) for each in ended
        ]
        cloud = _cloud(told, len(ranges), int(self._draw.randint(1, _MOST)))
        return {name: at(over, float(part)) for (name, over), part in zip(ranges.items(), cloud.ask(), strict=True)}

    def sample_independent(
        self, study: "Study", trial: "FrozenTrial", param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Chance."""
        return self._chance.sample_independent(study, trial, param_name, param_distribution)


def _cloud(told: list[tuple["np.ndarray[Any, Any]", float]], size: int, seed: int) -> "CMA":
    """What the cloud has become by the points told, each with its cost."""
    from cmaes import CMA

    bounds = np.array([[0.0, 1.0]] * size)
    found = CMA(mean=np.full(size, 0.5), sigma=_WIDTH, bounds=bounds, n_max_resampling=_AGAIN * size, seed=seed)
    many = found.population_size
    for first in range(0, len(told) - many + 1, many):
        found.tell([(_near(found, point), cost) for point, cost in told[first : first + many]])
    return found


def _near(cloud: "CMA", point: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """A point, drawn near enough that the cloud might have chosen it (Hansen 2011, injection of external solutions).

    Without it a narrow cloud that is told of a better place far away bursts.
    """
    turned, lengths = cloud._eigen_decomposition()
    away = point - cloud.mean
    steps = float(np.linalg.norm((turned.T @ away) / lengths)) / cloud._sigma
    most = math.sqrt(cloud.dim) + 2 * cloud.dim / (cloud.dim + 2)
    return point if steps <= most else cloud.mean + away * (most / steps)
