"""What a search for better parameters came to, as Markdown for people."""

from collections.abc import Iterator, Sequence

from policy.facts.override import Scalar, written
from policy.result import Status
from policy.tuned import Tried, Tuned
from reports import mermaid
from reports.folding import size
from reports.markdown import EMPTY, Markdown, cell, code, join, put, row
from reports.mermaid import Axis
from reports.numbers import count, duration, number, share
from reports.sentences import advice, why

_ICONS = {Status.PASSED: "✅", Status.WARNED: "⚠️", Status.FAILED: "❌", Status.SKIPPED: "⚪"}
_MOST_FRONT = 20
_BAR = 20
"""Blocks of the longest bar."""
LIMIT = 24_000
"""Bytes of `section`."""
_LONG = Markdown("*What else there is to tell of the search is long: it stands in `tuning.json` of the run.*")


def report(tuned: Tuned) -> Markdown:
    """The whole report. Names of parameters, metrics and values are shown as code, whatever stands in them."""
    parts = [
        _headline(tuned),
        _next(tuned),
        _difference(tuned),
        _scores(tuned),
        _weights(tuned),
        _front(tuned),
        _arms(tuned),
        _how(tuned),
    ]
    return join([part for part in parts if part], "\n\n") + Markdown("\n")


def section(tuned: Tuned) -> Markdown:
    """The report for the text of a pull request: the difference and the scores, the rest in a fold; at most `LIMIT` bytes."""
    head, summary, end = _headline(tuned), Markdown("<details><summary>How it was searched for</summary>"), Markdown("</details>")
    room = LIMIT - sum(size(each.source) + 2 for each in (head, summary, end, _LONG))
    shown: list[Markdown] = [head]
    folded: list[Markdown] = []
    long = False
    for part, into in (
        (_difference(tuned), shown),
        (_scores(tuned), shown),
        *((draw(tuned), folded) for draw in (_weights, _front, _arms, _how)),
    ):
        cost = size(part.source) + 2
        if cost > room:
            long = True
        elif part:
            into.append(part)
            room -= cost
    fold = [summary, *folded, end] if folded else []
    return join([*shown, *fold, *([_LONG] if long else [])], "\n\n")


def _headline(tuned: Tuned) -> Markdown:
    said = why(tuned.result).source
    if pays := tuned.result.children:
        lines = [f"{_ICONS[each.status]} {_capital(why(each).source)}." for each in pays]
        return Markdown("\n\n".join([f"### ⚖️ A compromise: {said}", *lines]))
    return Markdown(f"### {_ICONS[tuned.result.status]} {_capital(said)}")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _next(tuned: Tuned) -> Markdown:
    told = advice(tuned.result).source
    return Markdown(f"Next: {told}." if told else "")


def _difference(tuned: Tuned) -> Markdown:
    """Each parameter of the space: now, in the winner, and what it might have been."""
    winner = tuned.winner
    lines = [row(map(Markdown, ("parameter", "now", "winner", "space"))), "| --- | --- | --- | --- |"]
    for name, tried in tuned.space.items():
        before = _value(tuned.present.values, name)
        after = _value(winner.values, name) if winner else Markdown("—")
        changed = winner is not None and before != after
        lines.append(row((code(name), before, put("**{}**", after) if changed else after, code(tried))))
    return Markdown("\n".join(lines))


def _value(values: dict[str, Scalar], name: str) -> Markdown:
    return code(written(values[name])) if name in values else Markdown("—")


def _scores(tuned: Tuned) -> Markdown:
    """Each objective: now, with the winner, and the difference over seeds with its interval."""
    seeded = bool(tuned.repeated)
    heads = ["objective", "now", "winner", *([f"difference over {tuned.seeds} seeds"] if seeded else [])]
    lines = [row(map(Markdown, heads)), "|" + " --- |" * len(heads)]
    for index, aim in enumerate(tuned.objectives):
        name = put("{} " + ("↑" if aim.better == "higher" else "↓"), code(aim.metric))
        winner = number(tuned.winner.scores[index], 6) if tuned.winner else "—"
        cells = [name, Markdown(number(tuned.present.scores[index], 6)), Markdown(winner)]
        if seeded:
            each = tuned.repeated[index]
            cells.append(Markdown(f"{_signed(each.change)} ({_signed(each.low)} … {_signed(each.high)})"))
        lines.append(row(cells))
    note = f"\n\nThe interval is Student's for paired runs, at {share(tuned.confidence)}." if seeded else ""
    return Markdown("\n".join(lines) + note)


