"""Drift, column by column: the moved ones in large, all of them in a table, base and head over each other."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup

from policy.facts import DataFacts, Facts
from policy.facts.data import ColumnDrift
from policy.result import Result, Status
from policy.verdict import Verdict
from reports import numbers
from reports.html import mark, name, plain, why
from reports.panels.block import Block, Figure, Line, heads, text
from reports.pictures import EMPTY, bar, histograms, paired_bars
from reports.section import RANK
from reports.sections.drift import MEASURES, distance, judged_columns, shapes_of
from reports.sections.parts import LOUD, plural

_MOST_FIGURES = 12
_SHORT = 24
"""Names up to this length stay on the line of their mark."""
_CAPTION = (
    "Grey is the base, the outline is this change; both as shares. A full bar is the largest distance or limit. "
    "Wasserstein distances are normed by the spread of the base."
)

_Judged = tuple[ColumnDrift, Result | None]


def drift(facts: Facts, verdict: Verdict, *, draw: bool) -> list[Block]:
    """A block a data set: every column, worst first; those that moved also as larger pictures."""
    blocks = [
        _block(at, each, judged, draw)
        for at, (each, judged) in enumerate(judged_columns(facts, verdict))
        if each.drift or any(leaf.status in LOUD for leaf in judged.values())
    ]
    return [replace(block, key="drift" if at == 0 else f"drift:{at}") for at, block in enumerate(blocks)]


def _block(at: int, data: DataFacts, judged: Mapping[str, Result], draw: bool) -> Block:
    columns = data.drift.columns if data.drift else []
    found: list[_Judged] = [(column, judged.get(column.column)) for column in columns]
    found.sort(key=lambda each: (RANK[_status(each[1])], -(each[0].value or 0.0)))
    known = {column.column for column in columns}
    # A check that speaks of a column the facts do not hold is shown by its sentence, never left out.
    unknown = [leaf for name, leaf in judged.items() if name not in known and leaf.status is not Status.SKIPPED]
    loud = sum(leaf.status in LOUD for leaf in unknown)
    moved = [each for each in found if _status(each[1]) in LOUD]
    furthest = max((value for column, leaf in found for value in (column.value or 0.0, *_limits(leaf))), default=0.0)
    titles = heads("column", "measure", "distance>", "*", "base and this*", "also")
    drawn = [(column, leaf) for column, leaf in moved if column.histogram_base or column.histogram_head]
    return Block(
        key=f"drift:{at}",
        title=plain(data.path, 80),
        brief=f"{len(moved) + loud} of {plural(len(found) + len(unknown), 'column')} moved",
        status=min((_status(leaf) for leaf in judged.values()), key=RANK.__getitem__, default=Status.SKIPPED),
        notes=tuple(_notes(data)),
        figures=tuple(_figure(column, leaf) for column, leaf in drawn[:_MOST_FIGURES]) if draw else (),
        heads=titles if draw else (*titles[:3], titles[5]),
        lines=(*(_unknown(leaf, draw) for leaf in unknown), *(_line(column, leaf, furthest, draw) for column, leaf in found)),
        caption=_CAPTION if draw and found else "",
    )


def _unknown(leaf: Result, draw: bool) -> Line:
    title = Markup("{} {}").format(mark(leaf.status), name(leaf.name))
    return Line(leaf.status, (title, *[EMPTY] * (4 if draw else 2), why(leaf)))


def _status(leaf: Result | None) -> Status:
    return leaf.status if leaf else Status.SKIPPED


def _limits(leaf: Result | None) -> list[float]:
    """The distances at which a column fails: bars reach for them, so that a column that stays has a short one."""
    found = [each.values.get("fail") for each in (leaf, *leaf.children)] if leaf else []
    return [float(limit) for limit in found if isinstance(limit, int | float)]


def _notes(data: DataFacts) -> list[Markup]:
    if data.drift and data.drift.mode == "profile":
        return [text("Distances come from profiles; ± is the largest error that a profile can have made.")]
    return []


def _title(column: ColumnDrift) -> str:
    return f"{column.column}: {MEASURES[column.measure]} {distance(column.value)}, base and this change"


def _ends(column: ColumnDrift) -> tuple[str, str] | None:
    return (plain(column.labels[0], 18), plain(column.labels[-1], 18)) if len(column.labels) > 1 else None


def _figure(column: ColumnDrift, leaf: Result | None) -> Figure:
    title = _title(column)
    if column.kind in ("category", "boolean"):
        drawn = paired_bars(column.labels, column.histogram_base, column.histogram_head, title)
    else:
        drawn = histograms(column.histogram_base, column.histogram_head, title, ends=_ends(column), width=300, height=120)
    heading = Markup("{} {}").format(mark(_status(leaf)), name(column.column, 60))
    return Figure(heading, drawn, why(leaf) if leaf else EMPTY, _status(leaf))


def _line(column: ColumnDrift, leaf: Result | None, furthest: float, draw: bool) -> Line:
    status = _status(leaf)
    steady = "steady" if len(column.column) <= _SHORT else "long"
    title = Markup('<span class="{}">{} {}</span>').format(steady, mark(status), name(column.column))
    bound = Markup(' <span class="where">± {}</span>').format(numbers.number(column.bound, 1)) if column.bound else EMPTY
    value = text(distance(column.value)) + bound
    pictures = (_bar(column, furthest, status), _small(column)) if draw else ()
    measure = Markup('<span class="steady">{}</span>').format(MEASURES[column.measure].partition(",")[0])
    return Line(status, (title, measure, value, *pictures, _also(column, leaf)))


def _bar(column: ColumnDrift, furthest: float, status: Status) -> Markup:
    if column.value is None:
        return EMPTY
    return bar(column.value, furthest, _title(column), css=f"tone {status.value}", width=90)


def _small(column: ColumnDrift) -> Markup:
    return histograms(*shapes_of(column), _title(column))


def _also(column: ColumnDrift, leaf: Result | None) -> Markup:
    notes: list[Markup] = []
    if column.problem is not None or column.value is None:
        notes.append(why(leaf) if leaf else text(column.problem or "no distance"))
    if abs(column.nulls_head - column.nulls_base) >= 0.0005:
        notes.append(text(f"nulls {numbers.share(column.nulls_base)} → {numbers.share(column.nulls_head)}"))
    for word, names, total in (
        ("new", column.new_categories, column.new_categories_total),
        ("gone", column.gone_categories, column.gone_categories_total),
    ):
        if names:
            rest = max(total, len(names)) - len(names)
            more = f" and {numbers.count(rest)} more" if rest else ""
            notes.append(Markup("{}: {}{}").format(word, Markup(", ").join(name(each, 40) for each in names), more))
    return Markup("; ").join(notes)
