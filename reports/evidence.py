"""The evidence for a version: what its check found, for the text of a request, and how it stands beside what runs now.

The first is drawn once, when the request is opened: text that people approve must not move. What runs may change while people
think, so the second stands on the card, which is drawn anew each time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isclose

from policy import confidence
from policy.facts import DataFacts, Facts
from policy.facts.evaluation import MetricFact
from policy.metrics import known_direction
from policy.result import Status
from policy.verdict import Verdict
from reports import folding, numbers, templating
from reports.comment import foldable
from reports.headline import headline
from reports.markdown import EMPTY, Markdown, code, join, put, row
from reports.section import ICONS, RANK
from reports.sections.lineage import short
from reports.sections.parts import LOUD, on_slice, plural
from reports.sentences import why
from reports.story import Story, tell

LIMIT = 24_000
"""Bytes of UTF-8 that the evidence in the text of a request has at most."""
_LEVEL = 0.95
_MOST_METRICS = 12
_MOST_SLICES = 10
_MOST_OTHERS = 12
_MOST_RISKS = 8


@dataclass(frozen=True)
class Judged:
    """The facts of a version, and what the policy of now makes of them."""

    facts: Facts
    verdict: Verdict


def found(judged: Judged, limit: int = LIMIT) -> Markdown:
    """What the check of a version found: in a sentence, part by part, and in folds. At most `limit` bytes."""
    story = tell(judged.facts, judged.verdict)
    revision = judged.facts.revision

    def draw(cut: Story) -> str:
        opening = put(
            "#### What its check found\n\nThe check of {} against {}, judged by the policy of when this was asked for.",
            short(revision.head),
            story.base,
        )
        folds = [
            Markdown(templating.render("section.md.j2", {"section": each}).strip("\n"))
            for each in cut.sections
            if not (story.quiet and each.folded)
        ]
        return join([opening, cut.headline.icon + Markdown(" ") + _told(judged), cut.table, *folds], "\n\n").source

    return Markdown(folding.fit(foldable(story), limit, draw))


def _told(judged: Judged) -> Markdown:
    """The headline of the check, without its word on a merge, which is over."""
    return headline(judged.facts, judged.verdict, opening="").sentence


# Against what runs


@dataclass(frozen=True)
class Compared:
    """A version that is asked for (`new`) and the one that runs (`old`), with their evidence where there is any.

    `gone` says why the one that runs has none. `same` is whether the facts of the new one compare with the very code of the old.
    """

    new: int
    candidate: Judged | None
    environment: str
    old: int | None = None
    champion: Judged | None = None
    gone: str = ""
    same: bool = False


def against(pair: Compared) -> Markdown:
    """The candidate as the policy judges it now, and its numbers beside those of the version that runs; of bounded length."""
    parts = [Markdown("#### The evidence, as of now"), _judgement(pair), *_risks(pair.candidate)]
    champion = pair.champion
    if pair.old is None:
        parts.append(put("Nothing runs in {} yet, so there is nothing to compare it with.", code(pair.environment)))
    elif pair.old == pair.new:
        parts.append(put("It is what runs in {} already.", code(pair.environment)))
    elif pair.candidate is None or champion is None:
        said = pair.gone or "no facts are kept beside it"
        parts.append(put(f"Version {pair.old} runs in {{}}; it cannot be compared: {said}.", code(pair.environment)))
    else:
        parts.append(_beside(pair, pair.candidate, champion))
    return join(parts, "\n\n")


def _judgement(pair: Compared) -> Markdown:
    if pair.candidate is None:
        return Markdown(f"🔴 No facts are kept beside version {pair.new}: how its check came out is known, not what it found.")
    result = pair.candidate.verdict.result
    parts = [
        put("{} {}", ICONS[each.status], Markdown(each.name)) for each in result.children if each.status is not Status.SKIPPED
    ]
    judged = put("{} By the policy of now: {}.", ICONS[result.status], why(result))
    return put("{}\n{}", judged, join(parts, " · ")) if parts else judged


def _risks(judged: Judged | None) -> Iterator[Markdown]:
    """What fails or warns, the worst first, and that no waiver is open: with one, nothing is registered."""
    if judged is None:
        return
    loud = [each for each in judged.verdict.result.leaves() if each.status in LOUD]
    lines = [
        put("- {} {}: {}", ICONS[each.status], code(each.name), why(each))
        for each in sorted(loud, key=lambda each: RANK[each.status])[:_MOST_RISKS]
    ]
    if len(loud) > _MOST_RISKS:
        lines.append(Markdown(f"- and {numbers.count(len(loud) - _MOST_RISKS)} more"))
    if lines:
        yield put("**Risks**\n\n{}", join(lines, "\n"))
    yield Markdown("**Open waivers**: none. A version is registered without any.")


def _beside(pair: Compared, new: Judged, old: Judged) -> Markdown:
    head = row((Markdown("what"), Markdown(f"version {pair.old}"), Markdown(f"version {pair.new}"), Markdown("difference")))
    metrics, slices, rest = _metrics(new, old, pair.same)
    lines = [head, "| --- | --: | --: | --: |", *metrics, *slices, *_others(new.facts, old.facts)]
    title = put(f"**Against version {pair.old}**, which runs in {{}}", code(pair.environment))
    notes = []
    if rest:
        notes.append(f"{plural(rest, 'more number')} not shown: slices that changed most come first.")
    if not pair.same:
        notes.append("Both were measured by their own checks, not on the same rows, so differences have no interval here.")
    parts = [title, Markdown("\n".join(lines)), *([Markdown(f"*{' '.join(notes)}*")] if notes else [])]
    return join(parts, "\n\n")


_Key = tuple[str, str, str]


def _metrics(new: Judged, old: Judged, same: bool) -> tuple[list[str], list[str], int]:
    """Lines of whole metrics, lines of slices, and how many numbers were left out."""
    before, after = _by_key(old.facts), _by_key(new.facts)
    better = {
        each.comparison.metric: each.comparison.better for each in new.verdict.result.leaves() if each.comparison is not None
    }
    gated = set(better)
    told = {key for key in {**after, **before} if not key[1] and not _told_better(key, before, after)}
    whole = sorted(told, key=lambda key: (key[0] not in gated, key))
    sliced = sorted((key for key in after if key[1] and key in before), key=lambda key: (-_moved(before[key], after[key]), key))

    def line(key: _Key) -> str:
        return _line(before.get(key), after.get(key), better, same)

    rest = max(0, len(whole) - _MOST_METRICS) + max(0, len(sliced) - _MOST_SLICES)
    return [line(each) for each in whole[:_MOST_METRICS]], [line(each) for each in sliced[:_MOST_SLICES]], rest


def _by_key(facts: Facts) -> Mapping[_Key, MetricFact]:
    listed = facts.evaluation.metrics if facts.evaluation else []
    return {(each.metric, each.slice.label if each.slice else "", each.source): each for each in listed}


def _told_better(key: _Key, before: Mapping[_Key, MetricFact], after: Mapping[_Key, MetricFact]) -> bool:
    """Whether the same number stands there from predictions too, which know how sure it is."""
    one = after.get(key)
    if one is None or one.head is None or one.confidence is not None:
        return False
    others = [after[other] for other in after if other[:2] == key[:2] and other in before]
    return any(each.confidence is not None and isclose(each.head or 0.0, one.head, rel_tol=1e-3) for each in others)


def _moved(before: MetricFact, after: MetricFact) -> float:
    return abs(after.head - before.head) if before.head is not None and after.head is not None else 0.0


def _line(before: MetricFact | None, after: MetricFact | None, better: Mapping[str, str], same: bool) -> str:
    known = after or before
    if known is None:
        raise ValueError("a line is about one side at least")
    base, head = before.head if before else None, after.head if after else None
    ends: tuple[float | None, float | None] = (None, None)
    change = None if base is None or head is None else head - base
    if same and after is not None and after.confidence is not None and after.base is not None and after.head is not None:
        # The check measured both on the same rows, and this is the change on those.
        base, change = after.base, after.head - after.base
        ends = confidence.interval(after.confidence, change, _LEVEL)
    shown = numbers.compared(base, head, change, *ends)
    direction = better.get(known.metric) or known_direction(known.metric)
    said = Markdown(shown.change.replace(" ", "\u00a0")) + Markdown(_word(change, ends, direction))
    return row((on_slice(known.metric, known.slice), Markdown(shown.base), Markdown(shown.head), said))


def _word(change: float | None, ends: tuple[float | None, float | None], direction: str | None) -> str:
    if not change or direction is None:
        return ""
    low, high = ends
    if low is not None and high is not None and low <= 0 <= high:
        return ", could be chance"
    return ", better" if (change > 0) == (direction == "higher") else ", worse"


def _others(new: Facts, old: Facts) -> list[str]:
    """Fairness, data and cost, a line each; at most `_MOST_OTHERS` of the first two."""
    lines = [*_fairness(new, old), *_rows(new, old)][:_MOST_OTHERS]
    return [*lines, *_cost(new, old)]


def _fairness(new: Facts, old: Facts) -> Iterator[str]:
    before = {each.column: each for each in (old.evaluation.fairness if old.evaluation else ())}
    for each in new.evaluation.fairness if new.evaluation else ():
        earlier = before.get(each.column)
        for name, was, now in (
            ("demographic parity", earlier.demographic_parity if earlier else None, each.demographic_parity),
            ("equalised odds", earlier.equalised_odds if earlier else None, each.equalised_odds),
        ):
            shown = numbers.compared(was, now)
            word = Markdown(shown.change + _word(None if was is None or now is None else now - was, (None, None), "lower"))
            named = put(f"fairness by {{}}: gap of {name}", code(each.column))
            yield row((named, Markdown(shown.base), Markdown(shown.head), word))


def _rows(new: Facts, old: Facts) -> Iterator[str]:
    before = {each.path: each for each in old.data}
    for each in new.data:
        earlier = before.get(each.path)
        was, now = _count(earlier), _count(each)
        told = "new" if earlier is None else "the same" if earlier.head_digest == each.head_digest else "changed"
        if told == "changed" and was is not None and now is not None:
            told = f"changed, {numbers.signed(now - was)}"
        named = put("rows of {}", code(each.path))
        yield row((named, Markdown(numbers.count(was)), Markdown(numbers.count(now)), Markdown(told)))
    for path in sorted(before.keys() - {each.path for each in new.data}):
        yield row((put("rows of {}", code(path)), Markdown(numbers.count(_count(before[path]))), EMPTY, Markdown("gone")))


def _count(data: DataFacts | None) -> int | None:
    """The rows of a data set, as far as its check counted them."""
    if data is None:
        return None
    return data.diff.rows_head if data.diff else data.contract.rows if data.contract else None


def _cost(new: Facts, old: Facts) -> Iterator[str]:
    def seconds(facts: Facts) -> float | None:
        return facts.training.wall_seconds if facts.training else None

    def memory(facts: Facts) -> int | None:
        return max((each.peak_bytes or 0 for each in facts.training.stages), default=0) or None if facts.training else None

    yield from _amounts("time of the training", seconds(old), seconds(new), numbers.duration)
    yield from _amounts("peak memory of the training", memory(old), memory(new), lambda value: numbers.size(_whole(value)))


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _amounts(name: str, was: float | None, now: float | None, shown: Callable[[float | None], str]) -> Iterable[str]:
    if was is None and now is None:
        return
    change = f"{'+' if now > was else ''}{shown(now - was)}" if was is not None and now is not None and now != was else ""
    yield row((Markdown(name), Markdown(shown(was)), Markdown(shown(now)), Markdown(change)))