def _signed(value: float) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def _weights(tuned: Tuned) -> Markdown:
    if not tuned.weights:
        return EMPTY
    most = max(each.share for each in tuned.weights) or 1.0
    lines = [row(map(Markdown, ("matters for the first objective", "", "share"))), "| --- | --- | --- |"]
    for each in tuned.weights:
        bar = "█" * max(1, round(_BAR * each.share / most))
        lines.append(row((code(each.key), Markdown(bar), Markdown(share(each.share)))))
    return Markdown("\n".join(lines))


def _front(tuned: Tuned) -> Markdown:
    """The best compromises between several objectives."""
    if len(tuned.objectives) < 2 or not tuned.front:
        return EMPTY
    names = [aim.metric for aim in tuned.objectives]
    heads = [Markdown("trial"), *(code(name) for name in names), *(code(name) for name in tuned.space)]
    lines = [row(heads), "|" + " --- |" * len(heads)]
    lines += [_compromise(each, list(tuned.space)) for each in tuned.front[:_MOST_FRONT]]
    left = len(tuned.front) - _MOST_FRONT
    title = Markdown("No other trial is better in one of these objectives without being worse in another:")
    table = Markdown("\n".join(lines) + (f"\n\nAnd {left} more." if left > 0 else ""))
    return join([part for part in (title, _plane(tuned), table) if part], "\n\n")


def _plane(tuned: Tuned) -> Markdown:
    """The compromises between two objectives as a picture, with the present parameters beside them."""
    if len(tuned.objectives) != 2:
        return EMPTY
    first, second = (Axis(aim.metric, aim.better) for aim in tuned.objectives)
    won = tuned.winner.number if tuned.winner else None
    shown = [("now" if each.number is None else str(each.number), each) for each in (tuned.present, *tuned.front[:_MOST_FRONT])]
    points = [(f"{name}, the winner" if each.number is not None and each.number == won else name, each) for name, each in shown]
    return mermaid.compromises(first, second, [(name, each.scores[0], each.scores[1]) for name, each in points])


def _compromise(tried: Tried, space: Sequence[str]) -> str:
    who = Markdown("—" if tried.number is None else str(tried.number))
    return row((who, *(Markdown(number(score, 6)) for score in tried.scores), *(_value(tried.values, name) for name in space)))


def _arms(tuned: Tuned) -> Markdown:
    lines = [row(map(Markdown, ("strategy", "trials", "failed", "good", "time"))), "| --- | ---: | ---: | ---: | ---: |"]
    for arm in tuned.arms:
        shown = (count(arm.trials), count(arm.failed), count(arm.good), duration(arm.seconds))
        lines.append(row((cell(code(arm.strategy)), *map(Markdown, shown))))
    return Markdown("\n".join(lines)) if tuned.arms else EMPTY


def _how(tuned: Tuned) -> Markdown:
    return Markdown(" · ".join(_said(tuned))) + put("\n\nStudy {} at {}.", code(tuned.study), code(tuned.commit[:12]))


def _said(tuned: Tuned) -> Iterator[str]:
    """How much was done, in a few words."""
    yield f"{count(tuned.trials)} trials in all"
    yield f"{count(tuned.here)} of them now, in {duration(tuned.seconds)}"
    if tuned.restored:
        yield f"{count(tuned.restored)} answered by what ran before"
    if tuned.failed:
        yield f"{count(tuned.failed)} failed"
    if tuned.pruned:
        yield f"{count(tuned.pruned)} pruned, as worse than half of those before"
    if tuned.lost:
        yield f"{count(tuned.lost)} lost with their job"
    if tuned.seeded:
        yield f"{count(tuned.seeded)} begun from earlier studies"
