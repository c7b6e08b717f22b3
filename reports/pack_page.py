"""`index.html` of an evidence pack: what is in it, what is missing, who decided, what answers which heading. No script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from policy import ledger
from policy.evidence import FRAMEWORKS, Answer, Part, answers
from policy.facts import Facts
from policy.ledger import Kept
from policy.pack import ENVELOPE, STATEMENT, About, Piece, file, listed
from policy.result import Status
from policy.verdict import Verdict
from reports import kept as places
from reports import ledger as told
from reports import numbers
from reports.card import NEEDED
from reports.html import after_opening, environment, mark, plain, stylesheet
from reports.panels.block import Block, Line, heads, text
from reports.story import tell

_OPEN_ROWS = 100


@dataclass(frozen=True, slots=True)
class Mapped:
    """A framework with its headings as a table, and how many of them no part answers."""

    title: str
    block: Block
    brief: str


def render(about: About, pieces: Sequence[Piece], facts: Facts | None, verdict: Verdict | None, digest: str = "") -> str:
    """The page as HTML. `digest` is that of the model, in words; facts and verdict are None where the pack has none."""
    gone = [each for each in pieces if not each.there]
    return (
        environment()
        .get_template("pack.html.j2")
        .render(
            style=stylesheet("page.css"),
            about=about,
            digest=digest,
            status=_status(verdict, gone),
            headline=after_opening(tell(facts, verdict).headline.sentence) if facts and verdict else "",
            gone=gone,
            parts=_parts(pieces),
            decisions=_decisions(pieces),
            frameworks=[
                _mapped(each.name, answers(each, {piece.part for piece in pieces if piece.there}, _written(pieces)))
                for each in FRAMEWORKS
            ],
            statement=STATEMENT,
            envelope=ENVELOPE,
        )
    )


def _status(verdict: Verdict | None, gone: Sequence[Piece]) -> Status:
    if verdict is None:
        return Status.WARNED
    found = verdict.result.status
    return (
        Status.WARNED
        if gone and found in (Status.PASSED, Status.SKIPPED)
        else Status.PASSED
        if found is Status.SKIPPED
        else found
    )


def _parts(pieces: Sequence[Piece]) -> Block:
    lines = []
    for each in pieces:
        status = Status.WARNED if not each.there or each.note else Status.PASSED
        first = Markup("{} {}").format(mark(status), each.part.label)
        says = each.part.says if each.there else f"Not evidenced: {plain(listed(each).missing, 600)}"
        note = f" Note: {plain(each.note, 600)}." if each.note else ""
        lines.append(Line(status, (first, text(f"{says[:1].upper()}{says[1:]}.{note}"), _links(each.files))))
    return Block(
        "parts", "Parts", brief=_brief(pieces), heads=heads("part", "what it says", "files and their SHA-256"), lines=tuple(lines)
    )


def _brief(pieces: Sequence[Piece]) -> str:
    there = sum(each.there for each in pieces)
    return f"{numbers.count(there)} of {numbers.count(len(pieces))} are there"


def _links(files: Mapping[str, bytes]) -> Markup:
    """The files of a part. Their paths are ours: see `actions.evidence.gather`."""
    shown = [
        Markup('<a href="{}">{}</a> <small>{}</small>').format(path, path, file(path, raw).sha256[:12])
        for path, raw in sorted(files.items())
    ]
    return Markup("<br>").join(shown) if shown else Markup("—")


def _decisions(pieces: Sequence[Piece]) -> Block:
    raw = next((each.files for each in pieces if each.part is Part.APPROVALS), {})
    lines = tuple(_decision(ledger.read(content)) for _, content in sorted(raw.items()))
    columns = heads("entry", "time (UTC)", "decision", "where", "by", "because")
    return Block("decisions", "Decisions", heads=columns, lines=lines, open_rows=_OPEN_ROWS)


def _decision(kept: Kept) -> Line:
    row = told.row(kept)
    who = row["by"] if kept.personal else "(taken out)"
    number = f"#{row['number']}" if row["number"] else ""
    cells = (
        row["sequence"],
        row["time"][:19].replace("T", " "),
        row["decision"],
        f"{row['environment']} {number}",
        who,
        row["because"],
    )
    return Line(Status.PASSED, tuple(text(plain(each, 400)) for each in cells))


def _written(pieces: Sequence[Piece]) -> list[str]:
    """The places of the model card in which people wrote something."""
    raw = next((content for each in pieces if each.part is Part.CARD for content in each.files.values()), b"")
    try:
        found = places.find(raw.decode("utf-8", "replace"))
    except ValueError:
        return []
    return [name for name, said in found.items() if said.strip() not in ("", NEEDED)]


def _mapped(title: str, found: Sequence[Answer]) -> Mapped:
    open_ones = sum(not each.evidenced for each in found)
    lines = tuple(_answer(each) for each in found)
    brief = f"{numbers.count(open_ones)} of {numbers.count(len(found))} headings are not answered"
    return Mapped(
        title, Block("map", title, heads=heads("heading", "answered by", "how far"), lines=lines, open_rows=_OPEN_ROWS), brief
    )


def _answer(answer: Answer) -> Line:
    status = Status.PASSED if answer.evidenced else Status.WARNED if answer.heading.parts else Status.SKIPPED
    labels = ", ".join(part.label for part in answer.there) or "—"
    sign = Markup("") if answer.evidenced else mark(status)  # a tick would read as if an obligation were met
    first = Markup("{} <strong>{}</strong> {}").format(sign, answer.heading.id, answer.heading.title)
    return Line(status, (first, text(labels), text(answer.says)))
