"""The tier of one gate: what its numbers show, at the confidence the policy asks for.

Every gate is thought of in gains, so that more is better whichever direction the metric has: the gain is head minus
base where higher is better, and base minus head where lower is.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from policy.confidence import interval, p_above, p_below, slack
from policy.evaluation import Gate
from policy.facts.evaluation import Confidence
from policy.reasons import UNUSABLE, Reason
from policy.result import Comparison, Result, Status, Tier, Value, plain

_MINUS = "−"


@dataclass(frozen=True)
class Trial:
    """One gate on one metric, overall or on one slice, with what is known about it."""

    gate: Gate
    level: float
    slice: str | None
    head: float | None
    base: float | None = None
    rows: int | None = None
    confidence: Confidence | None = None
    problem: Reason | None = None
    problem_base: Reason | None = None
    detail: str = ""

    @property
    def name(self) -> str:
        """`roc_auc`, `roc_auc on carrier=HA`, `roc_auc since champion`."""
        where = f" on {self.slice}" if self.slice else ""
        return f"{self.gate.metric}{where}" + (f" since {self.gate.since}" if self.gate.since else "")

    @property
    def sign(self) -> int:
        """+1 where higher is better, -1 where lower is."""
        return 1 if self.gate.direction == "higher" else -1

    @property
    def change(self) -> float | None:
        """Head minus base; None where either is missing or the difference is no finite number."""
        if self.head is None or self.base is None or self.problem or self.problem_base:
            return None
        change = self.head - self.base
        return change if isfinite(change) else None

    @property
    def margin(self) -> float | None:
        """How much the gain may fall below zero, in the metric's units."""
        return self.gate.margin.at(self.base) if self.gate.margin is not None and self.base is not None else None

    @property
    def enough(self) -> bool:
        """Whether there are as many rows as the gate asks for."""
        return self.rows is None or self.rows >= self.gate.min_rows

    def p_worse(self) -> float | None:
        """P-value of "no more than the margin was lost"; None where it cannot be tested."""
        if self.margin is None or self.change is None or self.confidence is None or not self.enough:
            return None
        test = p_below if self.sign > 0 else p_above
        return test(self.confidence, self.change, -self.sign * self.margin)

    def p_better(self) -> float | None:
        """P-value of "nothing was gained"; None where it cannot be tested."""
        if self.change is None or self.confidence is None or not self.enough:
            return None
        return (p_above if self.sign > 0 else p_below)(self.confidence, self.change, 0.0)

    def gains(self) -> tuple[float, float] | None:
        """The interval of the gain, not adjusted for the number of gates."""
        if self.change is None or self.confidence is None:
            return None
        low, high = interval(self.confidence, self.change, self.level)
        return (low, high) if self.sign > 0 else (-high, -low)


@dataclass(frozen=True)
class _Finding:
    """What a gate comes out as, before its level has softened it."""

    tier: Tier | None
    status: Status
    reason: Reason
    values: dict[str, Value]


def known(problem: Reason) -> Reason:
    """A problem that a runner named, if it is one that a metric can have; a runner is not trusted to pick any sentence."""
    return problem if problem in UNUSABLE else Reason.UNREADABLE_METRIC


def signed(number: float) -> str:
    """A change to three digits with its sign and a real minus."""
    return f"{_MINUS if number < 0 else '+'}{plain(abs(number))}"


def judge(trial: Trial, p_worse: float | None, p_better: float | None) -> Result:
    """One gate's result. The P-values are Holm-adjusted over all gates of the verdict."""
    finding = _find(trial, p_worse, p_better)
    status = finding.status
    if trial.gate.level == "warn" and status is Status.FAILED:
        status = Status.WARNED
    return Result(
        name=trial.name,
        status=status,
        reason=finding.reason,
        values={"metric": trial.name, **finding.values},
        tier=finding.tier,
        comparison=_comparison(trial, p_worse),
    )


