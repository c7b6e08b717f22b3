"""The content difference of one data set: rows removed, added and changed by key, and breaks of its schema.

Neither side is ever held whole. First the keys alone are read, as hashes (`actions.data.keys`), and matched to row
numbers. Then the columns are read a few at a time and compared row by row (`actions.data.columns`): numbers and times by
their exact values, wider values (text, lists, structs) by a 64-bit hash under a seed drawn anew, which can call two
different values equal with a probability of 2^-64 each. Null equals null and NaN equals NaN.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl

from actions.data.columns import ColumnDifference, Side, differences, nulls
from actions.data.examples import key_examples
from actions.data.keys import Keys, Matches, Seeds, key_types, match, read, without_collision
from actions.data.kinds import DataType
from actions.data.text import Mask, column_name, cut
from policy.facts.data import ColumnChange, DiffFacts, SchemaChange

EXAMPLES = 10
COLUMNS = 2_000
"""The most columns and schema changes that facts may hold; the changed ones come first where there are more."""


def compare(base: pl.LazyFrame | None, head: pl.LazyFrame, key: Sequence[str] | None, *, mask: Mask) -> DiffFacts:
    """What the head changes against the base.

    Without a base everything is added. Without a key, or where a part of the key is missing on one side or of a type
    that cannot be compared, there are row counts, nulls and schema changes, and the counts by key are None.
    Raises UserProblem where a part of the key is in neither side, and polars' errors where a file cannot be read.
    """
    before = Side(base, dict(base.collect_schema())) if base is not None else None
    after = Side(head, dict(head.collect_schema()))
    types = key_types(before.schema if before else after.schema, after.schema, key) if key else None
    if types is None:
        facts = _without_key(before, after)
    elif before is None:
        facts = _new(after, types, mask)
    else:
        facts = _by_key(before, after, types, mask)
    changes = _schema_changes(before.schema, after.schema) if before else []
    return facts.model_copy(update={"key": [column_name(name) for name in key or ()], "schema_changes": changes[:COLUMNS]})


def _without_key(base: Side | None, head: Side) -> DiffFacts:
    shared = [name for name in head.schema if base and name in base.schema]
    rows_base, nulls_base = nulls(base.frame, shared) if base else (0, {})
    rows_head, nulls_head = nulls(head.frame, list(head.schema))
    found = [ColumnDifference(name, 0, nulls_base.get(name, 0), nulls_head[name]) for name in head.schema]
    return DiffFacts(rows_base=rows_base, rows_head=rows_head, columns=_columns(found))


def _new(head: Side, types: Mapping[str, DataType], mask: Mask) -> DiffFacts:
    keys = without_collision(lambda seeds: read(head.frame, types, seeds))
    _, counts = nulls(head.frame, list(head.schema))
    return DiffFacts(
        rows_base=0,
        rows_head=keys.rows,
        removed=0,
        added=keys.rows,
        changed=0,
        duplicates_base=0,
        duplicates_head=keys.duplicates,
        null_keys_head=keys.nulls,
        columns=_columns([ColumnDifference(name, 0, 0, counts[name]) for name in head.schema]),
        duplicate_examples=key_examples(head.frame, keys.repeated(EXAMPLES), types, mask),
    )


def _by_key(base: Side, head: Side, types: Mapping[str, DataType], mask: Mask) -> DiffFacts:
    def attempt(seeds: Seeds) -> tuple[Keys, Keys, Matches, Seeds]:
        ours, theirs = read(base.frame, types, seeds), read(head.frame, types, seeds)
        return ours, theirs, match(ours, theirs), seeds

    ours, theirs, matches, seeds = without_collision(attempt)
    compared = [name for name in head.schema if name in base.schema and name not in types]
    changed, found = differences(base, head, compared, matches, seeds.check)
    return DiffFacts(
        rows_base=ours.rows,
        rows_head=theirs.rows,
        removed=len(matches.removed),
        added=matches.added,
        changed=changed,
        duplicates_base=ours.duplicates,
        duplicates_head=theirs.duplicates,
        null_keys_head=theirs.nulls,
        columns=_columns(_in_order(head.schema, found, _uncompared(base, head, compared))),
        removed_examples=key_examples(base.frame, matches.removed[:EXAMPLES], types, mask),
        duplicate_examples=key_examples(head.frame, theirs.repeated(EXAMPLES), types, mask),
    )


def _uncompared(base: Side, head: Side, compared: Sequence[str]) -> list[ColumnDifference]:
    """The nulls of the other columns of the head: parts of the key, and columns that are new."""
    names = [name for name in head.schema if name not in set(compared)]
    _, before = nulls(base.frame, [name for name in names if name in base.schema])
    _, after = nulls(head.frame, names)
    return [ColumnDifference(name, 0, before.get(name, 0), after[name]) for name in names]


def _in_order(schema: Mapping[str, DataType], *found: list[ColumnDifference]) -> list[ColumnDifference]:
    by_name = {column.name: column for columns in found for column in columns}
    return [by_name[name] for name in schema]


def _columns(found: list[ColumnDifference]) -> list[ColumnChange]:
    """Columns in the head's order; of too many, those that changed stay."""
    if len(found) > COLUMNS:
        found = sorted(found, key=lambda column: (-column.changed, -abs(column.nulls_head - column.nulls_base)))[:COLUMNS]
    return [
        ColumnChange(column=column_name(each.name), changed=each.changed, nulls_base=each.nulls_base, nulls_head=each.nulls_head)
        for each in found
    ]


def _schema_changes(before: Mapping[str, DataType], after: Mapping[str, DataType]) -> list[SchemaChange]:
    """Removals first, then changes of type, then additions."""
    removed = [_schema_change("removed", name, before[name], None) for name in before if name not in after]
    retyped = [
        _schema_change("retyped", name, before[name], after[name])
        for name in before
        if name in after and before[name] != after[name]
    ]
    added = [_schema_change("added", name, None, after[name]) for name in after if name not in before]
    return [*removed, *retyped, *added]


def _schema_change(
    change: Literal["removed", "added", "retyped"], name: str, before: DataType | None, after: DataType | None
) -> SchemaChange:
    return SchemaChange(
        column=column_name(name),
        change=change,
        before=None if before is None else cut(str(before)),
        after=None if after is None else cut(str(after)),
    )
