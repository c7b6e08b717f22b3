"""Rows of one data set that stand, by key, in another as well: evaluation rows that were trained on."""

from collections.abc import Sequence

import polars as pl

from actions.data.examples import key_examples
from actions.data.keys import CollisionError, Keys, Rows, key_types, read, without_collision
from actions.data.kinds import DataType
from actions.data.text import Mask, column_name
from policy.facts.data import OverlapFacts
from policy.problems import UserProblem

EXAMPLES = 10


def overlap(head: pl.LazyFrame, other: pl.LazyFrame, key: Sequence[str], other_name: str, *, mask: Mask) -> OverlapFacts:
    """How many of the head's different keys the other data set has, and their share of the head's different keys.

    A key with a null in it belongs to nobody and is not counted. Keys compare by value, as in a data difference, and
    only their hashes are held. Raises UserProblem where a part of the key is missing or has no common type.
    """
    types = _types(head, other, key, other_name)
    shared, distinct, first = without_collision(lambda seeds: _shared(read(head, types, seeds), read(other, types, seeds)))
    return OverlapFacts(
        other=column_name(other_name),
        key=[column_name(name) for name in types],
        rows=shared,
        share=shared / distinct if distinct else 0.0,
        examples=key_examples(head, first, types, mask),
    )


def _types(head: pl.LazyFrame, other: pl.LazyFrame, key: Sequence[str], other_name: str) -> dict[str, DataType]:
    ours, theirs = dict(head.collect_schema()), dict(other.collect_schema())
    types = key_types(ours, theirs, key)
    if types:
        return types
    told = ", ".join(f"{name} ({ours.get(name, 'missing')} here, {theirs.get(name, 'missing')} there)" for name in key)
    raise UserProblem(
        f"the keys cannot be compared with those of {other_name}: {told or 'there is no key'}", "key", "mend the columns"
    )


def _shared(head: Keys, other: Keys) -> tuple[int, int, Rows]:
    ours = _distinct(head)
    both = ours.join(_distinct(other), on="hash", how="inner")
    if (both["check"] != both["check_right"]).any():
        raise CollisionError
    return both.height, ours.height, both["row"].sort().head(EXAMPLES).to_numpy()


def _distinct(keys: Keys) -> pl.DataFrame:
    rows = keys.frame.with_row_index("row").filter(~pl.col("null")).select(pl.col("row").cast(pl.Int64), "hash", "check")
    return rows.unique("hash", keep="first") if keys.duplicates else rows
