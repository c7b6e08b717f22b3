"""How sure a change is: the method, its coverage, and laws that hold for every method."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from actions.evaluate import changes
from actions.evaluate.samples import Said, Truth, prepare
from policy.confidence import interval
from policy.facts.evaluation import Confidence
from tests.actions.evaluate.predictions import frame, section

SAMPLES = 300
BINARY = ["roc_auc", "pr_auc", "accuracy", "f1", "log_loss", "brier", "calibration_error"]
NUMBERS = ["rmse", "mae", "r2", "mape"]


def both(rows: int = 300, noise: float = 0.5) -> tuple[Truth, Said, Said]:
    truth, (base, head) = prepare([frame(rows, noise=0.5, model=1), frame(rows, noise=noise, model=2)], section().predictions)
    return truth, base, head


def sure(names: list[str], truth: Truth, base: Said, head: Said, seed: int = 0, resamples: int = 400) -> dict[str, Confidence]:
    return changes.distributions(names, truth, base, head, resamples=resamples, seed=seed, sample="")


def numbers(rng: np.random.Generator, rows: int) -> tuple[Truth, Said, Said]:
    label = rng.gamma(4.0, size=rows) + 1
    base, head = (label + rng.normal(size=rows) * 0.5 for _ in range(2))
    return Truth(rows, None, label), Said(None, base), Said(None, head)


def test_each_metric_takes_its_method() -> None:
    found = sure(BINARY, *both())
    assert {name: each.method for name, each in found.items()} == {
        "roc_auc": "delong",
        "pr_auc": "jackknife",
        "accuracy": "mcnemar",
        "f1": "bootstrap_bca",
        "log_loss": "bootstrap_bca",
        "brier": "bootstrap_bca",
        "calibration_error": "bootstrap_normal",
    }


def test_average_precision_of_many_rows_takes_the_infinitesimal_jackknife_which_says_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truth, base, head = both(2_500)
    (quick,) = sure(["pr_auc"], truth, base, head).values()
    monkeypatch.setattr(changes, "MOST_RANKED", 2_500)
    (slow,) = sure(["pr_auc"], truth, base, head).values()
    assert (quick.method, slow.method) == ("infinitesimal_jackknife", "jackknife")
    assert quick.standard_error == pytest.approx(slow.standard_error, rel=0.02)


def test_predictions_that_are_the_same_are_exactly_unchanged() -> None:
    truth, base, _ = both(12)
    for confidence in sure(BINARY, truth, base, base).values():
        assert confidence.standard_error == 0


def test_too_few_rows_have_no_interval() -> None:
    assert sure(BINARY, *both(9)) == {}


def test_too_few_rows_of_a_class_have_no_interval_of_a_ranking() -> None:
    _, base, head = both(200)
    few = Truth(200, np.arange(200) < 9, None, (np.arange(200) < 9).astype(np.int64), 2)
    assert set(sure(BINARY, few, base, head)).isdisjoint({"roc_auc", "pr_auc"})


def test_hard_predictions_that_agree_while_scores_differ_are_not_certain() -> None:
    truth, base, _ = both(100)
    moved = np.where(base.score >= 0.5, 0.9, 0.1)
    found = sure(["accuracy", "f1"], truth, base, Said(moved, moved, base.codes))
    for confidence in found.values():
        low, high = interval(confidence, 0.0, 0.95)
        assert low < 0 < high


def test_swapping_the_sides_mirrors_every_distribution() -> None:
    truth, base, head = both()
    one, other = sure(BINARY, truth, base, head), sure(BINARY, truth, head, base)
    for name in BINARY:
        low, high = interval(one[name], 0.0, 0.95)
        assert interval(other[name], 0.0, 0.95) == pytest.approx((-high, -low), abs=0.15 * (high - low)), name


def test_the_order_of_rows_changes_nothing_that_is_not_drawn() -> None:
    truth, base, head = both()
    order = np.random.default_rng(0).permutation(truth.rows)
    one = sure(["roc_auc", "accuracy"], truth, base, head)
    other = sure(["roc_auc", "accuracy"], truth.take(order), base.take(order), head.take(order))
    assert one["accuracy"] == other["accuracy"]
    assert one["roc_auc"].standard_error == pytest.approx(other["roc_auc"].standard_error, rel=1e-12)


def test_many_classes_have_an_interval_up_to_twenty() -> None:
    rng = np.random.default_rng(0)
    for classes, wanted in ((20, {"accuracy", "f1"}), (21, {"accuracy"})):
        label, base, head = rng.integers(0, classes, (3, 500))
        found = sure(["accuracy", "f1"], Truth(500, None, None, label, classes), Said(codes=base), Said(codes=head))
        assert set(found) == wanted


def test_so_many_rows_that_drawing_is_pointless_take_the_jackknife(monkeypatch: pytest.MonkeyPatch) -> None:
    truth, base, head = both(2_000)
    drawn = sure(["log_loss", "f1", "brier"], truth, base, head, resamples=2_000)
    monkeypatch.setattr(changes, "MOST_DRAWN", 1_000)
    for name, confidence in sure(["log_loss", "f1", "brier"], truth, base, head, resamples=2_000).items():
        assert confidence.method == "jackknife"
        widths = [np.diff(interval(each, 0.0, 0.9))[0] for each in (confidence, drawn[name])]
        assert widths[0] == pytest.approx(widths[1], rel=0.1), name


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.actions.evaluate.test_changes import BINARY, both, sure
print({name: each.model_dump_json() for name, each in sure(BINARY, *both(3_000)).items()})
"""


