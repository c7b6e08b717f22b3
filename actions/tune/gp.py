"""Gaussian processes: a smooth guess of the score everywhere, with how sure it is, by scikit-learn.

The guess is made anew for each trial from all that ended, whoever chose their points, so several machines share it and no state
lies in the storage. The next point is where the most is to be expected above the best so far (expected improvement). A trial that
still runs counts as if it came to what is guessed there; one that failed or was pruned, as if it were as bad as the worst; one
whose run was killed, not at all.

With several objectives each trial follows one compromise between them, drawn at random (ParEGO, Knowles 2006).
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, RandomSampler
from optuna.search_space import IntersectionSearchSpace
from optuna.study import StudyDirection
from optuna.trial import TrialState

from actions.tune.scale import at, share
from actions.tune.study import lost
from policy.facts.override import Scalar

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial

_FEW = 4
"""Before so many trials have ended, points are drawn at random."""
_MOST = 200
"""So many trials are learned from: half of them the best, half the newest. The time grows with the cube of it."""
_FAILED = 50
"""Of those that failed or were pruned, the newest."""
_CANDIDATES = 9
"""As a power of two."""
_NEAR = (0.1, 0.1, 0.03, 0.01)
"""How far around the best candidates others are looked for, one round after the other, as shares of the ranges."""
_BEST, _AROUND = 4, 32
"""How many of the best candidates that is done for, and how many others each has."""
_REACH, _SPREAD = np.log(0.5), 0.7
"""The logarithm of how far a score reaches, as a share of a range, and its spread, before anything is known."""
_NOISE, _UNSURE = np.log(1e-3), 2.0
"""The same of the noise, as a share of the variance of the scores."""
_ROUNDS = 20
_SOFT = 0.05
"""What the sum of all objectives counts in a compromise, beside the worst one."""
_SAME = 1e-6
_MANY = 2**31 - 2

Table = np.ndarray[Any, Any]


class Process(BaseSampler):
    """Chooses the point from which the most is to be expected."""

    def __init__(self, seed: int | None) -> None:
        self._draw = np.random.RandomState(seed)
        self._chance = RandomSampler(seed=seed)
        self._known = IntersectionSearchSpace()

    def reseed_rng(self) -> None:
        """Forget the seed."""
        self._draw.seed()
        self._chance.reseed_rng()

    def infer_relative_search_space(self, study: "Study", trial: "FrozenTrial") -> dict[str, BaseDistribution]:
        """All parameters; none before the first trial has ended."""
        return self._known.calculate(study)

    def sample_relative(self, study: "Study", trial: "FrozenTrial", search_space: dict[str, BaseDistribution]) -> dict[str, Any]:
        """The point; none where too little is known."""
        ended = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        if not search_space or len(ended) < _FEW:
            return {}
        space = _Space(search_space)
        ended, costs = _kept(ended, _costs(study, ended, self._draw))
        failed = [
            each for each in study.get_trials(deepcopy=False, states=(TrialState.FAIL, TrialState.PRUNED)) if not lost(each)
        ]
        told = space.parts([*ended, *failed[-_FAILED:]])
        costs = np.concatenate([costs, np.full(len(told) - len(ended), costs.max())])
        running = space.parts(study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)))
        guess = _Guess(space, told, _levelled(costs), running)
        return space.point(_highest(space, guess, told[np.argsort(costs, kind="stable")], self._draw))

    def sample_independent(
        self, study: "Study", trial: "FrozenTrial", param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Chance."""
        return self._chance.sample_independent(study, trial, param_name, param_distribution)