def _find(trial: Trial, p_worse: float | None, p_better: float | None) -> _Finding:
    """Unusable first, then limits, then the change: the first that fails speaks."""
    unusable = _unusable(trial)
    if unusable is not None:
        return unusable
    if not trial.enough:
        values: dict[str, Value] = {"rows": trial.rows, "min_rows": trial.gate.min_rows}
        return _undecided(trial, Reason.TOO_FEW_ROWS, values)
    limit = _limit(trial)
    if limit is not None:
        return limit
    return _moved(trial, p_worse, p_better)


def _unusable(trial: Trial) -> _Finding | None:
    gate = trial.gate
    needs_base = gate.margin is not None or gate.must_improve or gate.since is not None
    problem, side = trial.problem, "this change"
    if problem is None and trial.rows == 0:
        problem = Reason.NO_ROWS
    if problem is None and not trial.enough:
        return None
    if problem is None and needs_base and (trial.problem_base is not None or trial.base is None):
        problem, side = trial.problem_base or Reason.MISSING_BASELINE, gate.since or "the base"
    if problem is None and trial.head is None:
        problem = Reason.MISSING_METRIC
    if problem is None and needs_base and trial.change is None:
        problem = Reason.NOT_A_NUMBER
    if problem is None:
        return None
    values: dict[str, Value] = {"side": side, "detail": trial.detail}
    if trial.slice and problem is Reason.ONE_CLASS:
        # A slice of one class has no such metric on either side: a property of the data, not a failure of the change.
        return _undecided(trial, problem, values)
    return _Finding(Tier.UNUSABLE, Status.FAILED, known(problem), values)


def _undecided(trial: Trial, reason: Reason, values: dict[str, Value]) -> _Finding:
    status = {"pass": Status.PASSED, "warn": Status.WARNED, "fail": Status.FAILED}[trial.gate.inconclusive]
    return _Finding(Tier.INCONCLUSIVE, status, reason, values)


def _limit(trial: Trial) -> _Finding | None:
    """Floor and ceiling, on the head's value. They have no tier: a value may lie below a floor without any change."""
    gate, head = trial.gate, trial.head
    if head is None:
        return None
    if gate.floor is not None and head < gate.floor - slack(gate.floor):
        return _Finding(None, Status.FAILED, Reason.BELOW_FLOOR, {"head": head, "floor": gate.floor})
    if gate.ceiling is not None and head > gate.ceiling + slack(gate.ceiling):
        return _Finding(None, Status.FAILED, Reason.ABOVE_CEILING, {"head": head, "ceiling": gate.ceiling})
    return None


def _moved(trial: Trial, p_worse: float | None, p_better: float | None) -> _Finding:
    gains, change = trial.gains(), trial.change
    if change is None:  # only limits are asked for, and there is no base
        return _held(trial)
    gain = trial.sign * change
    if gains is None:
        return _by_rows(trial, gain)
    shown: dict[str, Value] = {"confidence": f"{100 * trial.level:.4g} %", "rows": trial.rows}
    alpha = (1 - trial.level) / 2
    if p_worse is not None and p_worse <= alpha:
        shown |= {"loss": -gain, "low": -gains[1], "high": -gains[0], "margin": str(trial.gate.margin)}
        return _Finding(Tier.REGRESSED, Status.FAILED, Reason.REGRESSED, shown)
    if p_better is not None and p_better <= alpha:
        return _Finding(Tier.IMPROVED, Status.PASSED, Reason.IMPROVED, shown | {"gain": gain, "low": gains[0], "high": gains[1]})
    if trial.gate.must_improve:
        shown |= {"gain": signed(gain), "low": signed(gains[0]), "high": signed(gains[1])}
        return _Finding(Tier.INCONCLUSIVE, Status.FAILED, Reason.NOT_IMPROVED, shown)
    if trial.margin is None:
        return _held(trial)
    if gains[0] >= -trial.margin - slack(trial.margin, gains[0]):
        if gains[0] == gains[1] == 0:
            return _Finding(Tier.PASS, Status.PASSED, Reason.UNCHANGED_METRIC, {})
        shown |= {"worst": max(0.0, -gains[0]), "margin": str(trial.gate.margin)}
        return _Finding(Tier.PASS, Status.PASSED, Reason.WITHIN_MARGIN, shown)
    return _undecided(trial, Reason.INCONCLUSIVE, shown | {"worst": -gains[0], "margin": str(trial.gate.margin)})


