"""Estimates without labels, beside NannyML's on its own data, scikit-learn's calibration, and the truth.

The tables in the folder `nannyml` are written by tests/bench/peers/nannyml_cbpe.py: the car loans that NannyML 0.13.1 bundles
(Apache 2.0), as counts of equal rows, and what its CBPE says of them in chunks of 5,000.
"""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score

from actions.datafile import DataFile
from actions.evaluate.samples import Floats
from actions.monitor import estimate, performance
from actions.monitor.reference import Rows
from policy.performance import MonitoredPredictions
from policy.reasons import Reason

NANNYML = Path(__file__).parent / "nannyml"
VALUE, ERROR = 1e-4, 0.2
"""How far our values may lie from NannyML's, and our standard errors of accuracy, as a share of theirs."""


def repeated(name: str) -> pl.DataFrame:
    """The rows of a table of counts."""
    counts = pl.read_csv(NANNYML / f"{name}.csv")
    names = [name for name in counts.columns if name != "rows"]
    return counts.select(pl.col(names).repeat_by("rows")).explode(names)


def section(*metrics: dict[str, object], **more: Any) -> MonitoredPredictions:
    wanted = list(metrics) or [{"metric": each, "floor": 0.5} for each in ("roc_auc", "f1", "accuracy")]
    plain: dict[str, Any] = {"label": "repaid", "score": "y_pred_proba", "prediction": "y_pred", "estimate": True}
    return MonitoredPredictions.model_validate(plain | {"metrics": wanted} | more)


def performed(
    folder: Path, window: pl.DataFrame, reference: pl.DataFrame, wanted: MonitoredPredictions | None = None
) -> performance.Performed:
    files = []
    for name, table in (("reference.parquet", reference), ("window.parquet", window)):
        table.write_parquet(folder / name)
        files.append([DataFile(name, folder / name)])
    return performance.performance(wanted or section(), Rows.of(files[0]), files[1], least=200)


@pytest.fixture(scope="module")
def loans() -> tuple[pl.DataFrame, pl.DataFrame]:
    return repeated("reference"), repeated("chunks")


@pytest.mark.parametrize("chunk", range(10))
def test_it_agrees_with_nannyml_on_its_own_data(loans: tuple[pl.DataFrame, pl.DataFrame], chunk: int, tmp_path: Path) -> None:
    theirs = pl.read_csv(NANNYML / "estimates.csv").row(chunk, named=True)
    found = performed(tmp_path, loans[1].filter(chunk=chunk).drop("chunk"), loans[0])
    assert (found.labelled, found.unlabelled) == (0, 5_000)
    assert [each.metric for each in found.estimates] == ["roc_auc", "f1", "accuracy"]
    for each in found.estimates:
        assert each.value == pytest.approx(theirs[each.metric], abs=VALUE)
        assert each.confidence is not None and each.confidence.standard_error is not None
        if each.metric == "accuracy" and chunk < 5:  # later ones have drifted, and theirs is always that of the reference
            assert each.confidence.standard_error == pytest.approx(theirs["accuracy_error"], rel=ERROR)
        elif each.metric == "roc_auc":  # theirs is of the ranks of one class, and DeLong's is of both
            assert each.confidence.standard_error > theirs["roc_auc_error"]


def drawn(rows: int, seed: int, *, spread: float = 1.5, shift: float = 0.0, power: float = 1.0) -> pl.DataFrame:
    """Scores whose chance is their `power`: 1 where they are calibrated."""
    draw = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-draw.normal(shift, spread, rows)))
    return pl.DataFrame(
        {"repaid": (draw.random(rows) < p**power).astype(np.int64), "y_pred_proba": p, "y_pred": (p >= 0.5).astype(int)}
    )


def test_intervals_hold_what_the_labels_would_have_said(tmp_path: Path) -> None:
    reference, held, asked = drawn(20_000, 1_000), 0, 0
    for seed in range(20):
        window = drawn(500, seed, spread=0.8, shift=0.5)
        for each in performed(tmp_path, window.drop("repaid"), reference).estimates:
            labelled = {
                "roc_auc": roc_auc_score(window["repaid"], window["y_pred_proba"]),
                "accuracy": (window["repaid"] == window["y_pred"]).mean(),
            }
            if each.metric in labelled:
                assert each.value is not None and each.confidence is not None and each.confidence.standard_error is not None
                held += abs(labelled[each.metric] - each.value) <= 1.96 * each.confidence.standard_error
                asked += 1
    assert asked == 40
    assert held / asked >= 0.85


