"""Profiles of whole data sets, and their merging."""

import numpy as np
import pytest

from actions.drift.categories import counted
from actions.drift.numbers import Numbers
from actions.drift.profile import Column, Profile, merge
from policy.problems import UserProblem


def numbers(name: str, *values: float, missing: int = 0) -> Column:
    return Column(name, "number", "Float64", len(values) + missing, missing, numbers=Numbers.of(np.array(values)))


def words(name: str, **counts: int) -> Column:
    total = sum(counts.values())
    kept = counted(list(counts), np.array(list(counts.values())), total=total, distinct=len(counts))
    return Column(name, "category", "String", total, 0, categories=kept)


def test_merging_adds_rows_values_and_missing_ones() -> None:
    whole = merge(Profile(3, (numbers("x", 1, 2, missing=1),)), Profile(2, (numbers("x", 3, 4),)))
    (column,) = whole.columns
    assert (whole.rows, column.rows, column.missing, column.values) == (5, 5, 1, 4)
    assert column.numbers is not None
    assert column.numbers.points.tolist() == [1, 2, 3, 4]


def test_a_column_that_one_part_lacks_is_missing_in_its_rows() -> None:
    whole = merge(Profile(2, (numbers("x", 1, 2),)), Profile(3, (words("y", a=3),)))
    assert [(column.name, column.kind, column.missing) for column in whole.columns] == [("x", "number", 3), ("y", "category", 2)]


def test_a_column_that_is_empty_everywhere_stays_empty() -> None:
    empty = Column("x", "empty", "Null", 2, 2)
    assert merge(Profile(2, (empty,)), Profile(2, (empty,))).columns == (Column("x", "empty", "Null", 4, 4),)


def test_a_column_that_changes_its_kind_cannot_be_merged() -> None:
    with pytest.raises(UserProblem, match="'x' is Float64 in one part and String in another"):
        merge(Profile(1, (numbers("x", 1),)), Profile(1, (words("x", a=1),)))
