"""A section shows its rows, and says how many it does not show."""

from policy.result import Status
from reports.markdown import Markdown, code
from reports.section import Block, Row, Section, columns, worst_first


def rows(*statuses: Status) -> tuple[Row, ...]:
    return tuple(Row(status, (code(f"r{number}"), Markdown(""))) for number, status in enumerate(statuses))


def test_heads_say_how_their_column_stands() -> None:
    section = Section("key", "Title", columns=columns("name", "value>", "change^"), rows=(Row(Status.PASSED, (code("a"),) * 3),))
    assert section.table.source.splitlines()[:2] == ["| name | value | change |", "| --- | --: | :-: |"]


def test_a_cut_section_says_what_is_missing_and_where_it_is() -> None:
    block = Block(Status.FAILED, Markdown("log"), Markdown("x"))
    section = Section("key", "Title", columns=columns("a", "b"), rows=rows(*[Status.PASSED] * 1_200), blocks=(block, block))
    assert not section.omission
    assert section.cut(200, 1).omission.source == (
        "*1,000 of 1,200 rows and 1 of 2 blocks are not shown here (the worst come first); the HTML report has them all.*"
    )
    assert not section.cut(0, 0).table
    assert not section.cut(0, 0).is_empty


def test_a_section_is_as_bad_as_its_worst_row() -> None:
    assert Section("key", "Title", rows=rows(Status.PASSED, Status.FAILED, Status.WARNED)).status is Status.FAILED
    assert Section("key", "Title", rows=rows(Status.SKIPPED)).status is Status.PASSED


def test_worst_rows_come_first_and_equals_keep_their_order() -> None:
    found = worst_first(list(rows(Status.PASSED, Status.FAILED, Status.WARNED, Status.FAILED)))
    assert [str(row.cells[0]) for row in found] == ["`r1`", "`r3`", "`r2`", "`r0`"]


def test_what_is_the_same_in_every_row_is_said_once() -> None:
    same = tuple(Row(Status.PASSED, (code("data.csv"), code(name))) for name in "ab")
    tidied = Section("key", "Title", columns=columns("data", "column"), rows=same).tidied()
    assert tidied.paragraphs == (Markdown("data: `data.csv`"),)
    assert [column.title.source for column in tidied.columns] == ["column"]
    different = Section("key", "Title", columns=columns("data", "column"), rows=rows(Status.PASSED, Status.PASSED))
    assert different.tidied() == different


def test_columns_that_say_nothing_are_dropped() -> None:
    section = Section("key", "Title", columns=columns("name", "note"), rows=rows(Status.PASSED, Status.PASSED))
    assert [column.title.source for column in section.without_empty_columns().columns] == ["name"]
