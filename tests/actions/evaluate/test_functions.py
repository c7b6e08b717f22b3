"""The jackknife around functions of which nothing is known."""

import numpy as np
import pytest

from actions.evaluate import functions
from tests.actions.evaluate.predictions import frame


def test_as_many_groups_as_are_affordable_and_enough() -> None:
    assert [functions.groups(rows) for rows in (0, 9, 12, 1_000, 200_000, 400_000, 1_000_000)] == [0, 0, 12, 40, 20, 10, 0]


def test_every_row_is_left_out_once_and_the_same_on_both_sides() -> None:
    table = frame(100)
    parts = functions.left_out(table, 10, seed=3)
    missing = [set(range(100)) - set(part["id"].to_list()) for part in parts]
    assert sorted(row for rows in missing for row in rows) == list(range(100))
    assert [part["id"].to_list() for part in functions.left_out(table, 10, seed=3)] == [part["id"].to_list() for part in parts]


def test_the_standard_error_of_a_mean_is_the_textbooks() -> None:
    values = np.random.default_rng(0).normal(size=4_000)
    groups = np.arange(4_000) % 40
    left_out = np.array([values[groups != group].mean() for group in range(40)])
    error = functions.jackknife(np.zeros(40), left_out).standard_error
    assert error == pytest.approx(values.std() / np.sqrt(4_000), rel=0.25)


def test_a_value_that_is_missing_leaves_no_interval() -> None:
    assert functions.jackknife(np.zeros(10), np.r_[np.nan, np.zeros(9)]) is None
