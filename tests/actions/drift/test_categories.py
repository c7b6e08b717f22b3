"""The summary of a column of categories."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.drift import categories
from actions.drift.categories import KEEP, LONGEST, Categories, counted, merge, shortened

words = st.lists(st.text(alphabet="abcd", max_size=2), min_size=1, max_size=50)


def of(values: list[str], keep: int = KEEP) -> Categories:
    """What a reading of these values keeps."""
    found = Counter(values)
    order = sorted(found, key=lambda name: (-found[name], name))
    unnamed = max((found[name] for name in order[keep:]), default=0)
    kept = order[:keep]
    counts = np.array([found[name] for name in kept], dtype=np.int64)
    return counted(kept, counts, total=len(values), distinct=len(found), largest_unnamed=unnamed)


@settings(deadline=None)
@given(words, words)
def test_merging_few_categories_is_counting_them_together(one: list[str], other: list[str]) -> None:
    together, whole = merge([of(one), of(other)]), of(one + other)
    assert together.names == whole.names
    assert together.low.tolist() == together.high.tolist() == whole.low.tolist()
    assert together.complete
    assert together.distinct == whole.distinct


@settings(deadline=None)
@given(st.lists(words, min_size=2, max_size=5), st.integers(1, 6))
def test_merged_counts_of_many_categories_enclose_the_true_ones(parts: list[list[str]], keep: int) -> None:
    together = merge([of(part, keep) for part in parts])
    true = Counter(word for part in parts for word in part)
    for name, low, high in zip(together.names, together.low, together.high, strict=True):
        assert low <= true[name] <= high
    for name in true.keys() - set(together.names):
        assert true[name] <= together.largest_unnamed
    assert together.count == sum(true.values())
    assert together.distinct >= len(true)


@settings(deadline=None)
@given(words, words)
def test_merging_is_commutative(one: list[str], other: list[str]) -> None:
    left, right = merge([of(one, 3), of(other, 3)]), merge([of(other, 3), of(one, 3)])
    assert left.names == right.names
    assert left.low.tolist() == right.low.tolist()
    assert left.high.tolist() == right.high.tolist()


def test_a_merge_keeps_no_more_than_its_limit(monkeypatch) -> None:
    monkeypatch.setattr(categories, "KEEP", 3)
    together = merge([of(["a"] * 5 + ["b"] * 4), of(["c"] * 3 + ["d"] * 2)])
    assert together.names == ("a", "b", "c")
    assert together.largest_unnamed == 2
    assert not together.complete


def test_a_long_category_is_kept_as_its_beginning_and_a_digest() -> None:
    one, other = shortened("x" * 1_000 + "1"), shortened("x" * 1_000 + "2")
    assert one != other
    assert len(one) <= LONGEST
    assert shortened("short") == "short"


def test_a_lone_surrogate_in_a_long_category_is_no_obstacle() -> None:
    assert len(shortened("\ud800" * 500)) <= LONGEST


def test_a_column_of_nearly_distinct_values_identifies_rows() -> None:
    assert of([f"id-{at}" for at in range(1_000)]).identifying
    assert not of([f"id-{at % 50}" for at in range(1_000)]).identifying
    assert not of(["a", "b", "c"]).identifying
