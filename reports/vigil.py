"""What was seen in production, drawn for its issue: how it is, what was found and why, how it went lately, what to do next.

Names, reasons' values and numbers come from a runner and from data, so all of them are escaped. Only the people whom the policy
names are mentioned.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from policy.monitoring import ROWS
from policy.reasons import Reason
from policy.result import Result, Status
from policy.sighting import Severity
from policy.vigil import Stage, Watch
from policy.vigil_history import Look
from reports import mermaid, numbers, sentences
from reports.markdown import EMPTY, Markdown, code, join, put, row, shorten, text, visible

_MOST_FINDINGS = (20, 8, 2, 0)
"""Findings that are listed: fewer where their names and reasons are so long that GitHub would not take them."""
_LIMIT = 56_000
"""Characters of the card; the hidden line before it has some thousand."""
_MOST_PEOPLE = 30
_MOST_STEPS = 5
_MOST_CHARTS = 2
_MOST_NUMBERS = 12
_FIRST = ("furthest", "domain_auc")
_WELL = ("performance_", "estimate_")
"""Numbers that tell most, and so come first; the others stand as the monitor gave them."""
_LATELY = 30
"""Looks of which the severity is shown."""
_HEIGHTS = {Severity.NONE: "▁", Severity.LOW: "▃", Severity.MEDIUM: "▅", Severity.HIGH: "█"}
_ICONS = {Severity.NONE: "🟢", Severity.LOW: "🔵", Severity.MEDIUM: "🟠", Severity.HIGH: "🔴"}
_BAD = {Status.FAILED: "❌", Status.WARNED: "⚠️"}
_MENTIONED = re.compile(r"@[A-Za-z0-9-]{1,39}(/[A-Za-z0-9._-]{1,100})?")


@dataclass(frozen=True)
class Scene:
    """What the issue is drawn from. `history` has the oldest look first and is never empty.

    `late` is the last look, where the next one should have come; `people` are to be mentioned, as `@alice`; `training` says what
    became of the training that it asks for, and is empty where it asks for none.
    """

    model: str
    watch: Watch
    history: Sequence[Look]
    stage: Stage
    late: Look | None = None
    people: Sequence[str] = ()
    training: Markdown = EMPTY

    @property
    def newest(self) -> Look:
        """The last look."""
        return self.history[-1]


def title(scene: Scene) -> str:
    """The title of the issue, as plain text of at most 200 characters."""
    name = shorten(visible(scene.model), 100)
    if scene.late is not None:
        return f"{name} in production: nobody looked since {scene.late.moment:%Y-%m-%d %H:%M} UTC"
    severity = scene.newest.severity
    return f"{name} in production: {'nothing found' if severity is Severity.NONE else f'severity {severity.value}'}"


def card(scene: Scene) -> Markdown:
    """The text of the issue, of at most 56,000 characters."""
    around = (_headline(scene), _facts(scene)), (_trend(scene), _next(scene), _end(scene))
    found = EMPTY
    for most in _MOST_FINDINGS:
        found = join([each for each in (*around[0], _findings(scene, most), *around[1]) if each], "\n\n")
        if len(found.source) <= _LIMIT:
            break
    return found


def risen(scene: Scene) -> Markdown:
    """What is said when it becomes worse. Mentions the people."""
    look = scene.stage.cause or scene.newest
    what = put("The severity rose to **{}**, seen at {}.", Markdown(look.severity.value), _moment(look.moment))
    causes = look.result.causes()[:3] if look.result else []
    told = [put("- {}: {}", code(each.name), sentences.why(each)) for each in causes]
    return join([what, *([join(told, "\n")] if told else []), *_told(scene)], "\n\n")


def over(scene: Scene) -> Markdown:
    """What is said when it is over."""
    return put(
        "{}, the last one at {}. It is opened again where it comes back.", _clean(scene.stage.clean), _moment(scene.newest.moment)
    )


def unseen(scene: Scene) -> Markdown:
    """What is said when nobody looks any more. Mentions the people."""
    return join([_lateness(scene), *_told(scene)], "\n\n")


def seen_again(scene: Scene) -> Markdown:
    """What is said when somebody looks again."""
    return put("It was looked at again at {}.", _moment(scene.newest.moment))


def copy_of(number: int) -> Markdown:
    """What is said on a second issue about the same."""
    return Markdown(f"See #{number}.")


def lateness(watch: Watch, last: Look) -> Result:
    """That nobody looks any more, as a finding."""
    values: dict[str, str | int | float | None] = {
        "since": f"{last.moment:%Y-%m-%d %H:%M} UTC",
        "every": _span(watch.every.total_seconds()),
    }
    return Result(name="monitor", status=Status.FAILED, reason=Reason.WATCH_LATE, values=values)


def _headline(scene: Scene) -> Markdown:
    newest, stage = scene.newest, scene.stage
    if scene.late is not None:
        return put("### ⏰ {}: nobody looks any more", code(scene.model))
    head = put("### {} {}: ", Markdown(_ICONS[newest.severity]), code(scene.model))
    if stage.kind == "risen" and stage.clean:
        return head + put("{} of {} clean looks", Markdown(str(stage.clean)), Markdown(str(scene.watch.clean)))
    if newest.severity is Severity.NONE:
        return head + Markdown("nothing found")
    return head + put("severity **{}**", Markdown(newest.severity.value))


def _facts(scene: Scene) -> Markdown:
    newest = scene.newest
    rows = [("last look", _moment(newest.moment))]
    if newest.start or newest.end:
        rows.append(("data", put("from {} to {}", _shown(newest.start), _shown(newest.end))))
    if newest.rows is not None:
        rows.append(("rows", Markdown(numbers.count(newest.rows))))
    if newest.version:
        rows.append(("compared with version", code(newest.version)))
    if scene.stage.kind == "risen" and scene.stage.cause is not None:
        worst = put("**{}**, since {}", Markdown(scene.stage.top.value), _moment(scene.stage.cause.moment))
        rows.append(("worst so far", worst))
    if scene.training:
        rows.append(("training", scene.training))
    leaves = newest.result.leaves() if newest.result else []
    rows += [("not looked at", sentences.why(each)) for each in leaves if each.name == ROWS]
    lately = "".join(_HEIGHTS[each.severity] for each in scene.history[-_LATELY:])
    rows.append((f"severity of the last {min(len(scene.history), _LATELY)} looks", Markdown(f"`{lately}`")))
    return Markdown("\n".join(["| what | |", "|---|---|", *(row([Markdown(name), said]) for name, said in rows)]))


def _findings(scene: Scene, most: int) -> Markdown:
    found = _bad(scene)
    if not found:
        return EMPTY
    rows = [row([Markdown(_BAD[each.status]), code(each.name), sentences.why(each)]) for each in found[:most]]
    if more := max(0, len(found) - most):
        rows += [row([EMPTY, EMPTY, Markdown(f"and {numbers.count(more)} more")])]
    return Markdown("\n".join(["#### What was found", "", "| | what | why |", "|---|---|---|", *rows]))


def _bad(scene: Scene) -> list[Result]:
    """What failed, then what warned; that nobody looks comes before all."""
    leaves = scene.newest.result.leaves() if scene.newest.result else []
    found = [each for status in _BAD for each in leaves if each.status is status]
    return [*([lateness(scene.watch, scene.late)] if scene.late else []), *found]


def _place(name: str) -> tuple[int, int]:
    """How well the model does comes first, then what tells most of its data; the others stay in their order."""
    if name.startswith(_WELL):
        return 0, 0
    return (1, _FIRST.index(name)) if name in _FIRST else (2, 0)


def _trend(scene: Scene) -> Markdown:
    newest = scene.newest.numbers
    charts: list[Markdown] = []
    rows: list[str] = []
    for name in sorted(newest, key=_place)[:_MOST_NUMBERS]:
        points = [(each, each.numbers[name]) for each in scene.history if name in each.numbers]
        chart = mermaid.trend(name, [(f"{each.moment:%m-%d}", number) for each, number in points])
        if chart and len(charts) < _MOST_CHARTS:
            charts.append(chart)
        before = points[-2][1] if len(points) > 1 else None
        shown = [
            Markdown(numbers.number(each, 4)) if each is not None else Markdown(numbers.MISSING)
            for each in (before, newest[name])
        ]
        rows.append(row([code(name), *shown]))
    if not rows:
        return EMPTY
    more = len(newest) - _MOST_NUMBERS
    rows += [row([Markdown(f"and {more} more"), EMPTY, EMPTY])] if more > 0 else []
    table = Markdown("\n".join(["| number | before | now |", "|---|---:|---:|", *rows]))
    return join([Markdown("#### How it went"), *charts, table], "\n\n")


def _next(scene: Scene) -> Markdown:
    steps = [sentences.advice(each) for each in _bad(scene)]
    known = list(dict.fromkeys(each.source for each in steps if each))[:_MOST_STEPS]
    return Markdown("\n".join(["#### What to do next", "", *(f"- {each}" for each in known)])) if known else EMPTY


def _end(scene: Scene) -> Markdown:
    watch = scene.watch
    closing = (
        f"Kept by Assay: opened from severity {watch.opens_at} on, closed after {_clean(watch.clean).source.lower()}. "
        "The text is written anew with every look; what is to stay belongs into a comment."
    )
    return join([*_told(scene), Markdown(f"<sub>{closing}</sub>")], "\n\n")


def _told(scene: Scene) -> list[Markdown]:
    people = [each for each in scene.people if _MENTIONED.fullmatch(each)][:_MOST_PEOPLE]
    return [Markdown(f"For {', '.join(people)}.")] if people else []


def _lateness(scene: Scene) -> Markdown:
    last = scene.late or scene.newest
    found = lateness(scene.watch, last)
    return join([put("- {}: {}.", code(found.name), sentences.why(found)), put("- {}.", sentences.advice(found))], "\n")


def _clean(count: int) -> Markdown:
    return Markdown("One clean look" if count == 1 else f"{count} clean looks in a row")


def _span(seconds: float) -> str:
    """A length of time in the largest unit that divides it."""
    for unit, size in (("day", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            many = int(seconds // size)
            return f"{many} {unit}{'s' if unit == 'day' and many > 1 else ''}"
    return f"{seconds:g} s"


def _shown(moment: str) -> Markdown:
    return text(moment, 40) if moment else Markdown(numbers.MISSING)


def _moment(at: datetime) -> Markdown:
    return Markdown(f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
