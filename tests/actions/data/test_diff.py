"""The content difference, against a naive model in plain dictionaries, and every odd shape a column can take."""

import math
from collections import Counter, defaultdict
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.data.diff import compare
from policy.facts.data import DiffFacts
from policy.problems import UserProblem

NAN = float("nan")
Row = tuple[Any, ...]

KEYS = st.tuples(st.sampled_from([1, 2, 3, None]), st.sampled_from(["a", "b", "", None]))
VALUES = st.tuples(
    st.sampled_from([0.0, -0.0, 0.1 + 0.2, 0.3, NAN, math.inf, None]),
    st.sampled_from(["x", "y", "", None]),
    st.sampled_from([[1], [1, 2], [], None]),
)
ROWS = st.lists(st.tuples(KEYS, VALUES).map(lambda pair: (*pair[0], *pair[1])), max_size=12)
SCHEMA = {"k": pl.Int64, "l": pl.String, "f": pl.Float64, "s": pl.String, "n": pl.List(pl.Int64)}


def plain(text: str) -> str:
    return text


def frame(rows: list[Row]) -> pl.LazyFrame:
    return pl.LazyFrame(rows, schema=SCHEMA, orient="row")


def diff(base: pl.LazyFrame | None, head: pl.LazyFrame, key: list[str] | None = None) -> DiffFacts:
    return compare(base, head, key or ["k"], mask=plain)


def changed(facts: DiffFacts) -> dict[str, int]:
    return {column.column: column.changed for column in facts.columns if column.changed}


def same(a: Any, b: Any) -> bool:
    both_nan = isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b)
    return both_nan or ((a is None) == (b is None) and a == b)


def naive(base: list[Row], head: list[Row]) -> dict[str, Any]:
    """What the difference means, said as plainly as possible: the n-th row of a key belongs to the n-th of the other side."""

    def grouped(rows: list[Row]) -> dict[Row, list[Row]]:
        groups: dict[Row, list[Row]] = defaultdict(list)
        for row in rows:
            groups[row[:2]].append(row[2:])
        return groups

    before, after = grouped(base), grouped(head)
    removed = sum(max(0, len(before[key]) - len(after.get(key, []))) for key in before)
    added = sum(max(0, len(after[key]) - len(before.get(key, []))) for key in after)
    pairs = [pair for key in before for pair in zip(before[key], after.get(key, []), strict=False)]
    per_column = Counter(place for ours, theirs in pairs for place in range(3) if not same(ours[place], theirs[place]))
    return {
        "removed": removed,
        "added": added,
        "changed": sum(any(not same(a, b) for a, b in zip(ours, theirs, strict=True)) for ours, theirs in pairs),
        "columns": {name: per_column[place] for place, name in enumerate("fsn") if per_column[place]},
        "duplicates_base": len(base) - len(before),
        "duplicates_head": len(head) - len(after),
        "null_keys_head": sum(None in row[:2] for row in head),
    }


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS, st.booleans())
def test_the_difference_is_what_a_naive_dictionary_says(base: list[Row], head: list[Row], follow: bool) -> None:
    head = [*base[1:], *head] if follow else head
    facts, expected = diff(frame(base), frame(head), ["k", "l"]), naive(base, head)
    assert (facts.rows_base, facts.rows_head) == (len(base), len(head))
    assert changed(facts) == expected.pop("columns")
    assert {name: getattr(facts, name) for name in expected} == expected
    for place, column in enumerate(facts.columns):
        assert column.nulls_base == sum(row[place] is None for row in base)
        assert column.nulls_head == sum(row[place] is None for row in head)


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_a_frame_does_not_differ_from_itself(rows: list[Row]) -> None:
    facts = diff(frame(rows), frame(rows), ["k", "l"])
    assert (facts.removed, facts.added, facts.changed, facts.schema_changes) == (0, 0, 0, [])


@settings(max_examples=30, deadline=None)
@given(ROWS, ROWS)
def test_what_one_direction_removes_the_other_adds(base: list[Row], head: list[Row]) -> None:
    there, back = diff(frame(base), frame(head), ["k", "l"]), diff(frame(head), frame(base), ["k", "l"])
    assert (there.removed, there.added, there.changed) == (back.added, back.removed, back.changed)


def test_rows_in_another_order_are_the_same_rows() -> None:
    base = pl.LazyFrame({"k": range(1_000), "v": range(1_000)})
    facts = diff(base, base.reverse())
    assert (facts.removed, facts.added, facts.changed) == (0, 0, 0)


def test_removed_rows_are_shown_by_their_masked_keys_at_most_ten() -> None:
    base = pl.LazyFrame({"k": range(100), "who": [f"p{i}@acme.org" for i in range(100)]})
    facts = compare(base, base.tail(50), ["k", "who"], mask=lambda text: text.split("@")[0])
    assert facts.removed == 50
    assert [example.key for example in facts.removed_examples] == [{"k": str(i), "who": f"p{i}"} for i in range(10)]


