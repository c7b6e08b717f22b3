"""The one comment in which the bot answers: what it was told lately, and what came of it. Pure.

It is a view: nothing is ever decided by what stands in it. Each answer is known by the comment that asked, so that handling one
twice writes the same, and the newest stands on top.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.checks import digest
from bot.effects import Effect, Reply
from bot.gateway.records import Identity, IssueComment
from bot.sticky import Marker, decide, ours
from policy.result import Status
from reports.markdown import Markdown, code, join, put
from reports.section import ICONS
from reports.sentences import advice, why

KIND = "commands"
_KEPT = 10
_ROOM = 60_000
"""Characters; below GitHub's limit, so that a long answer pushes old ones out."""
_SECTION = re.compile(
    r"^<!-- assay:said (?P<key>[0-9]{1,19}) (?P<actor>[0-9]{1,19}) (?P<at>[0-9TZ:.+-]{10,40}) -->\n"
    r"(?P<text>.*?)\n<!-- assay:end -->$",
    re.MULTILINE | re.DOTALL,
)

_RUN = re.compile(r"^(?P<line>.*) <!-- assay:run (?P<key>[0-9-]{1,40}) -->$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """The answer to one comment. `key` is that comment's id, `actor` who wrote it, `at` when, in ISO 8601."""

    key: int
    actor: int
    at: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What came of one command, as it was written."""

    command: str
    reply: Reply


def text_of(login: str, answers: Sequence[Answer]) -> str:
    """The answers to a comment, one paragraph each."""
    return "\n\n".join(_paragraph(login, each).source for each in answers if not each.reply.quiet)


def _paragraph(login: str, answer: Answer) -> Markdown:
    result = answer.reply.result
    icon = ICONS[Status.PASSED if answer.reply.done else Status.FAILED]
    said = put("{} {} by {}: {}", icon, code(answer.command, 120), code(login), why(result))
    if next_step := advice(result):
        said = put("{}. {}.", said, _capital(next_step))
    return join([said, answer.reply.detail], "\n\n") if answer.reply.detail else said


def _capital(sentence: Markdown) -> Markdown:
    return Markdown(sentence.source[:1].upper() + sentence.source[1:])


def effects(comments: Sequence[IssueComment], identity: Identity, where: Marker, section: Section) -> list[Effect]:
    """What to write so that the one comment holds a section, in the place of an older one of the same key.

    What stood there about runs is kept: an asking that is answered once more is still the one that started them. `where` says
    repository, number and head; its digest is made here.
    """
    present = ours(comments, identity, where)
    known = sections(present[0][0].body) if present else []
    before = next((each for each in known if each.key == section.key), None)
    if before is not None:
        section = replace(section, text=_with_runs(section.text, before.text))
    wanted = heard(known, section)
    marker = Marker(where.repository, where.number, KIND, digest([vars(each) for each in wanted]), where.head)
    return decide(comments, identity, marker, lambda: body(marker, wanted))


def noted(text: str, key: str, line: Markdown) -> str:
    """A section's text with a line about the run that an asking started, in the place of what stood there about it.

    Such lines stand at the end, in the order of the commands: told in another order, the same stands there.
    """
    # The mark ends its line: a line that begins with a comment is HTML to its end, and no Markdown.
    lines = {found["key"]: found[0] for found in _RUN.finditer(text)} | {key: f"{line.source} {_mark(key)}"}
    rest = _RUN.sub("", text).rstrip("\n")
    return "\n\n".join([rest, *(lines[each] for each in sorted(lines, key=_place))])


def _place(key: str) -> tuple[int, ...]:
    return tuple(int(each) for each in key.split("-") if each)


def _mark(key: str) -> str:
    return f"<!-- assay:run {key} -->"


def _with_runs(text: str, before: str) -> str:
    """A section's text with the lines about runs that it does not have itself."""
    for found in _RUN.finditer(before):
        if line_of(text, found["key"]) is None:
            text = noted(text, found["key"], Markdown(found["line"]))
    return text


def line_of(text: str, key: str) -> str | None:
    """What a section's text says of the run of a key; None where it says nothing."""
    return next((each for each in text.split("\n") if each.endswith(_mark(key))), None)


def heard(known: Sequence[Section], new: Section) -> list[Section]:
    """The sections with one more, or with one replaced; those of the newest ten comments, as many as have room."""
    # By what they answer and not by when: handled in another order, the same answers stand there.
    found = sorted([new, *(each for each in known if each.key != new.key)], key=lambda each: -each.key)
    found = [replace(found[0], text=_shortened(found[0].text)), *found[1:]]
    kept: list[Section] = []
    room = _ROOM
    for each in found[:_KEPT]:
        room -= len(each.text) + 200
        if kept and room < 0:
            break
        kept.append(each)
    return kept


def _shortened(text: str) -> str:
    """As many paragraphs as have room; what has none is said."""
    if len(text) <= _LONGEST:
        return text
    kept, room = list[str](), _LONGEST
    for paragraph in text.split("\n\n"):
        room -= len(paragraph) + 2
        if room < 0:
            break
        kept.append(paragraph)
    return "\n\n".join([*kept, "The rest is too long for a comment."])


_LONGEST = 40_000


def sections(body: str) -> list[Section]:
    """The sections of a comment that our own account wrote, the newest first."""
    return [Section(int(found["key"]), int(found["actor"]), found["at"], found["text"]) for found in _SECTION.finditer(body)]


def body(marker: Marker, found: Sequence[Section]) -> str:
    """The comment: the newest section open, the older ones folded."""
    first, *older = [_framed(each) for each in found]
    lines = [str(marker), "### Assay", "", first]
    if older:
        lines += [
            "",
            f"<details><summary>Said before ({len(older)})</summary>",
            "",
            *("\n\n".join(older).split("\n")),
            "",
            "</details>",
        ]
    return "\n".join([*lines, "", "<sub>Say `/help` for what can be said here.</sub>"])


def _framed(section: Section) -> str:
    return f"<!-- assay:said {section.key} {section.actor} {section.at} -->\n{section.text}\n<!-- assay:end -->"
