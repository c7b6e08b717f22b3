"""What is kept of a reference is read again as it was, or refused with a sentence."""

import gzip
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.drift import cache
from actions.drift.categories import counted
from actions.drift.numbers import Numbers
from actions.drift.profile import Column, Profile
from actions.monitor.stored import Stored, decode, encode, said
from policy.facts.evaluation import Confidence
from policy.performance import MonitoredPredictions

SURE = Confidence(method="delong", standard_error=0.01)


def some(seed: int = 0) -> Stored:
    draw = np.random.default_rng(seed)
    words = counted(["blue", "grey"], np.array([600, 300]), total=900, distinct=2)
    columns = (
        Column("heat", "number", "Float64", 1_000, 50, numbers=Numbers.of(draw.normal(size=950))),
        Column("sky", "category", "String", 1_000, 100, categories=words),
        Column("mail", "category", "String", 1_000, 7, withheld="personal"),
        Column("none", "empty", "Null", 1_000, 1_000),
    )
    said = {"label": "late", "score": "p", "prediction": None, "positive": None}
    return Stored("data/train.csv", f"md5:{'a' * 32}", Profile(1_000, columns), "at", 41.5, said, {"roc_auc": (0.75, SURE)})


def plain(raw: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(raw))
    return found


def packed(content: object) -> bytes:
    return gzip.compress(json.dumps(content).encode())


def test_a_reference_is_read_again_as_it_was_and_equal_ones_have_equal_bytes() -> None:
    found = decode(encode(some()))
    assert encode(found) == encode(some()) == encode(decode(encode(found)))
    assert encode(some(1)) != encode(some())
    assert (found.path, found.time, found.per_day, found.metrics["roc_auc"]) == ("data/train.csv", "at", 41.5, (0.75, SURE))
    assert found.profile.named()["mail"] == Column("mail", "category", "String", 1_000, 7, withheld="personal")


def test_metrics_count_for_the_columns_that_they_were_computed_of() -> None:
    asks = {"label": "late", "score": "p", "metrics": [{"metric": "roc_auc", "may_lose": 0.1}]}
    section = MonitoredPredictions.model_validate(asks)
    known = replace(some(), said=said(section))
    assert known.measured(section) == {"roc_auc": (0.75, SURE)}
    assert known.measured(MonitoredPredictions.model_validate(asks | {"score": "q"})) == {}
    assert known.measured(None) == {}


@pytest.mark.parametrize(
    ("name", "now"), [("schema_version", 2), ("profile_version", cache.VERSION + 1), ("schema_version", "1")]
)
def test_another_version_is_refused_by_its_number(name: str, now: object) -> None:
    with pytest.raises(ValueError, match=r"it is of version .*, and this Assay reads 1"):
        decode(packed(plain(encode(some())) | {name: now}))


@pytest.mark.parametrize(
    "change",
    [
        {"what": "a poem"},
        {"rows": 0},
        {"rows": True},
        {"columns": [{}]},
        {"columns": 7},
        {"per_day": "many"},
        {"metrics": {"roc_auc": {"value": True, "confidence": {}}}},
        {"metrics": {"roc_auc": {"value": 1, "confidence": {"method": "a guess"}}}},
        {"columns": [{"name": "a", "kind": "number", "dtype": "x", "missing": 2_000, "withheld": "personal"}]},
        {"columns": [{"name": "a", "kind": "number", "dtype": "x", "missing": 2, "withheld": "a whim"}]},
    ],
)
def test_what_is_no_reference_is_refused_in_a_sentence(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        decode(packed(plain(encode(some())) | change))


def test_a_column_that_stands_there_twice_is_refused() -> None:
    twice = plain(encode(some()))
    with pytest.raises(ValueError, match="a column twice"):
        decode(packed(twice | {"columns": twice["columns"][:1] * 2}))


@given(st.integers(0, 10**6), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_bytes_that_are_damaged_or_end_early_raise_nothing_else(place: int, byte: int) -> None:
    raw = bytearray(encode(some()))
    for damaged in (raw[: place % len(raw)], raw + b"x"):
        with pytest.raises(ValueError, match=r"."):
            decode(bytes(damaged))
    raw[place % len(raw)] = byte
    try:
        decode(bytes(raw))
    except ValueError:
        return