def test_the_number_of_threads_changes_nothing() -> None:
    told = set()
    for threads in ("1", "2"):
        environment = os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "POLARS_MAX_THREADS": threads}
        told.add(
            subprocess.run(
                [sys.executable, "-c", SCRIPT, str(Path.cwd())], env=environment, capture_output=True, check=True
            ).stdout
        )
    assert len(told) == 1


def _truths(names: list[str], make: object, rows: int, samples: int) -> dict[str, float]:
    """The true change, from one very large sample."""
    from actions.evaluate.metrics import compute

    truth, base, head = make(np.random.default_rng(99), rows * samples)  # type: ignore[operator]
    return {name: compute(name, truth, head) - compute(name, truth, base) for name in names}


def _scores(rng: np.random.Generator, rows: int) -> tuple[Truth, Said, Said]:
    signal = rng.normal(size=rows)
    positive = rng.random(rows) < 1 / (1 + np.exp(-signal))
    scores = [1 / (1 + np.exp(-(weight * signal + 0.6 * rng.normal(size=rows)))) for weight in (1.0, 0.7)]
    said = [Said(score, score, (score >= 0.5).astype(np.int64)) for score in scores]
    return Truth(rows, positive, None, positive.astype(np.int64), 2), said[0], said[1]


@pytest.mark.parametrize(
    ("make", "names", "rows"),
    [
        (_scores, ["pr_auc", "accuracy", "f1", "log_loss", "brier", "calibration_error"], 150),
        (numbers, ["rmse", "mae", "r2", "mape"], 150),
    ],
)
@pytest.mark.slow
def test_ninety_five_percent_intervals_cover_the_true_change(make: object, names: list[str], rows: int) -> None:
    """The coverage found in 300 samples of an interval that truly covers 95 % has a standard error of 1.3 points.

    Bootstrap intervals of so few rows lose up to a point, which the lower bound leaves room for; that of
    the calibration error is wider than it need be.
    """
    truths = _truths(names, make, rows, 10_000)
    covered = dict.fromkeys(names, 0)
    from actions.evaluate.metrics import compute

    for sample in range(SAMPLES):
        truth, base, head = make(np.random.default_rng([5, sample]), rows)  # type: ignore[operator]
        found = sure(names, truth, base, head, seed=sample, resamples=300)
        for name in names:
            change = compute(name, truth, head) - compute(name, truth, base)
            low, high = interval(found[name], change, 0.95)
            covered[name] += low <= truths[name] <= high
    for name, count in covered.items():
        assert 0.915 <= count / SAMPLES <= (1 if name == "calibration_error" else 0.985), (name, count)


def test_the_least_error_of_f1_is_that_of_the_smallest_class() -> None:
    truth, base, _ = both(100)
    moved = np.where(base.score >= 0.5, 0.9, 0.1)
    (confidence,) = sure(["f1"], truth, base, Said(moved, moved, base.codes)).values()
    smallest = min(int(truth.positive.sum()), int((~truth.positive).sum()))
    assert confidence.standard_error == pytest.approx(math.sqrt(2) / (smallest + 2))


def test_frames_of_other_widths_are_prepared_alike() -> None:
    wide = frame(50).with_columns(pl.col("p").cast(pl.Float32))
    truth, (said,) = prepare([wide], section().predictions)
    assert said.score.dtype == np.float64
    assert truth.rows == 50
