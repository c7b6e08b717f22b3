"""Gaps between groups: how often each is predicted positive, and how often rightly and wrongly so.

Rates come from fairlearn's MetricFrame. A rate that a group has no rows for (a true positive rate without positives)
is left out; fairlearn alone would count it as zero, and so invent a gap.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from actions.evaluate import slicing
from actions.evaluate.samples import Flags, prepare
from actions.evaluate.trouble import Undefined
from policy.evaluation import Predictions
from policy.facts.evaluation import FairnessFact, GroupFact
from policy.fairness import Fairness
from policy.problems import UserProblem
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

_MOST_GROUPS = 200


def measure(
    base: "pl.DataFrame | None", head: "pl.DataFrame | None", predictions: Predictions, section: Fairness
) -> FairnessFact:
    """The gaps at head, and at base where there is one. Frames are checked rows of predictions.

    Raises:
        UserProblem: fairlearn is not installed.
    """
    _installed()
    column, threshold = section.by, section.threshold
    if head is None:
        detail = ": there are no usable predictions"
        return FairnessFact(column=column, threshold=threshold, problem=Reason.FAIRNESS_UNREADABLE, detail=detail)
    if column not in head.columns:
        return FairnessFact(column=column, threshold=threshold, problem=Reason.FAIRNESS_COLUMN_MISSING)
    try:
        groups = _groups(head, predictions, section)
    except Undefined as problem:
        detail = f":{problem.detail}" if problem.detail else ""
        return FairnessFact(column=column, threshold=threshold, problem=Reason.FAIRNESS_UNREADABLE, detail=detail)
    large = [group for group in groups if group.rows >= section.min_rows]
    parity, odds = _gaps(large)
    parity_base, odds_base = _before(base, predictions, section)
    return FairnessFact(
        column=column,
        threshold=threshold,
        demographic_parity=parity,
        equalised_odds=odds,
        demographic_parity_base=parity_base,
        equalised_odds_base=odds_base,
        groups=groups[:_MOST_GROUPS],
        groups_total=len(groups),
        problem=Reason.FAIRNESS_GROUPS if len(large) < 2 else None,
    )


def _before(base: "pl.DataFrame | None", predictions: Predictions, section: Fairness) -> tuple[float | None, float | None]:
    if base is None or section.by not in base.columns:
        return None, None
    try:
        return _gaps([group for group in _groups(base, predictions, section) if group.rows >= section.min_rows])
    except Undefined:
        return None, None


def _groups(frame: "pl.DataFrame", predictions: Predictions, section: Fairness) -> list[GroupFact]:
    """Every group, largest first."""
    truth, (said,) = prepare([frame], predictions)
    if truth.positive is None:
        raise Undefined(Reason.BAD_LABEL, truth.not_binary)
    chosen = said.score >= section.threshold if said.score is not None else said.codes == 1
    names = slicing.text(frame[section.by])
    table = _rates(truth.positive, np.asarray(chosen), names.to_list())
    return sorted((_group(str(name), row) for name, row in table.items()), key=lambda group: (-group.rows, group.value))


def _rates(positive: Flags, chosen: Flags, names: list[str]) -> dict[Any, dict[str, float]]:
    from fairlearn.metrics import MetricFrame, count, false_positive_rate, selection_rate, true_positive_rate

    asked = {
        "rows": count,
        "positives": lambda y_true, y_pred: int(np.sum(y_true)),
        "selection_rate": selection_rate,
        "true_positive_rate": lambda y_true, y_pred: true_positive_rate(y_true, y_pred, pos_label=1),
        "false_positive_rate": lambda y_true, y_pred: false_positive_rate(y_true, y_pred, pos_label=1),
    }
    frame = MetricFrame(metrics=asked, y_true=positive.astype(int), y_pred=chosen.astype(int), sensitive_features=names)
    table: dict[Any, dict[str, float]] = frame.by_group.to_dict(orient="index")
    return table


def _group(name: str, rates: dict[str, float]) -> GroupFact:
    rows, positives = int(rates["rows"]), int(rates["positives"])
    return GroupFact(
        value=name,
        rows=rows,
        selection_rate=rates["selection_rate"],
        true_positive_rate=rates["true_positive_rate"] if positives else None,
        false_positive_rate=rates["false_positive_rate"] if rows > positives else None,
    )


def _gaps(groups: list[GroupFact]) -> tuple[float | None, float | None]:
    """Demographic parity difference, and equalised odds difference (the larger of the two rates' gaps)."""
    chosen = _gap([group.selection_rate for group in groups])
    right, wrong = (_gap([group.true_positive_rate for group in groups]), _gap([group.false_positive_rate for group in groups]))
    return chosen, None if right is None or wrong is None else max(right, wrong)


def _gap(rates: list[float | None]) -> float | None:
    defined = [rate for rate in rates if rate is not None]
    return max(defined) - min(defined) if len(defined) > 1 else None


def _installed() -> None:
    try:
        import fairlearn.metrics  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise UserProblem("fairness needs fairlearn", "assay.yml", "install assay[fairness]") from error
