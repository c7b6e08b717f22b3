"""Tuning: its section of `assay.yml`, and what a search for better parameters means. Pure.

A point is one value for each parameter of the space, by the parameter's name as the section writes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StrictInt, field_validator, model_validator

from policy.durations import Duration
from policy.evaluation import Evaluate
from policy.facts.override import MOST, Override, Scalar, written
from policy.metrics import BETTER, Better, known_direction
from policy.models import Name, Number, Section
from policy.prices import Amount, Label
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Result, Status, Value
from policy.tuned import Repeated

NAME = "tuning"
Point = Mapping[str, Scalar]
Strategy = Literal["tpe", "cmaes", "nsga2", "nsga3", "random", "gp"]
SEVERAL: tuple[Strategy, ...] = ("tpe", "nsga2")
"""The strategies for several objectives, unless the policy names others."""
SINGLE: tuple[Strategy, ...] = ("tpe", "gp")
"""The strategies for one objective, unless the policy names others."""
_DIGITS = 6


def _number(value: object) -> object:
    """YAML reads `1e-4`, which has no point, as a text; whoever writes it means the number. A truth value is none."""
    if isinstance(value, bool):
        raise ValueError("a number is needed")
    return float(value) if isinstance(value, str) else value


Bound = Annotated[StrictInt | Number, BeforeValidator(_number)]
"""A whole number stays one."""


class Dimension(Section):
    """What one parameter may be: every number `from` one `to` another, or one `of` a list."""

    low: Annotated[Bound | None, Field(alias="from")] = None
    """The least value. Where it and `to` are whole numbers, only whole numbers are tried."""
    high: Annotated[Bound | None, Field(alias="to")] = None
    """The largest value."""
    scale: Literal["linear", "log"] = "linear"
    """`log` tries as many values between 0.001 and 0.01 as between 0.01 and 0.1."""
    of: Annotated[list[Scalar], Field(max_length=100)] = []
    """The values to choose from: numbers, words, `true`, `false`, `null`."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.of:
            if self.low is not None or self.high is not None or self.scale != "linear":
                raise ValueError("`of` stands alone: a list of values has no `from`, `to` and `scale`")
            if len(self.of) < 2 or len(set(self.of)) < len(self.of):
                raise ValueError("`of` needs at least two values, each of them once")
            return self
        if self.low is None or self.high is None:
            raise ValueError("`from` and `to` are needed, or `of` with a list of values")
        if not self.low < self.high:
            raise ValueError("`from` must lie below `to`")
        if self.scale == "log" and self.low <= 0:
            raise ValueError("on a log scale `from` must be above 0")
        return self

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are tried."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def holds(self, value: object) -> bool:
        """Whether a value is one of those that may be tried."""
        if self.of:
            return any(type(each) is type(value) and each == value for each in self.of)
        if isinstance(value, bool) or not isinstance(value, int | float) or self.low is None or self.high is None:
            return False
        return self.low <= value <= self.high and (not self.whole or isinstance(value, int))

    def tidy(self, value: Scalar) -> Scalar:
        """A value as it is written to the file: at most six digits that tell something, and still inside the range."""
        if self.of or not isinstance(value, float) or self.low is None or self.high is None:
            return value
        return min(max(float(f"{value:.{_DIGITS}g}"), float(self.low)), float(self.high))

    @property
    def shown(self) -> str:
        """The dimension in a few characters, such as `0.001 to 0.1 (log)`."""
        if self.of:
            return ", ".join(written(each) for each in self.of)
        return f"{self.low} to {self.high}" + (" (log)" if self.scale == "log" else "")


class Goal(Section):
    """One metric that is to become better."""

    metric: Name
    """Its name in the metrics files of `evaluate.metrics`."""
    better: Better | None = None
    """Which direction is good. Known metrics know theirs; others must say."""

    @property
    def direction(self) -> Better:
        """Which direction is good."""
        return self.better or known_direction(self.metric) or "higher"

    @model_validator(mode="after")
    def _directed(self) -> Self:
        known = known_direction(self.metric)
        if self.better is None and known is None:
            raise ValueError(
                f"`better: higher` or `better: lower` is needed, because {self.metric} is not a metric that Assay knows"
            )
        if self.metric in BETTER and self.better not in (None, known):
            raise ValueError(f"{self.metric} is better {known}; leave `better` out")
        return self