def test_duplicate_keys_are_shown_once_each() -> None:
    head = pl.LazyFrame({"k": [1, 2, 1, 1, 2, 3], "v": range(6)})
    facts = diff(None, head)
    assert facts.duplicates_head == 3
    assert [example.key for example in facts.duplicate_examples] == [{"k": "1"}, {"k": "2"}]


def test_a_new_data_set_adds_all_its_rows() -> None:
    facts = diff(None, pl.LazyFrame({"k": [1, 2, None], "v": [None, 1.0, 2.0]}))
    assert (facts.rows_base, facts.added, facts.removed, facts.changed, facts.null_keys_head) == (0, 3, 0, 0, 1)
    assert facts.schema_changes == []
    assert {column.column: column.nulls_head for column in facts.columns} == {"k": 1, "v": 1}


def test_without_a_key_there_are_rows_nulls_and_schema_alone() -> None:
    facts = compare(
        pl.LazyFrame({"a": [1, None], "b": [1, 1]}),
        pl.LazyFrame({"a": [None], "c": [1]}, schema={"a": pl.Int64, "c": pl.Int64}),
        None,
        mask=plain,
    )
    assert (facts.rows_base, facts.rows_head, facts.removed, facts.added, facts.changed) == (2, 1, None, None, None)
    assert [(column.column, column.nulls_base, column.nulls_head) for column in facts.columns] == [("a", 1, 1), ("c", 0, 0)]
    assert [(change.column, change.change) for change in facts.schema_changes] == [("b", "removed"), ("c", "added")]


def test_a_removed_column_comes_before_a_retyped_and_an_added_one() -> None:
    base = pl.LazyFrame({"k": [1], "gone": ["x"], "other": [1]})
    head = pl.LazyFrame({"k": [1], "new": [True], "other": ["1"]})
    facts = diff(base, head)
    assert [(each.change, each.column, each.before, each.after) for each in facts.schema_changes] == [
        ("removed", "gone", "String", None),
        ("retyped", "other", "Int64", "String"),
        ("added", "new", None, "Boolean"),
    ]


@pytest.mark.parametrize("head", [{"v": [1, 2]}, {"k": ["1", "2"], "v": [1, 2]}, {"k": [1.0, 2.0], "v": [1, 2]}])
def test_a_key_column_that_is_gone_or_retyped_leaves_no_counts(head: dict[str, Any]) -> None:
    facts = diff(pl.LazyFrame({"k": [1, 2], "v": [1, 2]}), pl.LazyFrame(head))
    assert (facts.removed, facts.added, facts.changed, facts.duplicates_head, facts.null_keys_head) == (None,) * 5
    assert [change.column for change in facts.schema_changes] == ["k"]
    assert (facts.key, facts.rows_base, facts.rows_head) == (["k"], 2, 2)


def test_a_key_that_no_side_has_is_a_problem_of_the_policy() -> None:
    with pytest.raises(UserProblem, match="no column 'nope'"):
        diff(pl.LazyFrame({"k": [1]}), pl.LazyFrame({"k": [1]}), ["k", "nope"])


@pytest.mark.parametrize("rows", [(0, 0), (0, 3), (3, 0)])
def test_zero_rows_are_counted_as_zero_rows(rows: tuple[int, int]) -> None:
    base, head = (pl.LazyFrame({"k": range(count), "v": ["x"] * count}, schema={"k": pl.Int64, "v": pl.String}) for count in rows)
    facts = diff(base, head)
    assert (facts.rows_base, facts.rows_head, facts.removed, facts.added, facts.changed) == (*rows, rows[0], rows[1], 0)


def test_hostile_names_and_values_fit_into_the_facts() -> None:
    long = "n" * 2_000
    names = {"": [1, 1], long: ["‮x\x00" * 5_000] * 2, "row0": [1, 1]}
    facts = compare(None, pl.LazyFrame(names), ["", long, "row0"], mask=plain)
    (example,) = facts.duplicate_examples
    assert set(example.key) == {"(unnamed)", long[:499] + "…", "row0"}
    assert DiffFacts.model_validate_json(facts.model_dump_json()) == facts


def test_of_too_many_columns_those_that_changed_stay() -> None:
    base = pl.LazyFrame({"k": [1], **{f"c{i}": [i] for i in range(2_100)}})
    facts = diff(base, base.with_columns(c2099=pl.lit(-1)))
    assert (len(facts.columns), facts.columns[0].column) == (2_000, "c2099")


def test_files_are_compared_as_frames_are(tmp_path: Any) -> None:
    base = pl.DataFrame({"k": range(5_000), "v": [str(i) for i in range(5_000)]})
    base.write_parquet(tmp_path / "base.parquet", row_group_size=500)
    base.with_columns(v=pl.when(pl.col("k") == 4_321).then(pl.lit("?")).otherwise("v")).tail(4_990).write_csv(
        tmp_path / "head.csv"
    )
    facts = diff(pl.scan_parquet(tmp_path / "base.parquet"), pl.scan_csv(tmp_path / "head.csv", infer_schema_length=None))
    assert (facts.removed, facts.added, facts.changed) == (10, 0, 1)
    assert [example.key["k"] for example in facts.removed_examples] == [str(i) for i in range(10)]
