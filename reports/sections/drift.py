"""Drift, column by column, with the shapes of base and head side by side."""

import re
from collections.abc import Collection, Iterator

from policy.facts import DataFacts, Facts
from policy.facts.data import ColumnDrift
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, join, put
from reports.section import ICONS, Column, Row, Section, columns, worst_first
from reports.sections.parts import LOUD, child, part, plural
from reports.sentences import why
from reports.sparkline import pair, sparkline

MEASURES = {
    "wasserstein": "Wasserstein, normed",
    "ks": "Kolmogorov-Smirnov",
    "jensen_shannon": "Jensen-Shannon",
    "psi": "population stability index",
}


_PROFILES = Markdown(
    "Distances come from profiles; ± is the largest error that they can have made. Wasserstein distances are normed by the "
    "spread of the base."
)
_USUAL, _MOST = 12, 40
"""Columns that a comment shows: so many, and more only of those that moved."""
_STAYS = "\u00a0"
"""A blank at which no line is broken."""


def drift(facts: Facts, verdict: Verdict) -> list[Section]:
    """One section over all data sets, worst columns first."""
    rows = []
    modes = []
    for each, judged in judged_columns(facts, verdict):
        rows += _rows(each, judged)
        if each.drift:
            modes.append(each.drift.mode)
    loud = sum(row.status in LOUD for row in rows)
    notes = [_PROFILES] if "profile" in modes else []
    heads = columns("data", "column", "measure", "value>", "look / limit>")
    return [
        Section(
            "drift",
            "Drift, column by column",
            columns=(*heads, Column(put("{} ▸ this", code(facts.revision.base_name, 30))), *columns("also")),
            rows=worst_first(rows),
            paragraphs=tuple(notes) if rows else (),
            brief=f"{numbers.count(loud)} of {numbers.count(len(rows))}",
            cap=min(_MOST, max(_USUAL, loud)),
        ).tidied()
    ]


def judged_columns(facts: Facts, verdict: Verdict) -> Iterator[tuple[DataFacts, dict[str, Result]]]:
    """Every data set with the results of its columns, by name."""
    whole = part(verdict, "drift")
    for each in facts.data:
        own = child(whole, each.path)
        yield each, {column.name: column for column in own.children} if own else {}


def _rows(each: DataFacts, judged: dict[str, Result]) -> list[Row]:
    found = sorted(each.drift.columns, key=lambda column: -(column.value or 0.0)) if each.drift else []
    rows = [_row(each, column, judged.get(column.column)) for column in found]
    known = {column.column for column in found}
    # A check that speaks of a column the facts do not hold is shown by its sentence, never left out.
    unknown = [leaf for name, leaf in judged.items() if name not in known and leaf.status is not Status.SKIPPED]
    blank = [EMPTY] * 4
    return rows + [Row(leaf.status, (code(each.path), code(leaf.name), *blank, _remark(leaf))) for leaf in unknown]


def _remark(leaf: Result) -> Markdown:
    return put(f"{ICONS[leaf.status]} {{}}", why(leaf))


def _row(each: DataFacts, column: ColumnDrift, leaf: Result | None) -> Row:
    # The verdict lists only some of the columns that are quiet; one that it does not list moved nowhere.
    status = leaf.status if leaf else Status.SKIPPED if column.skipped else Status.PASSED
    limits = _limits(leaf)
    value = put(f"{{}} {ICONS[status]}", _value(column, limits))
    shapes = Markdown(pair(*shapes_of(column)).replace(" ", _STAYS))
    cells = (
        code(each.path),
        code(column.column),
        Markdown(MEASURES[column.measure].partition(",")[0].replace(" ", _STAYS)),
        value,
        Markdown(" / ".join(limits) or numbers.MISSING),
        shapes,
        _also(column, leaf),
    )
    return Row(status, cells)


def _value(column: ColumnDrift, limits: list[str]) -> Markdown:
    bound = f" ± {numbers.number(column.bound, 1)}" if column.bound else ""
    return Markdown(f"{distance(column.value, limits)}{bound}")


