"""Files of predictions are recognised by their columns, and other files are not."""

from pathlib import Path

import polars as pl

from actions.setup.predictions import Recognised, recognise
from tests.actions.setup.data import parquet

ROWS = 400
BASE = pl.DataFrame({"id": range(ROWS), "shop": [f"s{i % 4}" for i in range(ROWS)]})


def of(folder: Path, **columns: object) -> Recognised | None:
    return recognise("predictions.parquet", parquet(folder, BASE.with_columns(**{k: pl.Series(v) for k, v in columns.items()})))


def test_a_probability_of_a_label_is_recognised_with_key_and_slices(tmp_path: Path) -> None:
    found = of(tmp_path, late=[0, 1] * 200, p_late=[0.2, 0.9] * 200)
    assert found == Recognised("predictions.parquet", ("id",), "late", "p_late", None, ("shop",), ("roc_auc", "log_loss"))


def test_usual_names_are_recognised(tmp_path: Path) -> None:
    found = of(tmp_path, y_true=[True, False] * 200, y_score=[0.2, 0.9] * 200)
    assert found is not None
    assert (found.label, found.score) == ("y_true", "y_score")


def test_a_regression_and_a_hard_prediction_are_recognised(tmp_path: Path) -> None:
    numbers = of(tmp_path, price=[1.5, 2.5] * 200, price_pred=[1.0, 3.0] * 200)
    classes = of(tmp_path, label=["a", "b"] * 200, prediction=["b", "b"] * 200)
    assert numbers is not None
    assert numbers.metrics == ("rmse",)
    assert classes is not None
    assert (classes.score, classes.prediction, classes.metrics) == (None, "prediction", ("accuracy",))


def test_a_file_that_no_metric_could_be_computed_from_is_none(tmp_path: Path) -> None:
    assert of(tmp_path, late=[1, 1] * 200, p_late=[0.2, 0.9] * 200) is None
    assert of(tmp_path, late=[0, 1] * 200, p_late=[0.2, 7.0] * 200) is None
    assert of(tmp_path, late=[0, 1] * 200, p_late=[0.2, None] * 200) is None
    assert of(tmp_path, threshold=[0.1, 0.2] * 200) is None


def test_the_key_of_a_data_set_is_taken_where_it_fits(tmp_path: Path) -> None:
    files = parquet(tmp_path, BASE.with_columns(late=pl.Series([0, 1] * 200), p_late=pl.Series([0.2, 0.9] * 200)))
    found = recognise("p.parquet", files, keys=[["gone"], ["shop"], ["shop", "id"]])
    assert found is not None
    assert found.key == ("shop", "id")
