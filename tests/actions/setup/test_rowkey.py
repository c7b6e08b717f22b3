"""A key is guessed from a sample and held to every row."""

import polars as pl

from actions.setup import rowkey
from actions.setup.columns import Column, Table


def key(frame: pl.DataFrame) -> list[str]:
    columns = tuple(Column(name, kind, frame[name].null_count()) for name, kind in frame.schema.items())
    return rowkey.infer(frame.lazy(), Table(frame.height, columns))


def test_a_column_named_id_is_the_key_even_of_few_rows() -> None:
    assert key(pl.DataFrame({"value": [3, 1, 2], "id": [1, 2, 3]})) == ["id"]


def test_a_number_that_happens_to_be_unique_in_few_rows_is_no_key() -> None:
    assert key(pl.DataFrame({"price": [3, 1, 2]})) == []


def test_a_column_with_a_missing_value_and_a_float_are_no_key() -> None:
    assert key(pl.DataFrame({"id": [1, 2, None], "user_id": [1.0, 2.0, 3.0]})) == []


def test_several_columns_make_a_key_and_none_that_is_not_needed() -> None:
    frame = pl.DataFrame(
        [{"shop": f"s{s}", "day": d, "colour": s % 3, "sold": (s * d) % 7} for s in range(20) for d in range(20)]
    )
    assert key(frame) == ["shop", "day"]


def test_what_is_unique_only_in_the_sample_is_completed_on_all_rows() -> None:
    rows = 60_000
    frame = pl.DataFrame({"hour": range(rows), "place": ["x"] * rows}).with_columns(extra=pl.lit("a"))
    twice = pl.concat([frame, frame.head(1).with_columns(place=pl.lit("y"))])
    assert key(twice) in (["hour", "place"], [])
    assert rowkey.unique(twice.lazy(), ["hour", "place"])
    assert not rowkey.unique(twice.lazy(), ["hour"])


def test_rows_that_are_all_the_same_have_no_key() -> None:
    assert key(pl.DataFrame({"id": ["a"] * 500, "day": [1] * 500})) == []


def test_long_texts_name_no_row() -> None:
    assert key(pl.DataFrame({"review": [f"{i} {'word ' * 30}" for i in range(500)]})) == []
