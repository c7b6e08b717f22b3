"""Rows shown by their keys."""

import datetime as dt

import numpy as np
import polars as pl

from actions.data.examples import key_examples

FRAME = pl.LazyFrame({"row0": [5, 6, None], "at": [dt.datetime(2013, 1, 1, 5), None, None], "secret": ["x", "y", "z"]})


def test_rows_are_shown_in_row_order_by_their_keys_alone() -> None:
    found = key_examples(FRAME, np.array([2, 0]), ["at", "row0"], str)
    assert [example.key for example in found] == [{"at": "2013-01-01 05:00:00", "row0": "5"}, {"at": "null", "row0": "null"}]


def test_no_rows_are_no_examples() -> None:
    assert key_examples(FRAME, np.array([], dtype=np.int64), ["at"], str) == []


def test_every_value_of_a_key_goes_through_the_mask() -> None:
    (example,) = key_examples(FRAME, np.array([1]), ["row0", "secret"], lambda text: "•••")
    assert set(example.key.values()) == {"•••"}
