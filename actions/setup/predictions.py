"""Recognises a file of predictions by its columns: a label, what the model said of it, and a key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from actions.datafile import DataFile
from actions.frames import reading, scan
from actions.setup import rowkey
from actions.setup.columns import Table, describe, tame

MOST_SLICES = 30
"""A column with more values splits the rows into groups too small to judge."""
_SAID = r"p|prob|proba|probability|score|pred|predicted|prediction|hat"
_LABELS = ("label", "target", "y", "y_true", "truth", "actual", "ground_truth", "outcome")
_SCORES = ("score", "p", "prob", "proba", "probability", "y_score", "y_prob", "y_proba", "pred_proba")
_HARD = ("prediction", "predicted", "pred", "y_pred", "y_hat", "yhat")


@dataclass(frozen=True)
class Recognised:
    """A file of predictions, as the section `evaluate.predictions` describes it, and the metrics it gives."""

    path: str
    key: tuple[str, ...]
    label: str
    score: str | None
    prediction: str | None
    slices: tuple[str, ...]
    metrics: tuple[str, ...]


def recognise(path: str, files: Sequence[DataFile], keys: Sequence[Sequence[str]] = ()) -> Recognised | None:
    """What a data file is as predictions; None where it is none, or no key tells its rows apart.

    Args:
        path: as `assay.yml` will call it.
        files: its bytes.
        keys: the keys of data sets, one of which usually names a prediction too.

    Raises:
        Unreadable: see `actions.frames.scan`.
    """
    frame = scan(files)
    names = [name for name in frame.collect_schema().names() if tame(name)]
    for label, said in _pairs(names):
        kind = _kind(frame, files, label, said)
        if kind is None:
            continue
        table = describe(files)
        key = _key(frame, table, keys, (label, said))
        if not key:
            return None
        score, prediction, metrics = (None, said, ("accuracy",)) if kind == "classes" else (said, None, _METRICS[kind])
        return Recognised(path, tuple(key), label, score, prediction, _slices(frame, table, (label, said)), metrics)
    return None


_METRICS = {"binary": ("roc_auc", "log_loss"), "numbers": ("rmse",)}


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Label and what was said of it: `late` and `p_late` first, then names that everybody uses."""
    found = []
    for said in names:
        match = re.fullmatch(rf"(?:(?:{_SAID})_(.+)|(.+)_(?:{_SAID}))", said, re.IGNORECASE)
        label = (match[1] or match[2]) if match else None
        found += [(name, said) for name in names if name != said and label and name.lower() in (label.lower(), f"{label}_true")]
    lower = {name.lower(): name for name in reversed(names)}
    usual = [(lower[a], lower[b]) for a in _LABELS for b in (*_SCORES, *_HARD) if a in lower and b in lower]
    return list(dict.fromkeys([*found, *usual]))


def _kind(frame: pl.LazyFrame, files: Sequence[DataFile], label: str, said: str) -> str | None:
    """`binary` (a probability of 0 or 1), `numbers` (regression), `classes` (a hard prediction), or None for neither."""
    with reading(files):
        pair = frame.select(pl.col(label).alias("label"), pl.col(said).alias("said")).collect()
    truth, spoken = pair["label"], pair["said"]
    if not pair.height or truth.null_count() or spoken.null_count():
        return None
    two_valued = truth.dtype == pl.Boolean or (truth.dtype.is_integer() and set(truth.unique()) == {0, 1})
    if spoken.dtype.is_float() and two_valued:
        return "binary" if truth.n_unique() == 2 and bool(spoken.is_between(0, 1).all()) else None
    if truth.dtype.is_float() and spoken.dtype.is_float():
        return "numbers" if bool(truth.is_finite().all() and spoken.is_finite().all()) else None
    return "classes" if truth.dtype == spoken.dtype and not truth.dtype.is_nested() else None


def _key(frame: pl.LazyFrame, table: Table, keys: Sequence[Sequence[str]], taken: Sequence[str]) -> list[str]:
    names = {column.name for column in table.columns if column.complete}
    for key in keys:
        if key and set(key) <= names and rowkey.unique(frame, key):
            return list(key)
    rest = Table(table.rows, tuple(column for column in table.columns if column.name not in taken))
    return rowkey.infer(frame, rest)


def _slices(frame: pl.LazyFrame, table: Table, taken: Sequence[str]) -> tuple[str, ...]:
    """Columns of text that split the rows into a few groups."""
    texts = [c.name for c in table.columns if c.dtype in (pl.String, pl.Categorical) and c.name not in taken and not c.nulls]
    counts = frame.select(pl.col(texts).n_unique()).collect(engine="streaming").row(0) if texts else ()
    return tuple(name for name, count in zip(texts, counts, strict=True) if 2 <= count <= MOST_SLICES)
