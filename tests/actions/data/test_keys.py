"""Rows matched by their keys: collisions are told apart, and equal values of unlike types meet."""

import datetime as dt
import itertools
from typing import Any

import polars as pl
import pytest

from actions.data import keys
from actions.data.diff import compare
from policy.facts.data import DiffFacts

NAN = float("nan")


def diff(base: pl.LazyFrame, head: pl.LazyFrame) -> DiffFacts:
    return compare(base, head, ["k"], mask=str)


def poor_hashes(monkeypatch: pytest.MonkeyPatch, comparisons: int) -> None:
    """The first hash has four values only in the first comparisons; the check is always a proper one."""
    proper, calls = keys.hashed, itertools.count()

    def hashed(types: Any, seed: int) -> pl.Expr:
        call = next(calls)
        return proper(types, seed) % 4 if call < 4 * comparisons and call % 2 == 0 else proper(types, seed)

    monkeypatch.setattr(keys, "hashed", hashed)


def test_keys_whose_hashes_collide_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    poor_hashes(monkeypatch, comparisons=1)
    base, head = pl.LazyFrame({"k": range(100), "v": [1] * 100}), pl.LazyFrame({"k": range(50, 150), "v": [1] * 100})
    facts = diff(base, head)
    assert (facts.removed, facts.added, facts.changed, facts.duplicates_head) == (50, 50, 0, 0)


def test_a_collision_across_the_sides_alone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    poor_hashes(monkeypatch, comparisons=1)
    facts = diff(pl.LazyFrame({"k": [1]}), pl.LazyFrame({"k": [2]}))
    assert (facts.removed, facts.added) == (1, 1)


def test_collisions_that_never_end_are_an_error_and_not_a_wrong_count(monkeypatch: pytest.MonkeyPatch) -> None:
    poor_hashes(monkeypatch, comparisons=1_000)
    with pytest.raises(keys.CollisionError):
        diff(pl.LazyFrame({"k": range(100)}), pl.LazyFrame({"k": range(100)}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (pl.Series([1, 2], dtype=pl.Int32), pl.Series([2, 1], dtype=pl.UInt64)),
        (pl.Series(["a", "b"]), pl.Series(["b", "a"], dtype=pl.Categorical)),
        (pl.Series([0.0, NAN]), pl.Series([NAN, -0.0])),
        (pl.Series([dt.datetime(2013, 1, 1), None]), pl.Series([None, dt.date(2013, 1, 1)])),
        (pl.Series([[1], [2]]), pl.Series([[2], [1]])),
        (pl.Series([b"a", b""]), pl.Series([b"", b"a"])),
    ],
    ids=lambda value: str(value.dtype),
)
def test_keys_meet_by_value_whatever_their_types(before: pl.Series, after: pl.Series) -> None:
    facts = diff(pl.LazyFrame({"k": before, "v": [1, 2]}), pl.LazyFrame({"k": after, "v": [2, 1]}))
    assert (facts.removed, facts.added, facts.changed) == (0, 0, 0)