def test_scores_that_are_no_chances_are_calibrated_first() -> None:
    table = drawn(20_000, 3, power=3.0)
    scores, positive = table["y_pred_proba"].to_numpy(), table["repaid"].to_numpy() == 1
    curve = estimate.calibration(scores, positive)
    assert curve.apply(np.array([0.5]))[0] == pytest.approx(0.125, abs=0.03)
    assert estimate.accuracy(scores >= 0.5, curve.apply(scores)) == pytest.approx(((scores >= 0.5) == positive).mean(), abs=0.01)


def test_few_rows_of_calibrated_scores_are_left_as_they_are() -> None:
    table = drawn(300, 5)
    assert estimate.calibration(table["y_pred_proba"].to_numpy(), table["repaid"].to_numpy() == 1) is estimate.NONE


@given(arrays.arrays(np.int64, st.integers(2, 60), elements=st.integers(0, 12)), st.integers(0, 2**32 - 1))
def test_the_curve_is_that_of_scikit_learn(steps: Any, seed: int) -> None:
    scores: Floats = steps / 12
    positive = np.random.default_rng(seed).random(len(scores)) < scores
    theirs = IsotonicRegression(out_of_bounds="clip").fit(scores, positive.astype(float))
    asked = np.linspace(-0.2, 1.2, 29)
    assert estimate.isotonic(scores, positive).apply(asked) == pytest.approx(theirs.predict(asked), abs=1e-9)


@given(arrays.arrays(np.int64, st.integers(4, 50), elements=st.integers(0, 8)))
def test_chances_that_are_certain_give_the_metric_itself(steps: Any) -> None:
    labels = np.arange(len(steps)) % 2 == 0
    assert estimate.roc_auc(steps / 8, labels.astype(float)) == pytest.approx(roc_auc_score(labels, steps), abs=1e-9)
    assert estimate.accuracy(steps > 4, labels.astype(float)) == pytest.approx(((steps > 4) == labels).mean())


def test_chances_without_room_for_a_class_have_no_ranking_and_no_f1() -> None:
    nothing = np.zeros(5)
    assert np.isnan(estimate.roc_auc(np.arange(5.0), nothing))
    assert np.isnan(estimate.f1(np.zeros(5, bool), nothing))


def test_rows_with_labels_are_measured_and_only_the_others_estimated(tmp_path: Path) -> None:
    window = drawn(1_000, 7).with_row_index().with_columns(repaid=pl.when(pl.col("index") < 400).then("repaid")).drop("index")
    found = performed(tmp_path, window, drawn(5_000, 8))
    assert (found.labelled, found.unlabelled, len(found.facts), len(found.estimates)) == (400, 600, 3, 3)
    unasked = performed(tmp_path, window, drawn(5_000, 8), section(estimate=False))
    assert (unasked.unlabelled, unasked.estimates) == (600, [])


def test_a_margin_is_held_against_what_the_reference_truly_has(tmp_path: Path) -> None:
    reference = drawn(5_000, 8)
    wanted = section({"metric": "roc_auc", "may_lose": 0.02})
    (fact,) = performed(tmp_path, drawn(1_000, 9, spread=0.3).drop("repaid"), reference, wanted).estimates
    assert fact.reference is not None
    assert fact.reference == pytest.approx(roc_auc_score(reference["repaid"], reference["y_pred_proba"]))
    assert fact.value is not None and fact.error is not None
    assert fact.value < fact.reference - 3 * fact.error


def test_labels_in_words_are_estimated_too(tmp_path: Path) -> None:
    words = {0: "no", 1: "yes"}
    reference = drawn(5_000, 8).with_columns(pl.col("repaid", "y_pred").replace_strict(words))
    window = drawn(1_000, 9).with_columns(pl.col("y_pred").replace_strict(words), repaid=pl.lit(None))
    named = performed(tmp_path, window, reference, section(positive="yes")).estimates
    plain = performed(tmp_path, drawn(1_000, 9).drop("repaid"), drawn(5_000, 8)).estimates
    assert [each.value for each in named] == pytest.approx([each.value for each in plain])


def test_a_reference_of_one_class_estimates_nothing_and_says_why(tmp_path: Path) -> None:
    reference = drawn(500, 8).with_columns(repaid=pl.lit(1))
    found = performed(tmp_path, drawn(500, 9).drop("repaid"), reference)
    assert {each.problem for each in found.estimates} == {Reason.ONE_CLASS}
