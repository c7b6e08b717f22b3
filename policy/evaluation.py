"""The section of `assay.yml` about metrics: where they come from, and what each gate asks."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policy.fairness import Fairness
from policy.margins import Margin
from policy.metrics import BETTER, NEEDS_SCORE, Better, known_direction
from policy.models import Name, Number, Section


class Predictions(Section):
    """A file of predictions: one row a key, with the label and the model's score or prediction."""

    path: Name
    """The file: Parquet, CSV, JSON Lines or Arrow; a DVC out or kept by git."""
    key: Annotated[list[Name], Field(min_length=1)]
    """The columns by which the rows of both sides are paired."""
    label: Name
    """The column with what really happened."""
    score: Name | None = None
    """A probability for a two-valued label, a number for regression."""
    prediction: Name | None = None
    """A hard prediction; where absent, a score of 0.5 or more predicts the positive label."""
    positive: str | int | None = None
    """The label that the score is the probability of. Not needed where labels are 0 and 1, -1 and 1, or true and false."""
    slices: list[Name] = []
    """Columns whose values split the rows; every metric is computed on each of them."""
    min_rows: Annotated[int, Field(ge=1)] = 30
    """Slices with fewer rows are not ranked when the worst slice is named."""
    max_unpaired: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """The largest share of rows that may lack a partner of the same key and label on the other side; they are left out."""

    @model_validator(mode="after")
    def _something_predicted(self) -> Self:
        if self.score is None and self.prediction is None:
            raise ValueError("`score` or `prediction` is needed: the column with what the model said")
        return self


class Gate(Section):
    """What one metric must do. At least one of floor, ceiling, may_lose, may_gain, must_improve is needed."""

    metric: Name
    """A metric of predictions (`roc_auc`, `pr_auc`, `accuracy`, `f1`, `log_loss`, `brier`, `calibration_error`, `rmse`, `mae`,
    `r2`, `mape`), a name from a metrics file, or the name of your own."""
    function: Annotated[str, Field(pattern=r"^[^:]+\.py:[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    """Your own metric: a function of a frame of predictions that returns a number."""
    better: Better | None = None
    """Which direction is good. Known metrics know theirs; others must say."""
    floor: Number | None = None
    """The value must be at least this."""
    ceiling: Number | None = None
    """The value must be at most this."""
    may_lose: Margin | None = None
    """How much a higher-is-better metric may fall: absolute (0.005) or relative to base ('1%')."""
    may_gain: Margin | None = None
    """How much a lower-is-better metric may rise."""
    must_improve: bool = False
    """The change must be shown to make the metric better."""
    every: Name | None = None
    """Apply to every slice of this column."""
    where: Annotated[dict[Name, str], Field(max_length=1)] = {}
    """Apply to one slice: `{carrier: HA}`."""
    min_rows: Annotated[int, Field(ge=1)] = 1
    """Fewer rows than this are inconclusive; with `every`, slices with fewer rows are not judged, only counted."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] | None = None
    """Where it differs from the section's."""
    inconclusive: Literal["pass", "warn", "fail"] = "warn"
    """What to do where the rows cannot tell whether the margin holds."""
    level: Literal["fail", "warn"] = "fail"
    """`warn` makes the gate informational: it never turns the verdict red."""
    since: Name | None = None
    """Judge against the last accepted baseline (a tag such as `champion`) instead of the merge base."""

    @property
    def direction(self) -> Better:
        """Which direction is good."""
        return self.better or known_direction(self.metric) or "higher"

    @property
    def margin(self) -> Margin | None:
        """How much the metric may get worse; None where only limits are asked for."""
        return self.may_lose if self.direction == "higher" else self.may_gain

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        known = known_direction(self.metric)
        if self.better is None and known is None:
            raise ValueError(
                f"`better: higher` or `better: lower` is needed, because {self.metric} is not a metric that Assay knows"
            )
        if self.metric in BETTER and self.function is None and self.better not in (None, known):
            raise ValueError(f"{self.metric} is better {known}; leave `better` out, or give your own metric another name")
        if self.direction == "higher" and self.may_gain is not None:
            raise ValueError(f"{self.metric} is better higher, so write `may_lose` instead of `may_gain`")
        if self.direction == "lower" and self.may_lose is not None:
            raise ValueError(f"{self.metric} is better lower, so write `may_gain` instead of `may_lose`")
        if not self.must_improve and all(each is None for each in (self.floor, self.ceiling, self.may_lose, self.may_gain)):
            raise ValueError("the gate asks nothing: add `floor`, `ceiling`, `may_lose`, `may_gain` or `must_improve`")
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise ValueError("the floor lies above the ceiling, so no value can pass")
        if self.every and self.where:
            raise ValueError("`every` and `where` exclude each other: all slices, or one")
        return self


class Evaluate(Section):
    """Where metrics come from and what must hold of them."""

    metrics: list[Name] = []
    """DVC metrics files: JSON, YAML or TOML. `{train: {loss: 1}}` becomes `train.loss`."""
    predictions: Predictions | None = None
    """Predictions of both sides on the same rows: they give metrics with intervals, slices and fairness."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Of every interval; a gate fails where its loss is shown at half of what is left, one-sided."""
    resamples: Annotated[int, Field(ge=200, le=20_000)] = 1_000
    """Of the bootstrap."""
    seed: int = Field(default=0, ge=0, lt=2**63)
    """Of the bootstrap: the same seed gives the same intervals."""
    gates: list[Gate] = []
    """What the metrics must do."""
    fairness: Fairness | None = None
    """Gaps between groups that are acceptable."""
    baseline: Name | None = None
    """A git tag or branch that marks the last accepted model; the report shows the change since then."""

    @model_validator(mode="after")
    def _can_be_computed(self) -> Self:
        for gate in self.gates:
            if gate.function and self.predictions is None:
                raise ValueError(f"the gate on {gate.metric} has a `function`, which needs `predictions` to be applied to")
            if (gate.every or gate.where) and not self.computes(gate):
                raise ValueError(
                    f"the gate on {gate.metric} asks for slices, which only metrics computed from `predictions` have"
                )
        if self.fairness and self.predictions is None:
            raise ValueError("`fairness` needs `predictions`")
        functions: dict[str, str | None] = {}
        for gate in self.gates:
            if functions.setdefault(gate.metric, gate.function) != gate.function:
                raise ValueError(f"two gates compute {gate.metric} in two ways; give one of them another name")
        if len(set(self.metrics)) < len(self.metrics):
            raise ValueError("a metrics file is named twice in `metrics`")
        return self

    def computes(self, gate: Gate) -> bool:
        """Whether the gate's metric comes from predictions; otherwise it is looked up in the metrics files."""
        if self.predictions is None:
            return False
        if gate.function:
            return True
        return gate.metric in BETTER and not (gate.metric in NEEDS_SCORE and self.predictions.score is None)

    @property
    def slice_columns(self) -> list[str]:
        """Every column that a slice is asked of, in order, once."""
        listed = [*(self.predictions.slices if self.predictions else [])]
        listed += [column for gate in self.gates for column in (*([gate.every] if gate.every else []), *gate.where)]
        return list(dict.fromkeys(listed))

    @property
    def references(self) -> list[str]:
        """The baselines that are asked for: the section's, and every gate's `since`."""
        asked = [self.baseline, *(gate.since for gate in self.gates)]
        return list(dict.fromkeys(name for name in asked if name))
