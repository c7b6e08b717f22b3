"""The metrics Assay knows: which way is good, and what each needs from a file of predictions."""

from typing import Literal

Better = Literal["higher", "lower"]

BETTER: dict[str, Better] = {
    "roc_auc": "higher",
    "pr_auc": "higher",
    "accuracy": "higher",
    "f1": "higher",
    "log_loss": "lower",
    "brier": "lower",
    "calibration_error": "lower",
    "rmse": "lower",
    "mae": "lower",
    "r2": "higher",
    "mape": "lower",
}
"""Every metric that can be computed from predictions, and the direction that is good."""

NEEDS_SCORE = frozenset({"roc_auc", "pr_auc", "log_loss", "brier", "calibration_error"})
"""Metrics of a score for a two-valued label; a hard prediction does not do."""


def known_direction(name: str) -> Better | None:
    """The direction of `roc_auc` and also of `test.roc_auc`, whose last part is a known name."""
    return BETTER.get(name) or BETTER.get(name.rsplit(".", 1)[-1])
