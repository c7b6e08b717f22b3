"""The slices of a column."""

import polars as pl

from actions.evaluate import slicing
from policy.reasons import Reason


def table(values: list[object]) -> pl.DataFrame:
    return pl.DataFrame({"c": values})


def test_slices_come_with_their_rows_largest_first() -> None:
    found = slicing.split("c", None, table(["b", "a", "b", None, "a", "b"]), [])
    assert [(place.label, index.tolist()) for place, index in found.slices] == [
        ("c=b", [0, 2, 5]),
        ("c=a", [1, 4]),
        ("c=(none)", [3]),
    ]


def test_a_row_belongs_where_the_base_says() -> None:
    found = slicing.split("c", table(["a", "a"]), table(["b", "b"]), [])
    assert [place.value for place, _ in found.slices] == ["a"]
    fresh = slicing.split("c", pl.DataFrame({"other": [1, 2]}), table(["b", "b"]), [])
    assert [place.value for place, _ in fresh.slices] == ["b"]


def test_numbers_dates_and_lists_become_text() -> None:
    for values, wanted in (([1, 1], "1"), ([True, True], "true"), ([[1], [1]], None)):
        found = slicing.split("c", None, table(values), [])
        assert len(found.slices) == 1
        assert wanted is None or found.slices[0][0].value == wanted


def test_slices_beyond_the_cap_are_counted_with_their_rows_and_named_ones_are_kept() -> None:
    values = [str(number) for number in range(10) for _ in range(10 - number)]
    found = slicing.split("c", None, table(values), ["9"], most=3)
    assert [place.value for place, _ in found.slices] == ["0", "1", "2", "9"]
    assert (found.facts.total, found.facts.listed, found.facts.rows_unlisted) == (10, 4, 7 + 6 + 5 + 4 + 3 + 2)


def test_a_missing_column_is_a_reason() -> None:
    assert slicing.split("zz", None, table(["a"]), []).facts.problem is Reason.MISSING_COLUMN


def test_many_metrics_and_columns_share_what_facts_may_hold() -> None:
    assert slicing.most(3, 2) == 200
    assert slicing.most(11, 10) == 36
    assert slicing.most(0, 0) == 200
    assert slicing.most(5_000, 5) == 1
