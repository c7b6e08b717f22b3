"""What two data sets share by key, against plain sets."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.data import keys
from actions.data.overlap import overlap
from policy.facts.data import OverlapFacts
from policy.problems import UserProblem

KEYS = st.lists(st.tuples(st.sampled_from([1, 2, 3, None]), st.sampled_from(["a", "b", None])), max_size=10)


def frame(rows: list[tuple[Any, ...]]) -> pl.LazyFrame:
    return pl.LazyFrame(rows, schema={"k": pl.Int64, "l": pl.String}, orient="row")


def shared(head: pl.LazyFrame, other: pl.LazyFrame, key: list[str] | None = None) -> OverlapFacts:
    return overlap(head, other, ["k"] if key is None else key, "train.parquet", mask=lambda text: text)


@settings(max_examples=100, deadline=None)
@given(KEYS, KEYS)
def test_the_overlap_is_that_of_the_sets_of_whole_keys(head: list[Any], other: list[Any]) -> None:
    facts = shared(frame(head), frame(other), ["k", "l"])
    ours, theirs = ({row for row in rows if None not in row} for rows in (head, other))
    assert facts.rows == len(ours & theirs)
    assert facts.share == (len(ours & theirs) / len(ours) if ours else 0)
    assert {(int(each.key["k"]), each.key["l"]) for each in facts.examples} == ours & theirs


def test_at_most_ten_shared_keys_are_shown_masked_and_in_order() -> None:
    head = pl.LazyFrame({"k": range(100), "who": ["jo@acme.org"] * 100})
    facts = overlap(head, head.tail(60), ["who", "k"], "train", mask=lambda text: text.split("@")[0])
    assert (facts.rows, facts.share, facts.other, facts.key) == (60, 0.6, "train", ["who", "k"])
    assert [each.key for each in facts.examples] == [{"who": "jo", "k": str(k)} for k in range(40, 50)]


def test_keys_of_other_widths_and_text_types_meet() -> None:
    head = pl.LazyFrame({"k": pl.Series([1, 2], dtype=pl.UInt8)})
    assert shared(head, pl.LazyFrame({"k": [2, 300]})).rows == 1
    assert shared(pl.LazyFrame({"k": pl.Series(["a", "b"], dtype=pl.Categorical)}), pl.LazyFrame({"k": ["b"]})).rows == 1


def test_no_rows_share_nothing() -> None:
    assert shared(frame([]), frame([(1, "a")])).share == 0
    assert shared(frame([(1, "a")]), frame([])).rows == 0


@pytest.mark.parametrize(
    ("head", "other", "key"), [({"k": [1]}, {"x": [1]}, ["k"]), ({"k": [1]}, {"k": ["1"]}, ["k"]), ({}, {}, [])]
)
def test_keys_that_cannot_be_compared_are_a_problem_and_not_disjoint(head: Any, other: Any, key: list[str]) -> None:
    with pytest.raises(UserProblem, match="cannot be compared with those of train"):
        shared(pl.LazyFrame(head), pl.LazyFrame(other), key)


def test_a_key_that_neither_has_is_a_problem_of_the_policy() -> None:
    with pytest.raises(UserProblem, match="no column 'nope'"):
        shared(frame([]), frame([]), ["nope"])


def test_a_collision_does_not_make_an_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    proper, calls = keys.hashed, iter(range(1_000))

    def hashed(types: Any, seed: int) -> pl.Expr:
        call = next(calls)
        return proper(types, seed) % 1 if call in (0, 2) else proper(types, seed)

    monkeypatch.setattr(keys, "hashed", hashed)
    assert shared(pl.LazyFrame({"k": [1]}), pl.LazyFrame({"k": [2]})).rows == 0
