"""Data files of plots, good and hostile."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from actions.evaluate.plot_tables import NotDrawn, column, label, last_field, number, rows


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"x,y\n1,2\n3,4\n"),
        ("a.tsv", b"\xef\xbb\xbfx\ty\r\n1\t2\r\n\r\n3\t4\r\n"),
        ("a.json", b'[{"x": 1, "y": 2}, {"x": 3, "y": 4}]'),
        ("a.json", b'{"deep": {"curve": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}}'),
        ("a.yaml", b"curve:\n- {x: 1, y: 2}\n- {x: 3, y: 4}\n"),
    ],
)
def test_every_format_gives_the_same_columns(name: str, content: bytes) -> None:
    table = rows(name, content)
    assert [number(value) for value in column(table, "x", name)] == [1, 3]
    assert last_field(table, "x") == "y"
    assert last_field(table, "y") == "x"


def test_lists_side_by_side_are_one_table_as_in_dvc() -> None:
    assert rows("a.json", b'{"a": [{"x": 1}, {"x": 2}], "b": [{"y": 3}]}') == [{"x": 1, "y": 3}, {"x": 2}]


def test_a_file_without_a_header_has_numbered_fields() -> None:
    assert rows("a.csv", b"1,2\n3,4\n", header=False) == [{"0": "1", "1": "2"}, {"0": "3", "1": "4"}]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "no points"),
        ("a.json", b"{}", "no points"),
        ("a.json", b"3", "no points"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b'{"x": ', "cannot be read"),
        ("a.csv", b"\xff\xfe\x00", "cannot be read"),
        ("a.csv", b"x\n" + b'"' + b"a" * 200_000, "cannot be read"),
        ("a.yaml", b"!!python/object:os.system [ls]", "tag"),
        ("a.yaml", b"a: &a [1,1]\nb: &b [*a,*a]\n" + b"c: [" + b"*b," * 400_000 + b"]", "more than"),
        ("a.parquet", b"PAR1", "not from .parquet"),
        ("a.csv", b"x\n" + b"1\n" * 500_002, "more than 500,000"),
        ("a.csv", b",".join(b"%d" % field for field in range(3_000)) + b"\n1\n", "more than 2,000 fields"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, told: str) -> None:
    with pytest.raises(NotDrawn, match=told):
        rows(name, content)


@pytest.mark.parametrize("value", [None, True, "nan", "inf", "1_0", "", "x", [1], {}, float("nan"), 10**400])
def test_what_is_no_finite_number_is_none(value: object) -> None:
    assert number(value) is None


def test_classes_are_called_the_same_in_every_format() -> None:
    assert [label(each) for each in (1.0, "1", True, None, "a" * 100)] == ["1", "1", "true", None, "a" * 80]


def test_a_field_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(NotDrawn, match="has no field z; it has x, y"):
        column([{"x": 1, "y": 2}], "z", "a.csv")


@given(some.binary(max_size=200), some.sampled_from(["a.csv", "a.tsv", "a.json", "a.yaml"]))
def test_no_bytes_are_a_crash(content: bytes, name: str) -> None:
    try:
        table = rows(name, content)
    except NotDrawn:
        return
    assert table
