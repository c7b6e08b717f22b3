"""The start that all strategies share: points spread evenly over the space (Halton's sequence, scrambled).

Which point a trial has follows from the seed and the trial's number alone. So machines that search together, and a run that
carries on, go through one sequence without asking each other.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, RandomSampler

from actions.tune.scale import at

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial


class Even(BaseSampler):
    """Spreads trials evenly over the whole space."""

    def __init__(self, space: Mapping[str, BaseDistribution], seed: str) -> None:
        self._space = dict(space)
        self._seed = int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16)
        self._chance = RandomSampler(seed=self._seed)

    def infer_relative_search_space(self, study: "Study", trial: "FrozenTrial") -> dict[str, BaseDistribution]:
        """All parameters, those of a list too."""
        return dict(self._space)

    def sample_relative(self, study: "Study", trial: "FrozenTrial", search_space: dict[str, BaseDistribution]) -> dict[str, Any]:
        """The point of the sequence that has the trial's number."""
        from scipy.stats.qmc import Halton

        sequence = Halton(len(search_space), scramble=True, seed=self._seed)
        sequence.fast_forward(trial.number)
        return {
            name: at(over, float(part)) for (name, over), part in zip(search_space.items(), sequence.random()[0], strict=True)
        }

    def sample_independent(
        self, study: "Study", trial: "FrozenTrial", param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Chance, for a parameter that is not in the space."""
        return self._chance.sample_independent(study, trial, param_name, param_distribution)