class Repeats(Section):
    """How it is found out whether the winner would win again."""

    key: Name
    """The parameter that the pipeline takes its seed from, such as `train.seed`."""
    seeds: Annotated[int, Field(ge=3, le=100)] = 5
    """How many seeds, counted from 1: the winner and the present parameters run once with each."""


class Tune(Section):
    """Which parameters may be tried, what is to become better by it, and how long the search may take."""

    space: Annotated[dict[Name, Dimension], Field(min_length=1, max_length=MOST)]
    """For each parameter what it may be; in params.yaml, or in another file as `configs/model.yaml:depth`."""
    objectives: Annotated[list[Goal], Field(min_length=1, max_length=4)]
    """What is to become better. With several the best compromises are kept, and the first one names the winner."""
    trials: Annotated[int, Field(ge=1, le=100_000)] = 30
    """How many trials one run of `assay tune` makes."""
    budget: Duration | None = None
    """After this no further trial begins, such as `2 hours`. `train.budget` limits each trial."""
    money: Annotated[Amount, Field(gt=0)] | None = None
    """No further trial begins once the time that this pays for is over, by `cost.prices` and the price list in docs/cost.md."""
    runner: Label = "ubuntu-latest"
    """The label of the runners that `money` pays for."""
    strategies: list[Strategy] = []
    """How points are chosen. With several, those that bring more good trials in a minute get more of them."""
    prune: Literal["median"] | None = None
    """`median` ends a trial at a `step` of the metrics file at which half of those before were better. For one objective."""
    repeats: Repeats | None = None
    """Runs the winner and the present parameters again with several seeds; without it nobody knows whether it won by luck."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Of the interval around the difference between the winner and the present parameters."""

    @field_validator("space")
    @classmethod
    def _can_be_set(cls, space: dict[str, Dimension]) -> dict[str, Dimension]:
        for name, dimension in space.items():
            _settable(name, dimension.of or [0])
        if len({(each.file, each.key) for each in overrides(dict.fromkeys(space, 0))}) < len(space):
            raise ValueError("one parameter is named twice")
        return space

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        metrics = [goal.metric for goal in self.objectives]
        if len(set(metrics)) < len(metrics):
            raise ValueError("one metric is named twice in `objectives`")
        if len(set(self.strategies)) < len(self.strategies):
            raise ValueError("one strategy is named twice")
        if len(metrics) > 1 and "cmaes" in self.strategies:
            raise ValueError("`cmaes` knows only one objective: leave it out, or keep one objective")
        if "cmaes" in self.strategies and len(self.strategies) == 1 and not self.numeric:
            raise ValueError("`cmaes` alone cannot choose `of` a list: add another strategy")
        if self.prune and len(self.objectives) > 1:
            raise ValueError("with several objectives nobody knows which trial is worse half-way: leave `prune` out")
        if self.repeats is not None:
            _settable(self.repeats.key, [1])
            if _named(self.repeats.key, 1) in [_named(name, 1) for name in self.space]:
                raise ValueError("the seed of `repeats` is no parameter to tune: take it out of `space`")
        return self

    @property
    def numeric(self) -> bool:
        """Whether every parameter is a number from a range."""
        return not any(dimension.of for dimension in self.space.values())

    @property
    def chosen(self) -> tuple[Strategy, ...]:
        """The strategies that are tried."""
        if self.strategies:
            return tuple(self.strategies)
        return SEVERAL if len(self.objectives) > 1 else SINGLE

    @property
    def metrics(self) -> list[str]:
        """The metrics of the objectives, in order."""
        return [goal.metric for goal in self.objectives]

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the space and names all of it."""
        return set(point) == set(self.space) and all(self.space[name].holds(value) for name, value in point.items())

    def tidy(self, point: Point) -> dict[str, Scalar]:
        """A point as it is written to the files."""
        return {name: self.space[name].tidy(value) for name, value in point.items()}


def contradictions(tune: Tune | None, evaluate: Evaluate | None) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What `tune` asks and another section does not give: path, what is wrong, what would be right."""
    if tune is not None and not (evaluate and evaluate.metrics):
        yield ("tune", "objectives"), "no metrics files are named", "add `evaluate.metrics`, where the objectives stand"