class _Space:
    """Points as rows of parts, one a parameter, from 0 to 1; the process sees a column for each value of a list."""

    def __init__(self, over: Mapping[str, BaseDistribution]) -> None:
        self._over = dict(over)
        self.size = len(over)
        widths = [len(each.choices) if isinstance(each, CategoricalDistribution) else 1 for each in over.values()]
        self.owners = np.repeat(np.arange(self.size), widths)

    def parts(self, trials: "Iterable[FrozenTrial]") -> Table:
        """The points of the trials that have one."""
        rows = [
            [_part(over, trial.params[name]) for name, over in self._over.items()]
            for trial in trials
            if self._over.keys() <= trial.params.keys()
        ]
        return np.array(rows, dtype=float).reshape(len(rows), self.size)

    def seen(self, parts: Table) -> Table:
        """Parts as the process sees them: whole numbers are whole, and two values of a list are as far apart as two ends."""
        columns = []
        for column, over in zip(parts.T, self._over.values(), strict=True):
            if isinstance(over, CategoricalDistribution):
                index = np.minimum((column * len(over.choices)).astype(int), len(over.choices) - 1)
                columns.append(np.eye(len(over.choices))[index] / np.sqrt(2))
            elif isinstance(over, IntDistribution):
                columns.append(np.array([[_part(over, at(over, float(part)))] for part in column]))
            else:
                columns.append(column[:, None])
        return np.hstack(columns)

    def point(self, parts: Table) -> dict[str, Scalar]:
        """The point of one row."""
        return {name: at(over, float(part)) for (name, over), part in zip(self._over.items(), parts, strict=True)}


def _part(over: BaseDistribution, value: Any) -> float:
    if isinstance(over, FloatDistribution | IntDistribution):
        return share(over, value)
    assert isinstance(over, CategoricalDistribution)  # noqa: S101 - there is no fourth
    return (over.to_internal_repr(value) + 0.5) / len(over.choices)


def _costs(study: "Study", ended: "Sequence[FrozenTrial]", draw: np.random.RandomState) -> Table:
    """What each trial came to, the lower the better; of several objectives, by one compromise drawn at random."""
    signs = [-1.0 if each is StudyDirection.MAXIMIZE else 1.0 for each in study.directions]
    scores = np.array([each.values for each in ended]) * signs
    scores = np.clip(scores, -1e150, 1e150)
    if len(signs) == 1:
        column: Table = scores[:, 0]
        return column
    low, high = scores.min(axis=0), scores.max(axis=0)
    parts = draw.dirichlet(np.ones(len(signs))) * (scores - low) / np.where(high > low, high - low, 1.0)
    compromise: Table = parts.max(axis=1) + _SOFT * parts.sum(axis=1)
    return compromise


