"""How sure a value is: its method, its coverage, and rows that cannot tell."""

import numpy as np
import pytest

from actions.evaluate import metrics, values
from actions.evaluate.samples import Said, Truth, prepare
from policy.confidence import interval
from policy.metrics import BETTER
from tests.actions.evaluate.predictions import frame, section

SAMPLES = 120
RANKED = ("roc_auc", "pr_auc", "accuracy", "f1", "log_loss", "brier")


def said(rows: int, seed: int = 0) -> tuple[Truth, Said]:
    wanted = section().predictions
    assert wanted is not None
    truth, (one,) = prepare([frame(rows, seed=seed)], wanted)
    return truth, one


def numbers(rows: int, seed: int) -> tuple[Truth, Said]:
    draw = np.random.default_rng(seed)
    label = draw.gamma(4.0, size=rows) + 1
    return Truth(rows, None, label), Said(None, label + draw.normal(size=rows) * 0.5)


@pytest.mark.parametrize("name", BETTER)
def test_every_metric_has_an_interval_around_its_value(name: str) -> None:
    truth, one = numbers(300, 1) if name in ("rmse", "mae", "r2", "mape") else said(300)
    value = metrics.compute(name, truth, one)
    found = values.distribution(name, truth, one)
    assert found is not None
    low, high = interval(found, value, 0.95)
    assert low <= value <= high
    assert 0 < values.spread(found) < high - low


@pytest.mark.parametrize("name", [*RANKED, "rmse"])
def test_intervals_hold_the_true_value_about_as_often_as_they_say(name: str) -> None:
    make = numbers if name == "rmse" else said
    true = metrics.compute(name, *make(200_000, 99))
    held = 0
    for seed in range(SAMPLES):
        truth, one = make(200, seed)
        found = values.distribution(name, truth, one)
        assert found is not None
        low, high = interval(found, metrics.compute(name, truth, one), 0.95)
        held += low <= true <= high
    assert held / SAMPLES >= 0.88


def test_the_jackknife_of_many_rows_says_what_the_bootstrap_says(monkeypatch: pytest.MonkeyPatch) -> None:
    truth, one = said(3_000)
    drawn = values.distribution("brier", truth, one)
    monkeypatch.setattr(values, "MOST_DRAWN", 1)
    quick = values.distribution("brier", truth, one)
    assert drawn is not None and quick is not None and quick.method == "jackknife"
    assert values.spread(quick) == pytest.approx(values.spread(drawn), rel=0.1)


def test_wilson_never_claims_to_be_sure_of_a_few_rows() -> None:
    low, high = interval(values.wilson(20, 20), 1.0, 0.95)
    assert low == pytest.approx(0.8389, abs=1e-3)  # 20 of 20, as tabulated
    assert high == 1.0


def test_too_few_rows_or_too_few_of_a_class_have_no_interval() -> None:
    truth, one = said(9)
    assert values.distribution("accuracy", truth, one) is None
    lopsided = Truth(50, np.arange(50) < 3, None, (np.arange(50) < 3).astype(np.int64), 2)
    assert values.distribution("roc_auc", lopsided, Said(np.arange(50.0), None, None)) is None


def test_a_metric_that_is_right_in_every_row_is_sure() -> None:
    truth, _ = numbers(50, 1)
    found = values.distribution("mae", truth, Said(None, truth.number))
    assert found is not None and found.standard_error == 0
