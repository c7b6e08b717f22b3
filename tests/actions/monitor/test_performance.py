"""How well the model does on a window whose labels have arrived, in real files."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import mean_absolute_error, roc_auc_score

from actions.datafile import DataFile
from actions.monitor.performance import Performed, performance
from actions.monitor.reference import Rows
from policy.facts.monitoring import PerformanceFact
from policy.performance import MonitoredPredictions
from policy.problems import UserProblem
from policy.reasons import Reason
from tests.actions.evaluate.predictions import frame


def section(*metrics: dict[str, object], **more: object) -> MonitoredPredictions:
    wanted = list(metrics) or [{"metric": "roc_auc", "may_lose": 0.02}]
    return MonitoredPredictions.model_validate({"label": "late", "score": "p", "metrics": wanted} | more)


def done(folder: Path, window: pl.DataFrame, reference: pl.DataFrame, wanted: MonitoredPredictions | None = None) -> Performed:
    files = []
    for name, table in (("reference.parquet", reference), ("window.parquet", window)):
        table.write_parquet(folder / name)
        files.append([DataFile(name, folder / name)])
    return performance(wanted or section(), Rows.of(files[0]), files[1], least=200)


def only(found: Performed) -> PerformanceFact:
    (fact,) = found.facts
    return fact


def worse(rows: int, seed: int) -> pl.DataFrame:
    table = frame(rows, seed=seed)
    return table.with_columns(p=pl.Series(np.random.default_rng(seed).random(rows)))


def test_a_window_is_measured_beside_the_reference(tmp_path: Path) -> None:
    reference, window = frame(4_000), worse(1_000, 1)
    fact = only(done(tmp_path, window, reference))
    assert fact.value == pytest.approx(roc_auc_score(window["late"], window["p"]))
    assert fact.reference == pytest.approx(roc_auc_score(reference["late"], reference["p"]))
    assert fact.confidence is not None and fact.confidence.standard_error is not None and fact.error is not None
    assert fact.confidence.standard_error < fact.error < 0.03


def test_only_rows_whose_label_has_arrived_count(tmp_path: Path) -> None:
    window = frame(1_000, seed=2).with_columns(late=pl.when(pl.col("id") < 300).then("late"))
    found = done(tmp_path, window, frame(4_000))
    assert (found.labelled, only(found).rows) == (300, 300)
    few = window.with_columns(late=pl.when(pl.col("id") < 199).then("late"))
    assert done(tmp_path, few, frame(4_000)) == Performed(199, unlabelled=801)
    assert done(tmp_path, few.drop("late"), frame(4_000)) == Performed(0, unlabelled=1_000)


def test_rows_without_a_prediction_do_not_count(tmp_path: Path) -> None:
    window = frame(500).with_columns(p=pl.when(pl.col("id") % 2 == 0).then("p").otherwise(float("nan")))
    assert done(tmp_path, window, frame(4_000)).labelled == 250


def test_a_column_of_predictions_that_is_gone_is_told(tmp_path: Path) -> None:
    fact = only(done(tmp_path, frame(500).drop("p"), frame(4_000)))
    assert (fact.value, fact.problem, fact.detail) == (None, Reason.MISSING_COLUMN, " (p)")


def test_scores_that_are_no_probabilities_are_told(tmp_path: Path) -> None:
    wanted = section({"metric": "brier", "ceiling": 0.2})
    fact = only(done(tmp_path, frame(500).with_columns(p=pl.col("p") * 3), frame(400), wanted))
    assert fact.problem is Reason.SCORE_OUT_OF_RANGE


def test_numbers_are_measured_too(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    label = draw.gamma(4.0, size=600)
    window = pl.DataFrame({"late": label, "p": label + draw.normal(size=600)})
    fact = only(done(tmp_path, window, window, section({"metric": "mae", "may_gain": "5%", "ceiling": 2})))
    assert fact.value == pytest.approx(mean_absolute_error(window["late"], window["p"]))
    assert fact.value == fact.reference


def test_hard_predictions_in_words_are_measured(tmp_path: Path) -> None:
    words = frame(500).select(late=pl.col("late").replace_strict({0: "no", 1: "yes"}), said=pl.lit("yes"))
    wanted = section({"metric": "accuracy", "floor": 0.1}, score=None, prediction="said", positive="yes")
    assert only(done(tmp_path, words, words, wanted)).value == pytest.approx(words["late"].eq("yes").mean())


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (frame(400).drop("p"), "no rows with late and p"),
        (frame(400).with_columns(late=pl.lit(None, pl.Int64)), "no rows with late and p"),
        (frame(400).with_columns(late=pl.lit(1)), "roc_auc of the reference cannot be computed"),
    ],
)
def test_a_reference_that_cannot_be_compared_with_is_the_readers_to_mend(
    tmp_path: Path, reference: pl.DataFrame, said: str
) -> None:
    with pytest.raises(UserProblem, match=said):
        done(tmp_path, frame(500), reference)


def test_a_floor_needs_nothing_of_the_reference(tmp_path: Path) -> None:
    fact = only(done(tmp_path, frame(500), frame(400).drop("p"), section({"metric": "roc_auc", "floor": 0.6})))
    assert fact.value is not None and fact.reference is None


def test_an_unchanged_model_is_hardly_ever_called_worse(tmp_path: Path) -> None:
    from policy.performance import questions

    wanted = section({"metric": "roc_auc", "may_lose": 0.0})
    reference, alarms = frame(4_000, seed=1_000), 0
    for seed in range(60):
        (asked,) = questions(wanted, done(tmp_path, frame(400, seed=seed), reference, wanted).facts)
        alarms += asked.over and asked.p is not None and asked.p <= 0.05
    assert alarms <= 7  # 3 are expected; more than 7 of 60 have a chance of 1 %
