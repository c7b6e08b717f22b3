"""Data sets: failures of contracts, what was removed and added, personal data, overlap and leakage."""

from collections.abc import Iterator

from policy.facts import DataFacts, Facts
from policy.facts.data import DiffFacts
from policy.result import Result, Status
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, join
from reports.section import RANK, Row, Section, columns, worst_first
from reports.sections.parts import child, examples, part, plural, prose


class _Judged:
    """The checks of one data set by name, so that every row shows what was said of it and not what was said of its neighbour."""

    def __init__(self, result: Result | None) -> None:
        self._found = {each.name: each.status for each in _every(result)} if result else {}

    def of(self, *names: str) -> Status:
        """The worst of the checks of these names; passed where there is none, as of what the policy allows."""
        return min((self._found[name] for name in names if name in self._found), key=RANK.__getitem__, default=Status.PASSED)


def _every(result: Result) -> Iterator[Result]:
    yield result
    for each in result.children:
        yield from _every(each)


def data(facts: Facts, verdict: Verdict, *, shown: int) -> list[Section]:
    """All that is known about the data sets. `shown` is the number of example rows beside a finding."""
    whole = part(verdict, "data")
    judged = {each.path: _Judged(child(whole, each.path)) for each in facts.data}
    found = [
        _failures(facts.data, shown),
        _difference(facts.data, judged, shown),
        _schema(facts.data, judged),
        _values(facts.data),
        _personal(facts.data, judged),
        _overlaps(facts.data, judged, shown),
        _leakage(facts.data, judged),
    ]
    return [section.tidied() for section in found]


def _failures(found: list[DataFacts], shown: int) -> Section:
    rows = []
    for each in found:
        failures = each.contract.failures if each.contract else []
        for failure in sorted(failures, key=lambda failure: -failure.count):
            cells = (
                code(each.path),
                code(failure.rule, 120),
                EMPTY if failure.column is None else code(failure.column),
                Markdown("the whole" if failure.whole else numbers.count(failure.count)),
                Markdown(numbers.MISSING if failure.whole else numbers.share(failure.share)),
                examples(failure.examples, len(failure.examples) if failure.whole else failure.count, shown),
            )
            rows.append(Row(Status.WARNED if failure.warning else Status.FAILED, cells))
    unlisted = sum(max(0, each.contract.failures_total - len(each.contract.failures)) for each in found if each.contract)
    return Section(
        "contract",
        "Contract failures",
        columns=columns("data", "rule", "column", "rows>", "share>", "for example"),
        rows=worst_first(rows),
        paragraphs=(Markdown(f"The runner counted {plural(unlisted, 'more rule')} that fail and did not list them."),)
        * bool(unlisted),
        brief=numbers.count(len(rows) + unlisted),
        cap=50,
    )


def _difference(found: list[DataFacts], judged: dict[str, _Judged], shown: int) -> Section:
    """Removals first: what is gone is what nobody sees in the data that is there."""
    rows = []
    for each in sorted(found, key=lambda each: -((each.diff and each.diff.removed) or 0)):
        status = judged[each.path].of(each.path if each.diff is None else "rows", "duplicates", "null keys", "difference")
        if each.unchanged and status is Status.PASSED:
            continue
        if each.diff is None:
            rows.append(Row(status, (code(each.path), *[EMPTY] * 5, _without_difference(each))))
            continue
        diff = each.diff
        cells = (
            code(each.path),
            _optional(diff.removed),
            _optional(diff.added),
            _optional(diff.changed),
            Markdown(f"{numbers.count(diff.rows_base)} → {numbers.count(diff.rows_head)}"),
            _keys(diff),
            _notes(diff, shown),
        )
        rows.append(Row(status, cells))
    heads = columns("data", "removed>", "added>", "changed>", "rows^", "duplicate keys>", "note")
    return Section("diff", "Data: what changed", columns=heads, rows=worst_first(rows), brief=_brief(found), cap=30)


def _brief(found: list[DataFacts]) -> str:
    removed = sum(each.diff.removed or 0 for each in found if each.diff)
    added = sum(each.diff.added or 0 for each in found if each.diff)
    return f"{numbers.count(removed)} removed, {numbers.count(added)} added" if any(each.diff for each in found) else ""


def _without_difference(each: DataFacts) -> Markdown:
    if each.problem is not None:
        return prose(each.problem, each.problem_detail)
    return Markdown("unchanged" if each.unchanged else "not compared")


def _optional(amount: int | None) -> Markdown:
    return Markdown(numbers.MISSING if amount is None else numbers.count(amount))


def _keys(diff: DiffFacts) -> Markdown:
    if diff.duplicates_head is None:
        return Markdown(numbers.MISSING)
    before = diff.duplicates_base if diff.duplicates_base is not None else diff.duplicates_head
    after = diff.duplicates_head
    return Markdown(numbers.count(after) if before == after else f"{numbers.count(before)} → {numbers.count(after)}")