def overrides(point: Point) -> list[Override]:
    """The parameters of a point, as they are set in the work tree."""
    return [_named(name, value) for name, value in point.items()]


def _named(name: str, value: Scalar) -> Override:
    file, colon, key = name.rpartition(":")
    return Override(key, value, file) if colon else Override(key, value)


def _settable(name: str, values: Sequence[Scalar]) -> None:
    """A value may end up in the command line of a stage, so only what a command may set may be tried."""
    for value in values:
        try:
            read = Override.parse(f"{name}={written(value)}")
        except UserProblem as problem:
            raise ValueError(f"{problem.where}: {problem.what}") from None
        if type(read.value) is not type(value) or read.value != value:
            raise ValueError(f"{name}: {value!r} would be read as {read.value!r}; choose another value")


def better(goals: Sequence[Goal], one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether one list of scores is nowhere worse than another and somewhere better (it dominates it)."""
    pairs = [(a, b) if goal.direction == "higher" else (-a, -b) for goal, a, b in zip(goals, one, other, strict=True)]
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)


def decide(
    goals: Sequence[Goal], present: Sequence[float], winner: Sequence[float] | None, repeated: Sequence[Repeated], seeds: int
) -> Result:
    """Whether the winner is better than the present parameters; passed only where it is, and not by luck where that is known.

    The first objective decides. What the winner is worse in, if anything, are the children of a result that passed.

    Args:
        present: the scores of the present parameters, one an objective.
        winner: the scores of the best point that is not the present one; None where no trial ended well.
        repeated: what repeating both over seeds told, one an objective; empty where it was not asked for.
        seeds: over how many.
    """
    if winner is None:
        return Result(name=NAME, status=Status.FAILED, reason=Reason.TUNE_NO_TRIAL)
    first = _first(goals[0], present, winner, repeated, seeds)
    pays = _pays(goals, present, winner, repeated) if first.status is Status.PASSED else []
    return first.model_copy(update={"children": pays})


def _pays(goals: Sequence[Goal], present: Sequence[float], winner: Sequence[float], repeated: Sequence[Repeated]) -> list[Result]:
    """The objectives that the winner is worse in; where it was repeated over seeds, by more than chance."""
    found = []
    for index, goal in enumerate(goals):
        sign = 1.0 if goal.direction == "higher" else -1.0
        if repeated:
            worst = max(sign * repeated[index].low, sign * repeated[index].high)
        else:
            worst = sign * (winner[index] - present[index])
        if worst < 0:
            values: dict[str, Value] = {"metric": goal.metric, "before": f"{present[index]:.6g}", "after": f"{winner[index]:.6g}"}
            found.append(Result(name=goal.metric, status=Status.WARNED, reason=Reason.TUNE_PAYS, values=values))
    return found


def _first(goal: Goal, present: Sequence[float], winner: Sequence[float], repeated: Sequence[Repeated], seeds: int) -> Result:
    """What the first objective says of it."""
    sign = 1.0 if goal.direction == "higher" else -1.0
    values: dict[str, Value] = {"metric": goal.metric, "before": f"{present[0]:.6g}", "after": f"{winner[0]:.6g}"}
    if not sign * (winner[0] - present[0]) > 0:
        return Result(name=NAME, status=Status.WARNED, reason=Reason.TUNE_NONE_BETTER, values=values)
    if not repeated:
        return Result(name=NAME, status=Status.PASSED, reason=Reason.TUNE_BETTER_ONCE, values=values)
    first = repeated[0]
    if len(set(first.present)) == len(set(first.winner)) == 1:
        return Result(name=NAME, status=Status.PASSED, reason=Reason.TUNE_SEED_IDLE, values=values)
    values |= {"seeds": seeds, "change": f"{first.change:+.4g}", "low": f"{first.low:+.4g}", "high": f"{first.high:+.4g}"}
    ahead, behind = (first.low > 0, first.high < 0) if sign > 0 else (first.high < 0, first.low > 0)
    if behind:
        return Result(name=NAME, status=Status.WARNED, reason=Reason.TUNE_LUCK, values=values)
    if not ahead:
        return Result(name=NAME, status=Status.WARNED, reason=Reason.TUNE_NOISE, values=values)
    return Result(name=NAME, status=Status.PASSED, reason=Reason.TUNE_BETTER, values=values)