def distance(value: float | None, limits: Collection[str] = (), decimals: int = 3) -> str:
    """A distance to a few decimals; beside a limit that it is not, it is never rounded to it, and never to nothing."""
    if value is None or value == 0:
        return numbers.number(value)
    if abs(value) < 0.5 * 10**-decimals:
        return f"< {numbers.fixed(10**-decimals, decimals)}"
    tried = [numbers.fixed(value, each) for each in range(decimals, decimals + 4)]
    reads = {float(limit.replace(",", "")) for limit in limits if _PLAIN.match(limit)}
    return next((each for each in tried if float(each.replace(",", "").replace(numbers.MINUS, "-")) not in reads), tried[-1])


_PLAIN = re.compile(r"[\d,]+(\.\d+)?\Z")
_OTHERS = "others"
"""The last label of a profile's categories, for all that it does not name."""


def shapes_of(column: ColumnDrift, most: int = 12) -> tuple[list[int], list[int]]:
    """The histograms to draw. Categories have no neighbours: the first are shown, and not what a profile left without a name."""
    if column.kind != "category":
        return column.histogram_base, column.histogram_head
    named = len(column.labels) - 1 if column.labels[-1:] == [_OTHERS] else None
    return column.histogram_base[:named][:most], column.histogram_head[:named][:most]


def _limits(leaf: Result | None) -> list[str]:
    """The distances from which the column is worth a look, and from which it moved too far."""
    said = next((each.values for each in leaf.leaves() if "fail" in each.values), {}) if leaf else {}
    known = [said.get(name) for name in ("warn", "fail")]
    return [numbers.number(float(limit), 3) for limit in known if isinstance(limit, int | float)]


def _also(column: ColumnDrift, leaf: Result | None) -> Markdown:
    notes = []
    if column.problem is not None or column.skipped is not None:
        notes.append(why(leaf) if leaf else code(column.problem or column.skipped or ""))
    if abs(column.nulls_head - column.nulls_base) >= 0.0005:
        nulls = f"{numbers.share(column.nulls_base)} → {numbers.share(column.nulls_head)}".replace(" ", _STAYS)
        notes.append(Markdown(f"nulls {nulls}"))
    for word, names, total in (
        ("new", column.new_categories, column.new_categories_total),
        ("gone", column.gone_categories, column.gone_categories_total),
    ):
        if names or total:
            rest = max(total, len(names)) - len(names[:3])
            more = f" and {numbers.count(rest)} more" if rest else ""
            notes.append(put(f"{word}: {{}}{more}", join([code(name, 30) for name in names[:3]])))
    return join(notes, "; ")


def moved(result: Result) -> Markdown:
    """2 of 14 columns moved: the words for the part, or a data set of it, whose reason only counts checks. Empty otherwise."""
    if result.reason not in (Reason.PART_FAILED, Reason.PART_WARNED):
        return EMPTY
    data_sets = result.children if result.name == "drift" else [result]
    loud = sum(column.status in LOUD for each in data_sets for column in each.children)
    return Markdown(f"{numbers.count(loud)} of {plural(sum(map(judged_by, data_sets)), 'column')} moved") if loud else EMPTY


def judged_by(data_set: Result) -> int:
    """How many columns a data set was judged by: the verdict counts them all, but lists only some of the quiet ones."""
    for name in ("judged", "total"):
        if isinstance(counted := data_set.values.get(name), int):
            return counted
    return sum(column.status is not Status.SKIPPED for column in data_set.children)


def most_moved(facts: Facts, verdict: Verdict, limit: int = 2) -> list[Markdown]:
    """The columns that moved most, in a phrase each: `dep_delay` 0.21 ▁▂▃▅█."""
    found = [
        (column, judged[column.column])
        for each, judged in judged_columns(facts, verdict)
        for column in (each.drift.columns if each.drift else [])
        if column.column in judged and judged[column.column].status in LOUD
    ]
    found.sort(key=lambda pair: -(pair[0].value or 0.0))
    return [_most(column, leaf) for column, leaf in found[:limit]]


def _most(column: ColumnDrift, leaf: Result) -> Markdown:
    """One column in a phrase. Where only its categories are new, its distance is not what moved."""
    named = code(column.column, 40)
    if column.new_categories and {each.reason for each in leaf.leaves() if each.status in LOUD} == {Reason.DRIFT_NEW_CATEGORIES}:
        return put("{} with new {}", named, join([code(each, 20) for each in column.new_categories[:2]]))
    return put(f"{{}} {distance(column.value, decimals=2)} {sparkline(shapes_of(column, 6)[1], width=6)}", named)
