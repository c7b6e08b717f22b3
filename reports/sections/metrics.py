"""Numbers that no gate judges: metrics, slices, their history, and the way since the last accepted baseline."""

from collections.abc import Iterable, Iterator, Mapping

from policy.facts import EvaluationFacts, Facts
from policy.facts.evaluation import BaselineFact, HistoryPoint, MetricFact
from policy.metrics import known_direction
from policy.reasons import Reason
from policy.result import Comparison, Result, Status
from policy.verdict import Verdict
from reports import mermaid, numbers
from reports.markdown import EMPTY, Markdown, code, join, put
from reports.section import ICONS, RANK, Block, Column, Row, Section, columns, worst_first
from reports.sections.gates import compared_gates
from reports.sections.parts import on_slice, plural, prose
from reports.sentences import why

_Key = tuple[str, str | None]
_NAMING = frozenset({Reason.WORST_SLICE, Reason.WORST_SLICES, Reason.NO_WORST_SLICE})
_MOST_NAMED = 10


def metrics(facts: Facts, verdict: Verdict) -> list[Section]:
    """Everything about metrics but the gates."""
    evaluation = facts.evaluation
    if evaluation is None:
        return []
    comparisons = [gate.comparison for gate in compared_gates(verdict) if gate.comparison]
    judged = {(each.metric, each.slice) for each in comparisons}
    better = {each.metric: each.better for each in comparisons}
    free = [each for each in evaluation.metrics if _key(each) not in judged]
    base = code(facts.revision.base_name, 30)
    return [
        _history(evaluation, facts, verdict),
        _slices(verdict, free, better, base),
        _ungated(free, base),
        _pairing(evaluation),
    ]


def _key(metric: MetricFact) -> _Key:
    return metric.metric, None if metric.slice is None else f"{metric.slice.column}={metric.slice.value}"


def _heads(first: str, base: Markdown, *more: str) -> tuple[Column, ...]:
    return (*columns(first), Column(base, "right"), *columns("this>", "change>", *more))


def _numbers(base: float | None, head: float | None) -> tuple[Markdown, ...]:
    shown = numbers.compared(base, head)
    return Markdown(shown.base), Markdown(shown.head), Markdown(shown.change)


def _row(metric: MetricFact) -> Row:
    problem = metric.problem_head or metric.problem_base
    rows = EMPTY if metric.rows is None else Markdown(numbers.count(metric.rows))
    note = prose(problem, metric.detail) if problem else EMPTY
    # That a small slice has no value is a property of the data, not of the change.
    status = Status.WARNED if problem and metric.slice is None else Status.PASSED
    return Row(status, (on_slice(metric.metric, metric.slice), *_numbers(metric.base, metric.head), rows, note))


def _ungated(free: list[MetricFact], base: Markdown) -> Section:
    rows = [_row(each) for each in free if each.slice is None]
    return Section(
        "metrics",
        "Metrics without a gate",
        columns=_heads("metric", base, "rows>", "note"),
        rows=worst_first(rows),
        brief=numbers.count(len(rows)),
        cap=100,
    )


def _slices(verdict: Verdict, free: list[MetricFact], better: Mapping[str, str], base: Markdown) -> Section:
    sliced = sorted((each for each in free if each.slice), key=lambda each: -_loss(each, better))
    return Section(
        "slices",
        "Slices without a gate",
        columns=_heads("metric", base, "rows>", "note"),
        rows=worst_first([_row(each) for each in sliced]),
        paragraphs=tuple(_worst_slices(verdict)),
        brief=numbers.count(len(sliced)),
        cap=12,
    )


def _direction(metric: str, better: Mapping[str, str]) -> str | None:
    return better.get(metric) or known_direction(metric)


def _loss(metric: MetricFact, better: Mapping[str, str]) -> float:
    """How much worse the head is; where nobody says which way is good, any move counts."""
    if metric.base is None or metric.head is None:
        return float("-inf")
    change = metric.head - metric.base
    return {"higher": -change, "lower": change}.get(_direction(metric.metric, better) or "", abs(change))


def _worst_slices(verdict: Verdict) -> Iterator[Markdown]:
    """The verdict names the worst slice of every metric; here it says so."""
    named = [leaf for leaf in verdict.result.leaves() if leaf.reason in _NAMING]
    for leaf in named[:_MOST_NAMED]:
        yield why(leaf) + Markdown(".")
    if len(named) > _MOST_NAMED:
        yield Markdown(f"The worst slices of {plural(len(named) - _MOST_NAMED, 'further metric')} are in the HTML report.")