def _notes(diff: DiffFacts, shown: int) -> Markdown:
    notes = []
    if not diff.key:
        notes.append(Markdown("no key, so only counts and columns were compared"))
    if diff.null_keys_head:
        notes.append(Markdown(f"{plural(diff.null_keys_head, 'row')} without a key"))
    if diff.removed_examples:
        gone = examples(diff.removed_examples, diff.removed or len(diff.removed_examples), shown)
        notes.append(Markdown("gone: ") + gone)
    if diff.duplicate_examples:
        twice = examples(diff.duplicate_examples, diff.duplicates_head or len(diff.duplicate_examples), shown)
        notes.append(Markdown("twice: ") + twice)
    return join(notes, "; ")


def _schema(found: list[DataFacts], judged: dict[str, _Judged]) -> Section:
    rows = []
    for each, diff in _diffs(found):
        for change in diff.schema_changes:
            # A column that is gone or of another type breaks whoever reads it; a new one does not.
            status = Status.PASSED if change.change == "added" else judged[each.path].of("schema")
            types = [EMPTY if name is None else code(name, 40) for name in (change.before, change.after)]
            rows.append(Row(status, (code(each.path), code(change.column), Markdown(change.change), *types)))
    heads = columns("data", "column", "change", "was", "is")
    return Section(
        "schema", "Columns that changed", columns=heads, rows=worst_first(rows), brief=numbers.count(len(rows)), cap=50
    )


def _diffs(found: list[DataFacts]) -> Iterator[tuple[DataFacts, DiffFacts]]:
    return ((each, each.diff) for each in found if each.diff is not None)


_FEW = 0.01
"""A change of the share of missing values that is nothing to speak of here; the table of drift has it."""


def _share(amount: int, rows: int) -> float:
    return amount / rows if rows else 0.0


def _values(found: list[DataFacts]) -> Section:
    rows = []
    for each, diff in _diffs(found):
        for column in sorted(diff.columns, key=lambda column: -column.changed):
            before, after = _share(column.nulls_base, diff.rows_base), _share(column.nulls_head, diff.rows_head)
            if not column.changed and (each.drift is not None or abs(after - before) < _FEW):
                continue
            nulls = f"{numbers.count(column.nulls_base)} → {numbers.count(column.nulls_head)}"
            cells = (code(each.path), code(column.column), Markdown(numbers.count(column.changed)), Markdown(nulls))
            rows.append(Row(Status.PASSED, cells))
    heads = columns("data", "column", "changed values>", "nulls^")
    return Section("values", "Changed values, by column", columns=heads, rows=tuple(rows), brief=numbers.count(len(rows)), cap=40)


def _personal(found: list[DataFacts], judged: dict[str, _Judged]) -> Section:
    rows = []
    for each in found:
        for finding in each.personal.findings if each.personal else []:
            cells = (
                code(each.path),
                code(finding.column),
                code(finding.kind),
                Markdown(numbers.count(finding.count)),
                Markdown(numbers.share(finding.share)),
                Markdown("a sample" if finding.read == "sample" else "all rows"),
                join([code(example, 40) for example in finding.examples]),
            )
            rows.append(Row(judged[each.path].of(f"{finding.kind} in {finding.column}"), cells))
    heads = columns("data", "column", "looks like", "values>", "share>", "read", "masked examples")
    return Section("personal", "Personal data", columns=heads, rows=worst_first(rows), brief=numbers.count(len(rows)), cap=30)


def _overlaps(found: list[DataFacts], judged: dict[str, _Judged], shown: int) -> Section:
    rows = []
    for each in found:
        for overlap in each.overlaps:
            cells = (
                code(each.path),
                code(overlap.other),
                Markdown(numbers.count(overlap.rows)),
                Markdown(numbers.share(overlap.share)),
                examples(overlap.examples, overlap.rows, shown),
            )
            rows.append(Row(judged[each.path].of(f"apart from {overlap.other}"), cells))
    heads = columns("data", "shares rows with", "rows>", "share>", "for example")
    return Section(
        "overlap", "Rows in two data sets", columns=heads, rows=worst_first(rows), brief=numbers.count(len(rows)), cap=20
    )


def _leakage(found: list[DataFacts], judged: dict[str, _Judged]) -> Section:
    rows = []
    for each in found:
        for finding in sorted(each.leakage or [], key=lambda finding: -finding.strength):
            strength = Markdown(numbers.number(finding.strength, 3))
            rows.append(
                Row(
                    judged[each.path].of(f"leakage of {finding.column}"),
                    (code(each.path), code(finding.column), code(finding.label), strength),
                )
            )
    heads = columns("data", "column", "tells", "strength (0 to 1)>")
    title = "Columns that tell the label"
    return Section("leakage", title, columns=heads, rows=worst_first(rows), brief=numbers.count(len(rows)), cap=20)
