"""What a report is laid out from: sections of rows and blocks, all of it Markdown that is already safe.

A section knows how many rows it had before it was cut, so that whatever is left out is said.
"""

from dataclasses import dataclass, replace
from typing import Literal

from policy.result import Status
from reports import numbers
from reports.markdown import EMPTY, Markdown, row

ICONS = {
    Status.PASSED: Markdown("🟢"),
    Status.WARNED: Markdown("🟡"),
    Status.FAILED: Markdown("🔴"),
    Status.SKIPPED: Markdown("⚪"),
}
RANK = {Status.FAILED: 0, Status.WARNED: 1, Status.PASSED: 2, Status.SKIPPED: 3}
"""Worst first."""

Align = Literal["left", "right", "centre"]
_RULES = {"left": "---", "right": "--:", "centre": ":-:"}


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a table's column."""

    title: Markdown
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, as bad as `status`."""

    status: Status
    cells: tuple[Markdown, ...]

    @property
    def line(self) -> str:
        """The row as a line of a GFM table."""
        return row(self.cells)


@dataclass(frozen=True, slots=True)
class Block:
    """Something that stands on lines of its own, such as a chart or the last lines of a log; `title` stands above it."""

    status: Status
    title: Markdown
    body: Markdown


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a report: paragraphs, one table, then blocks.

    `cap` is the number of rows that serve a reader of a comment; the page shows all. `rows_total` and `blocks_total` count
    what there was before anything was cut. `brief` is a count in words of ours, for the summary line.
    """

    key: str
    title: str
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    blocks: tuple[Block, ...] = ()
    paragraphs: tuple[Markdown, ...] = ()
    brief: str = ""
    folded: bool = True
    cap: int = 50
    block_cap: int = 5
    rows_total: int = -1
    blocks_total: int = -1

    def __post_init__(self) -> None:
        if self.rows_total < 0:
            object.__setattr__(self, "rows_total", len(self.rows))
        if self.blocks_total < 0:
            object.__setattr__(self, "blocks_total", len(self.blocks))

    @property
    def status(self) -> Status:
        """As bad as its worst row or block."""
        found = [*(each.status for each in self.rows), *(each.status for each in self.blocks)]
        worst = min(found, key=RANK.__getitem__, default=Status.PASSED)
        return Status.PASSED if worst is Status.SKIPPED else worst

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show and nothing that was left out."""
        return not (self.rows_total or self.blocks_total or self.paragraphs)

    @property
    def heading(self) -> Markdown:
        """The title and the count, for the summary line of a fold."""
        return Markdown(f"<b>{self.title}</b> ({self.brief})" if self.brief else f"<b>{self.title}</b>")

    @property
    def table(self) -> Markdown:
        """The rows as a GFM table; nothing where no row is left."""
        if not self.rows:
            return EMPTY
        rules = " | ".join(_RULES[column.align] for column in self.columns)
        head = row(column.title for column in self.columns)
        return Markdown("\n".join([head, f"| {rules} |", *[each.line for each in self.rows]]))

    @property
    def omission(self) -> Markdown:
        """One line that says what is not shown and where it is; empty where everything is shown."""
        missing = []
        if len(self.rows) < self.rows_total:
            missing.append(f"{numbers.count(self.rows_total - len(self.rows))} of {numbers.count(self.rows_total)} rows")
        if len(self.blocks) < self.blocks_total:
            missing.append(f"{numbers.count(self.blocks_total - len(self.blocks))} of {numbers.count(self.blocks_total)} blocks")
        if not missing:
            return EMPTY
        return Markdown(f"*{' and '.join(missing)} are not shown here (the worst come first); the HTML report has them all.*")

    def cut(self, rows: int, blocks: int) -> "Section":
        """The same section with its first rows and blocks only."""
        return replace(self, rows=self.rows[:rows], blocks=self.blocks[:blocks])

    def tidied(self) -> "Section":
        """Without its first column where that says the same in every row; then it is said once, above the table."""
        named = {each.cells[0].source for each in self.rows}
        if len(named) != 1 or not self.columns:
            return self
        said = self.columns[0].title + Markdown(": ") + self.rows[0].cells[0]
        rows = tuple(Row(each.status, each.cells[1:]) for each in self.rows)
        return replace(self, columns=self.columns[1:], rows=rows, paragraphs=(said, *self.paragraphs))

    def without_empty_columns(self) -> "Section":
        """Without the columns that say nothing in any row."""
        kept = [number for number in range(len(self.columns)) if any(each.cells[number] for each in self.rows)]
        if not self.rows or len(kept) == len(self.columns):
            return self
        rows = tuple(Row(each.status, tuple(each.cells[number] for number in kept)) for each in self.rows)
        return replace(self, columns=tuple(self.columns[number] for number in kept), rows=rows)


def worst_first(rows: list[Row]) -> tuple[Row, ...]:
    """Rows by status, otherwise in their order."""
    return tuple(sorted(rows, key=lambda each: RANK[each.status]))


def columns(*titles: str) -> tuple[Column, ...]:
    """Heads of ours: `"value>"` stands right, `"value^"` centred, anything else left."""
    aligned: dict[str, Align] = {">": "right", "^": "centre"}
    return tuple(Column(Markdown(title.rstrip(">^")), aligned.get(title[-1:], "left")) for title in titles)