def _since(evaluation: EvaluationFacts) -> list[Row]:
    """The cumulative change: many small losses, each within its margin, add up here."""
    heads = {(each.metric, each.source): each.head for each in evaluation.metrics if each.slice is None}
    return [_baseline(each, heads) for each in evaluation.baselines]


def _baseline(baseline: BaselineFact, heads: dict[tuple[str, str], float | None]) -> Row:
    head = baseline.head if baseline.head is not None else heads.get((baseline.metric, baseline.source))
    note = prose(baseline.problem, baseline.detail) if baseline.problem else EMPTY
    status = Status.WARNED if baseline.problem or baseline.value is None else Status.PASSED
    name = on_slice(baseline.metric, baseline.slice)
    return Row(status, (name, code(baseline.reference, 40), *_numbers(baseline.value, head), note))


def _history(evaluation: EvaluationFacts, facts: Facts, verdict: Verdict) -> Section:
    """The way since the last accepted baseline, then a chart a metric that moved, those of failing gates first."""
    # Best first, and the last of equals first: so that of several gates on a metric the first of the worst is the one that stays.
    judged = sorted(compared_gates(verdict), key=lambda gate: RANK[gate.status])[::-1]
    overall = {gate.comparison.metric: gate for gate in judged if gate.comparison and gate.comparison.slice is None}
    rank = {gate.comparison.metric: RANK[gate.status] for gate in judged if gate.comparison}
    heads = {each.metric: each.head for each in evaluation.metrics if each.slice is None}
    blocks = [
        Block(Status.PASSED, code(metric), _chart(metric, points, heads.get(metric), overall.get(metric), facts))
        for metric, points in sorted(evaluation.history.items(), key=lambda each: rank.get(each[0], len(RANK)))
        if has_moved([*(point.value for point in points), heads.get(metric)])
    ]
    told = columns("metric", "baseline", "there>", "this>", "change>", "note")
    return Section(
        "history",
        "How the metrics moved",
        columns=told,
        rows=worst_first(_since(evaluation)),
        blocks=tuple(blocks),
        brief=numbers.count(max(len(blocks), len(evaluation.baselines))),
        cap=30,
        block_cap=3,
    )


def has_moved(values: Iterable[float | None]) -> bool:
    """Whether there is anything to see in a line of these values."""
    return len({value for value in values if value is not None}) > 1


def _chart(metric: str, points: list[HistoryPoint], head: float | None, gate: Result | None, facts: Facts) -> Markdown:
    limit = allowed_limit(gate.comparison) if gate and gate.comparison else None
    return mermaid.history(metric, points, head, facts.revision.base_name, limit) or _in_words(points)


def allowed_limit(comparison: Comparison) -> float | None:
    """The worst value at head that a gate allows."""
    return comparison.least if comparison.better == "higher" else comparison.most


def _in_words(points: list[HistoryPoint]) -> Markdown:
    """The last values where there is nothing to draw."""
    shown = [put(f"{{}} {numbers.number(point.value)}", code(point.label, 30)) for point in points[-10:]]
    return join(shown)


def _pairing(evaluation: EvaluationFacts) -> Section:
    """What could not be matched or read. How all went well is told with the lineage."""
    lines: list[Markdown] = []
    pairing = evaluation.pairing
    if pairing and pairing.problem:
        lines.append(put(f"{ICONS[Status.FAILED]} {{}}", prose(pairing.problem, pairing.detail)))
    if evaluation.problem:
        lines.append(put(f"{ICONS[Status.FAILED]} {{}}", prose(evaluation.problem, evaluation.problem_detail)))
    rows = [
        Row(Status.FAILED, (code(each.path), Markdown(each.side), prose(each.problem, each.detail))) for each in evaluation.files
    ]
    rows += [
        Row(Status.WARNED, (code(path), Markdown("head"), Markdown("this change edits the metric's function")))
        for path in evaluation.functions_changed
    ]
    heads = columns("file", "side", "what")
    title = "What could not be measured"
    return Section("pairing", title, columns=heads, rows=worst_first(rows), paragraphs=tuple(lines), cap=20)