def _kept(ended: "list[FrozenTrial]", costs: Table) -> "tuple[list[FrozenTrial], Table]":
    """The trials that are learned from, and their costs."""
    if len(ended) <= _MOST:
        return ended, costs
    newest = np.arange(len(ended) - _MOST // 2, len(ended))
    best = [index for index in np.argsort(costs, kind="stable") if index < newest[0]][: _MOST - len(newest)]
    kept = [*sorted(best), *newest]
    return [ended[index] for index in kept], costs[kept]


def _levelled(costs: Table) -> Table:
    """Costs about as large as normally distributed ones. Of the worse half only the order counts: how bad it is tells nothing."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    away = costs - np.median(costs)
    away = away / max(float(np.abs(away).max()), 1e-300)
    spread = float(np.sqrt(np.mean(away[away <= 0] ** 2))) or 1.0
    levelled: Table = np.where(away <= 0, away / spread, ndtri((rankdata(costs) - 0.5) / len(costs)))
    return levelled


class _Guess:
    """The process, once it knows the trials."""

    def __init__(self, space: _Space, told: Table, costs: Table, running: Table) -> None:
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

        reach = np.full(len(space.owners), np.exp(_REACH))
        kernel = ConstantKernel(1.0, (1e-2, 1e2)) * Matern(reach, (1e-2, 1e2), nu=2.5) + WhiteKernel(np.exp(_NOISE), (1e-6, 1.0))
        self._space = space
        process = GaussianProcessRegressor(kernel, optimizer=_Likely(space.owners))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of values at the end of their ranges
            process.fit(space.seen(told), costs)
            if len(running):
                costs = np.concatenate([costs, process.predict(space.seen(running))])
                told = np.vstack([told, running])
                process = GaussianProcessRegressor(process.kernel_, optimizer=None).fit(space.seen(told), costs)
        self._process = process
        self._noise = float(process.kernel_.k2.noise_level)
        self._told = space.seen(told)
        self._best = float(process.predict(self._told).min())

    def worth(self, parts: Table) -> Table:
        """The logarithm of the improvement to be expected at each row; minus infinity where a trial is already."""
        from scipy.spatial.distance import cdist

        seen = self._space.seen(parts)
        middle, spread = self._process.predict(seen, return_std=True)
        spread = np.sqrt(np.maximum(spread**2 - self._noise, 1e-12))
        worth = _logarithm((self._best - middle) / spread) + np.log(spread)
        return np.where(cdist(seen, self._told, "chebyshev").min(axis=1) < _SAME, -np.inf, worth)


class _Likely:
    """Finds what the process is most likely like, from what such processes are usually like."""

    def __init__(self, owners: Table) -> None:
        self._of = np.concatenate([[0], owners + 1, [owners.max() + 2]])
        self._usual = np.array([0.0, *np.full(owners.max() + 1, _REACH), _NOISE])
        self._spread = np.array([1.0, *np.full(owners.max() + 1, _SPREAD), _UNSURE])

    def __call__(self, unlikely: Any, initial: Table, bounds: Table) -> tuple[Table, float]:
        """In the manner of scikit-learn: logarithms of height, reaches and noise. All columns of a list have one reach."""
        from scipy.optimize import minimize

        def cost(own: Table) -> tuple[float, Table]:
            value, slopes = unlikely(own[self._of], eval_gradient=True)
            away = (own - self._usual) / self._spread
            return value + 0.5 * float(away @ away), np.bincount(self._of, weights=slopes) + away / self._spread

        first = np.unique(self._of, return_index=True)[1]
        options = {"maxiter": _ROUNDS}
        found = minimize(cost, self._usual, jac=True, method="L-BFGS-B", bounds=bounds[first], options=options)
        return found.x[self._of], float(found.fun)


def _logarithm(ahead: Table) -> Table:
    """Of what a normal variable is expected to be above 0, by how many spreads its middle lies there; sound far below 0 too."""
    from scipy.special import erfcx, log_ndtr

    density = -0.5 * ahead**2 - 0.5 * np.log(2 * np.pi)
    above = np.maximum(ahead, -1.0)
    below = np.clip(ahead, -1e5, -1.0)
    near = np.log(np.exp(-0.5 * above**2 - 0.5 * np.log(2 * np.pi)) + above * np.exp(log_ndtr(above)))
    far = np.log(np.maximum(1 + below * np.sqrt(np.pi / 2) * erfcx(-below / np.sqrt(2)), 1e-12))
    logarithm: Table = np.where(ahead > -1.0, near, density + far)
    return logarithm


def _highest(space: _Space, guess: _Guess, told: Table, draw: np.random.RandomState) -> Table:
    """The row that is worth the most: of many spread evenly, and of those around the best of them and of the trials."""
    from scipy.stats.qmc import Sobol

    rows = Sobol(space.size, seed=draw.randint(1, _MANY)).random_base2(_CANDIDATES)
    rows = np.vstack([rows, _around(told[:_BEST], _NEAR[0], draw)])
    worths = guess.worth(rows)
    for step in _NEAR:
        best = np.argsort(-worths, kind="stable")[:_BEST]
        more = _around(rows[best], step, draw)
        rows, worths = np.vstack([rows[best], more]), np.concatenate([worths[best], guess.worth(more)])
    row: Table = rows[int(np.argmax(worths))]
    return row


def _around(rows: Table, step: float, draw: np.random.RandomState) -> Table:
    """Others near each row: each differs in some parameters, and now and then in one wholly."""
    many = np.repeat(rows, _AROUND, axis=0)
    moved = np.clip(many + step * draw.randn(*many.shape), 0.0, 1.0)
    moved = np.where(draw.rand(*many.shape) < 0.1, draw.rand(*many.shape), moved)
    return np.where(draw.rand(*many.shape) < 0.7, moved, many)