def _by_rows(trial: Trial, gain: float) -> _Finding:
    """Without an interval: a number from a metrics file is taken at its word; one from too few rows is not."""
    asks_change = trial.gate.margin is not None or trial.gate.must_improve
    if trial.rows is not None and asks_change:
        return _undecided(trial, Reason.NO_INTERVAL, {"rows": trial.rows, "detail": trial.detail})
    values: dict[str, Value] = {"gain": signed(gain), "loss": max(0.0, -gain), "margin": str(trial.gate.margin)}
    if trial.margin is not None and -gain > trial.margin + slack(trial.head or 0.0, trial.base or 0.0):
        return _Finding(Tier.REGRESSED, Status.FAILED, Reason.WORSE_NUMBER, values)
    if trial.gate.must_improve and gain <= slack(trial.head or 0.0, trial.base or 0.0):
        return _Finding(Tier.INCONCLUSIVE, Status.FAILED, Reason.NOT_IMPROVED_NUMBER, values)
    if trial.margin is None and not trial.gate.must_improve:
        return _held(trial)
    reason = Reason.WITHIN_MARGIN_NUMBER if gain < 0 else Reason.NOT_WORSE_NUMBER
    return _Finding(Tier.PASS, Status.PASSED, reason, values)


def _held(trial: Trial) -> _Finding:
    return _Finding(Tier.PASS, Status.PASSED, Reason.WITHIN_LIMITS, {"head": trial.head, "allowed": allowed(trial.gate)})


def _comparison(trial: Trial, p_worse: float | None) -> Comparison:
    gains = trial.gains()
    low, high = (None, None) if gains is None else sorted(trial.sign * end for end in gains)
    return Comparison(
        metric=trial.gate.metric,
        slice=trial.slice,
        better=trial.gate.direction,
        base=trial.base,
        head=trial.head,
        change=trial.change,
        low=_finite(low),
        high=_finite(high),
        confidence=trial.level if gains else None,
        p_regressed=p_worse,
        allowed=allowed(trial.gate),
        least=_finite(_strictest(trial, better="higher")),
        most=_finite(_strictest(trial, better="lower")),
        rows=trial.rows,
    )


def _strictest(trial: Trial, *, better: Literal["higher", "lower"]) -> float | None:
    """The smallest (or largest, where lower is better) value at head that floor, ceiling and margin allow."""
    gate, sign = trial.gate, 1 if better == "higher" else -1
    fixed = gate.floor if better == "higher" else gate.ceiling
    limits = [] if fixed is None else [fixed]
    if gate.direction == better and trial.base is not None and (trial.margin is not None or gate.must_improve):
        limits.append(trial.base if gate.must_improve else trial.base - sign * (trial.margin or 0.0))
    return (max if better == "higher" else min)(limits, default=None)


def _finite(number: float | None) -> float | None:
    return number if number is not None and isfinite(number) else None


def allowed(gate: Gate) -> str:
    """What a gate allows, as short as can be: `≥ −0.005` is about the change, `≥ 0.7` about the value."""
    limits = [f"≥ {_number(gate.floor)}"] if gate.floor is not None else []
    limits += [f"≤ {_number(gate.ceiling)}"] if gate.ceiling is not None else []
    change = []
    if gate.margin is not None:
        zero = gate.margin.amount == 0
        bound, sign = ("≥", _MINUS) if gate.direction == "higher" else ("≤", "+")
        change = [f"{bound} 0" if zero else f"{bound} {sign}{gate.margin}"]
    if gate.must_improve:
        change += ["> 0" if gate.direction == "higher" else "< 0"]
    if limits and change:
        return f"{' and '.join(limits)}, change {' and '.join(change)}"
    return " and ".join([*limits, *change])


def _number(number: float) -> str:
    return f"{number:.6g}".replace("-", _MINUS)
