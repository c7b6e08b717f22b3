"""Metrics and predictions that say nothing usable turn `assay evaluate` red with the reason; none passes in silence."""

import io
import json

import polars as pl
import pytest

from tests.assay.conftest import Assay, red
from tests.assay.rendered import harmless
from tests.repositories import Repo

FILES = {
    "NaN": ('{"accuracy": NaN}', "accuracy is not a finite number at this change (it is NaN)"),
    "infinity": ('{"accuracy": Infinity}', "accuracy is not a finite number at this change (it is infinite)"),
    "1e400": ('{"accuracy": 1e400}', "accuracy is not a finite number at this change (it is infinite)"),
    "text": ('{"accuracy": "high"}', "accuracy is not a finite number at this change (it is text)"),
    "null": ('{"accuracy": null}', "accuracy is not a finite number at this change"),
    "another name": ('{"acuracy": 1}', "accuracy is missing in this change"),
    "twice": ('{"accuracy": 1, "accuracy": 0.5}', "metrics.json stands in more than one place (the key 'accuracy' stands twice)"),
    "no JSON": ("accuracy 1", "metrics.json cannot be read at this change (Expecting value: line 1 column 1 (char 0))"),
    "0 bytes": ("", "metrics.json cannot be read at this change"),
    "a number": ("1", "metrics.json cannot be read at this change (it holds no names, only a value)"),
    "3,000 levels": ('{"a":' * 3_000 + "1" + "}" * 3_000, "metrics.json cannot be read at this change (it is nested too deeply)"),
    "2 MB": (json.dumps({"x" * 2_000_000: 1}), "metrics.json cannot be read at this change (2,000,"),
}


@pytest.mark.parametrize("name", FILES)
def test_ga_05_a_metric_that_is_no_number_never_passes_a_gate(assay: Assay, mine: Repo, name: str) -> None:
    text, wanted = FILES[name]
    mine.write("metrics.json", text).commit()
    why, advice = red(assay("evaluate", cwd=mine.root))
    assert why.startswith(wanted)
    assert advice


def test_a_metrics_file_that_is_gone_is_red(assay: Assay, mine: Repo) -> None:
    why, _ = red(assay("evaluate", cwd=mine.remove("metrics.json").commit().root))
    assert why.startswith("metrics.json is missing in this change")


def test_a_metric_that_the_base_lacks_is_red(assay: Assay, mine: Repo) -> None:
    mine.switch("main").write("metrics.json", '{"other": 1}').commit().branch("next")
    why, _ = red(assay("evaluate", cwd=mine.write("metrics.json", '{"accuracy": 0.9}').commit().root))
    assert why.startswith("accuracy")
    assert "base" in why


def test_ga_05_hostile_names_of_metrics_only_look_hostile(assay: Assay, mine: Repo) -> None:
    hostile = {f"@team|<img src=x onerror=alert(1)>\n# --> ``` {number}": number for number in range(3_000)}
    mine.write("metrics.json", json.dumps({"accuracy": 0.1, "__proto__": 1, **hostile})).commit()
    why, _ = red(assay("evaluate", cwd=mine.root))
    assert why.startswith("accuracy")
    comment = harmless(mine.root / ".assay")
    assert "of 3,00" in comment and "not shown" in comment, "what was left out is counted"


POLICY = """\
version: 1
evaluate:
  predictions: {path: predictions.parquet, key: [id], label: y, score: p}
  gates: [{metric: roc_auc, may_lose: 0.01}]
"""
FRAME = pl.DataFrame({"id": range(200), "y": [i % 2 for i in range(200)], "p": [i * 7 % 10 / 10 for i in range(200)]})
SCORE = pl.col("p")
PREDICTIONS = {
    "other keys": (
        FRAME.with_columns(pl.col("id") + 150),
        "the predictions of both sides are not about the same rows (150 rows are gone",
    ),
    "no rows": (FRAME.head(0), "roc_auc was measured on no rows at this change"),
    "NaN scores": (
        FRAME.with_columns(pl.when(pl.col("id") < 3).then(float("nan")).otherwise(SCORE).alias("p")),
        "roc_auc is not a finite number at this change (3 of 200 values of p are missing, NaN or infinite)",
    ),
    "no column": (FRAME.drop("p"), "roc_auc: a column is missing in the predictions of this change (p)"),
    "keys twice": (pl.concat([FRAME, FRAME]), "roc_auc: keys repeat in the predictions of this change (200 of 400 rows)"),
    "other labels": (
        FRAME.with_columns(y=pl.lit(1)),
        "roc_auc: labels of the same keys differ from this change (100 of 200 rows)",
    ),
    "scores of text": (FRAME.with_columns(SCORE.cast(pl.String)), "roc_auc is not a finite number at this change (the column p"),
    "no Parquet": (b"PAR1 no PAR1", "roc_auc cannot be read at this change (predictions.parquet: "),
    "0 bytes": (b"", "roc_auc cannot be read at this change (predictions.parquet: the file is empty (0 bytes))"),
}


def written(frame: pl.DataFrame | bytes) -> bytes:
    if isinstance(frame, bytes):
        return frame
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize("name", PREDICTIONS)
def test_predictions_that_cannot_be_compared_are_red(assay: Assay, mine: Repo, name: str) -> None:
    frame, wanted = PREDICTIONS[name]
    mine.switch("main").write("predictions.parquet", written(FRAME)).dvc_add("predictions.parquet")
    mine.write("assay.yml", POLICY).commit().branch("next")
    mine.write("predictions.parquet", written(frame)).dvc_add("predictions.parquet").commit()
    why, advice = red(assay("evaluate", cwd=mine.root))
    assert wanted in why
    assert advice
