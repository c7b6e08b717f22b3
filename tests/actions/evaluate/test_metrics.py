"""The value of each metric is scikit-learn's."""

import numpy as np
import pytest
import sklearn.metrics as reference
from hypothesis import given
from hypothesis import strategies as st

from actions.evaluate.metrics import compute
from actions.evaluate.samples import Said, Truth
from actions.evaluate.trouble import Undefined
from policy.metrics import BETTER
from policy.reasons import Reason

SEEDS = st.integers(0, 10_000)


def two_valued(seed: int, rows: int = 60, values: int = 9) -> tuple[Truth, Said]:
    rng = np.random.default_rng(seed)
    positive = np.r_[True, False, rng.random(rows) < 0.4]
    score = rng.integers(0, values, rows + 2) / (values - 1)
    truth = Truth(rows + 2, positive, positive.astype(float), positive.astype(np.int64), 2)
    return truth, Said(score, score, (score >= 0.5).astype(np.int64))


@given(SEEDS)
def test_two_valued_labels_agree_with_scikit_learn(seed: int) -> None:
    truth, said = two_valued(seed)
    label, score, hard = truth.positive.astype(int), said.score, said.codes
    expected = {
        "roc_auc": reference.roc_auc_score(label, score),
        "pr_auc": reference.average_precision_score(label, score),
        "accuracy": reference.accuracy_score(label, hard),
        "f1": reference.f1_score(label, hard, zero_division=0),
        "log_loss": reference.log_loss(label, score),
        "brier": reference.brier_score_loss(label, score),
    }
    for name, value in expected.items():
        assert compute(name, truth, said) == pytest.approx(value, rel=1e-12, abs=1e-12), name


@given(SEEDS)
def test_numbers_agree_with_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    label, number = rng.normal(1e6, 3, 50), rng.normal(1e6, 3, 50)
    truth, said = Truth(50, None, label), Said(number, number)
    expected = {
        "rmse": reference.root_mean_squared_error(label, number),
        "mae": reference.mean_absolute_error(label, number),
        "r2": reference.r2_score(label, number),
        "mape": reference.mean_absolute_percentage_error(label, number),
    }
    for name, value in expected.items():
        assert compute(name, truth, said) == pytest.approx(value, rel=1e-9), name


@given(SEEDS)
def test_many_classes_agree_with_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    label, hard = rng.integers(0, 6, (2, 40))
    truth, said = Truth(40, None, None, label, 6, "three labels"), Said(codes=hard)
    assert compute("accuracy", truth, said) == reference.accuracy_score(label, hard)
    assert compute("f1", truth, said) == pytest.approx(
        reference.f1_score(label, hard, average="macro", zero_division=0), rel=1e-12
    )


def test_the_calibration_error_is_the_weighted_gap_of_fifteen_bins() -> None:
    rng = np.random.default_rng(0)
    score, positive = rng.random(500), rng.random(500) < 0.3
    bins = np.minimum((score * 15).astype(int), 14)
    by_hand = sum(
        (bins == each).mean() * abs(score[bins == each].mean() - positive[bins == each].mean()) for each in np.unique(bins)
    )
    assert compute("calibration_error", Truth(500, positive), Said(score)) == pytest.approx(by_hand, rel=1e-12)


def test_a_score_of_one_is_in_the_last_bin_and_a_wrong_certainty_is_finite() -> None:
    truth, said = Truth(2, np.array([True, False])), Said(np.array([1.0, 1.0]))
    assert compute("calibration_error", truth, said) == pytest.approx(0.5)
    assert compute("log_loss", truth, said) == pytest.approx(reference.log_loss([1, 0], [1.0, 1.0]))


@pytest.mark.parametrize(
    ("name", "truth", "said", "reason"),
    [
        ("roc_auc", Truth(2, np.array([True, True])), Said(np.array([0.1, 0.2])), Reason.ONE_CLASS),
        ("pr_auc", Truth(2, np.array([False, False])), Said(np.array([0.1, 0.2])), Reason.ONE_CLASS),
        ("f1", Truth(1, np.array([False]), None, np.array([0]), 2), Said(codes=np.array([0])), Reason.ONE_CLASS),
        ("roc_auc", Truth(2, None, not_binary=" (3 values)"), Said(np.array([0.1, 0.2])), Reason.BAD_LABEL),
        ("log_loss", Truth(1, np.array([True])), Said(np.array([1.5])), Reason.SCORE_OUT_OF_RANGE),
        ("brier", Truth(1, np.array([True])), Said(np.array([-0.1])), Reason.SCORE_OUT_OF_RANGE),
        ("r2", Truth(2, None, np.array([3.0, 3.0])), Said(None, np.array([1.0, 2.0])), Reason.UNDEFINED_METRIC),
        ("mape", Truth(2, None, np.array([0.0, 3.0])), Said(None, np.array([1.0, 2.0])), Reason.UNDEFINED_METRIC),
        ("rmse", Truth(2), Said(), Reason.BAD_LABEL),
        ("roc_auc", Truth(2, np.array([True, False])), Said(), Reason.MISSING_COLUMN),
        ("accuracy", Truth(2), Said(), Reason.BAD_LABEL),
        ("rmse", Truth(2, None, np.array([1e200, 3.0])), Said(None, np.array([-1e200, 2.0])), Reason.NOT_A_NUMBER),
    ],
)
def test_what_the_rows_do_not_define_has_a_reason(name: str, truth: Truth, said: Said, reason: Reason) -> None:
    with pytest.raises(Undefined) as caught:
        compute(name, truth, said)
    assert caught.value.reason is reason


@pytest.mark.parametrize("name", BETTER)
def test_no_rows_are_a_reason_for_every_metric(name: str) -> None:
    with pytest.raises(Undefined) as caught:
        compute(name, Truth(0), Said())
    assert caught.value.reason is Reason.NO_ROWS
