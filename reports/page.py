"""`report.html`: one self-contained file with the whole story and its pictures.

No script, no request: style and pictures are inline, and a Content-Security-Policy forbids everything else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from policy.facts import Facts
from policy.result import Status
from policy.verdict import Verdict
from reports import numbers
from reports.html import after_opening, environment, inline, plain, stylesheet
from reports.panels.block import Block, Figure, from_section, text
from reports.panels.contract import contract
from reports.panels.drift import drift
from reports.panels.fairness import fairness
from reports.panels.gates import gates
from reports.panels.metrics import history, slices
from reports.panels.training import training
from reports.plots import Picture
from reports.section import RANK
from reports.story import Story, tell

_ALL_EXAMPLES = 10

_CHAPTERS = {
    "look": ("What needs a look", ("checks", "errors")),
    "evaluation": ("Evaluation", ("gates", "newest", "history", "slices", "metrics", "pairing")),
    "data": ("Data", ("contract", "diff", "schema", "values", "personal", "overlap", "leakage")),
    "drift": ("Drift", ("drift",)),
    "training": ("Training", ("training", "pipeline", "missing_remote")),
    "fairness": ("Fairness", ("fairness",)),
    "plots": ("Plots", ("plots",)),
}
"""Chapters, and the sections in each; those that fail are read first. What no chapter names stands in the record."""

_FIRST, _LAST = "look", "plots"

_DRAWN_ELSEWHERE = {"more_gates"}
"""Sections whose rows a panel holds too: the panel of gates has every gate."""

_STARTS_FOLDED = {"metrics", "values", "holds", "lineage"}
_READY = "Ready to merge"
_TITLES = {Status.FAILED: "Not ready to merge", Status.WARNED: "Can be merged, but have a look"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the report with its blocks."""

    anchor: str
    title: str
    status: Status
    result: Markup
    against: Markup
    blocks: tuple[Block, ...]

    @property
    def is_shown(self) -> bool:
        """Whether it has a place of its own below the table of parts."""
        return bool(self.blocks) or self.status in (Status.FAILED, Status.WARNED)


def render(facts: Facts, verdict: Verdict, *, comment: str, charts: bool = True, plots: Sequence[Picture] = ()) -> str:
    """The page as HTML. `comment` is the Markdown that the pull request shows; without `charts` there are tables only."""
    title = _TITLES.get(verdict.result.status, _READY)
    story = tell(facts, verdict, examples=_ALL_EXAMPLES)
    drawn = _panels(facts, verdict, story, charts, plots)
    told = {each.key: from_section(each, folded=each.key in _STARTS_FOLDED) for each in story.sections}
    blocks = {key: block for key, block in (told | drawn).items() if key not in _DRAWN_ELSEWHERE and _says_something(block)}
    chapters = _chapters(story, blocks)
    named = {key for _, keys in _CHAPTERS.values() for key in keys}
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            style=stylesheet("page.css"),
            title=title,
            facts=facts,
            verdict=verdict,
            headline=after_opening(story.headline.sentence),
            next=inline(story.headline.next.source),
            base=inline(story.base.source),
            footer=inline(story.footer.source),
            status=Status.PASSED if verdict.result.status is Status.SKIPPED else verdict.result.status,
            chapters=chapters,
            record=[block for key, block in blocks.items() if key.partition(":")[0] not in named],
            comment=comment,
            quiet=story.quiet,
        )
    )


def _panels(facts: Facts, verdict: Verdict, story: Story, draw: bool, plots: Sequence[Picture]) -> dict[str, Block]:
    worst = story.section("slices")
    sliced = slices(facts, verdict, draw=draw)
    if worst:
        sliced = replace(sliced, notes=tuple(inline(each.source) for each in worst.paragraphs))
    panels = [
        gates(facts, verdict, draw=draw),
        contract(facts, verdict),
        sliced,
        *drift(facts, verdict, draw=draw),
        training(facts, story.section("training"), draw=draw),
        fairness(facts, verdict, story.section("fairness"), draw=draw),
    ]
    if draw:
        panels += [_since(history(facts, verdict), story), _plots(plots)]
    return {panel.key: panel for panel in panels}


def _since(drawn: Block, story: Story) -> Block:
    """The lines of metrics over the table of what happened since the last accepted baseline."""
    section = story.section("history")
    told = from_section(section) if section else Block("history", drawn.title)
    caption = "Since the last accepted baseline." if told.lines else ""
    return replace(drawn, heads=told.heads, lines=told.lines, caption=caption)


def _plots(plots: Sequence[Picture]) -> Block:
    figures = tuple(Figure(text(plain(each.title, 120)), _image(each), text(plain(each.note, 400))) for each in plots)
    return Block("plots", "Plots of the repository", brief=numbers.count(len(plots)), figures=figures)


def _image(plot: Picture) -> Markup:
    if not plot.base:
        return _shown(plot.image, plot.title)
    sides = ((plot.before, plain(plot.base, 60)), (plot.image, "this change"))
    pair = (Markup("<div><small>{}</small>{}</div>").format(name, _shown(image, plot.title)) for image, name in sides)
    return Markup('<div class="pair">{}</div>').format(Markup("").join(pair))


def _shown(image: str, title: str) -> Markup:
    if not image.startswith(("data:image/png;base64,", "data:image/svg+xml;base64,", "data:image/jpeg;base64,")):
        return text("not drawn")
    return Markup('<img src="{}" alt="{}">').format(image, plain(title, 200))


def _says_something(block: Block) -> bool:
    return bool(block.lines or block.figures or block.notes or block.after)


def _chapters(story: Story, blocks: dict[str, Block]) -> list[Chapter]:
    rows = {row.name: row for row in story.parts}
    chapters = []
    for anchor, (title, keys) in _CHAPTERS.items():
        row = rows.get(anchor)
        found = tuple(blocks[key] for name in keys for key in blocks if key.partition(":")[0] == name)
        if not found and (row is None or row.status is Status.SKIPPED):
            continue
        result, against = (inline(row.result.source), inline(row.against.source)) if row else (Markup(""), Markup(""))
        chapters.append(Chapter(anchor, title, row.status if row else _worst(found), result, against, found))
    # A part that no chapter knows (a newer policy's) still stands in the table of parts.
    known = {chapter.anchor for chapter in chapters}
    others = [row for name, row in rows.items() if name not in known]
    chapters += [
        Chapter(row.name, row.title.source, row.status, inline(row.result.source), inline(row.against.source), ())
        for row in others
    ]
    return sorted(chapters, key=lambda each: (each.anchor != _FIRST, each.anchor == _LAST, RANK[each.status]))


def _worst(blocks: Iterable[Block]) -> Status:
    order = (Status.SKIPPED, Status.PASSED, Status.WARNED, Status.FAILED)
    return max((block.status for block in blocks), key=order.index, default=Status.SKIPPED)
