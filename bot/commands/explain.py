"""Says of one check, or of all that fail, what was found, how sure that is, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from bot.commands.command import Request
from bot.effects import Effect, refused, told
from bot.gateway.commanding import CheckText
from bot.grammar import kinds
from bot.grammar.arguments import Positional
from policy.reasons import Reason
from policy.result import Status
from reports.explanation import about, names
from reports.markdown import Markdown
from reports.section import ICONS

WHO = "read"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/explain", "/explain roc_auc", '/explain "roc_auc on carrier=US"')
_MOST = 5
_SHOWN = 20


@dataclass(frozen=True)
class Arguments:
    """A check, as the report names it; without one, those that fail."""

    gate: Annotated[str | None, Positional(kinds.gate)] = None


@dataclass(frozen=True)
class Present:
    """The explanations that the check runs of ours hold."""

    texts: tuple[str, ...]


class Reads(Protocol):
    """What is asked of the gateway."""

    def check_texts(self, sha: str) -> list[CheckText]:
        """The newest check run of each name on a commit, with what it shows."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """What the check runs of the head say at length."""
    found = reads.check_texts(request.head.head_sha)
    return Present(tuple(each.text for each in found if each.text and each.check.name.startswith("assay")))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """The paragraphs that are asked for."""
    sha = request.head.head_sha[:12]
    if not present.texts:
        return [refused(Reason.NO_VERDICT, sha=sha)]
    headings = [name for text in present.texts for name in names(text)]
    if arguments.gate is None:
        return [told(Reason.TOLD, _failing(present.texts, headings))]
    found = [paragraph for text in present.texts if (paragraph := about(text, arguments.gate))]
    if not found:
        known = ", ".join(name.strip("`") for name in headings[:_SHOWN])
        return [refused(Reason.NO_SUCH_CHECK, gate=arguments.gate, sha=sha, known=known)]
    return [told(Reason.TOLD, Markdown("\n\n".join(each.source for each in found)))]


def _failing(texts: Sequence[str], headings: Sequence[str]) -> Markdown:
    paragraphs = [about(text, name.strip("`")) for text in texts for name in names(text)]
    loud = [each.source for each in paragraphs if _is(each, Status.FAILED)] or [
        each.source for each in paragraphs if _is(each, Status.WARNED)
    ]
    if not loud:
        return Markdown(f"Nothing fails: {len(headings)} checks hold.")
    rest = f"\n\n{len(loud) - _MOST} more fail; say `/explain` and their names." if len(loud) > _MOST else ""
    return Markdown("\n\n".join(loud[:_MOST]) + rest)


def _is(paragraph: Markdown, status: Status) -> bool:
    return f"\n{ICONS[status]} " in paragraph.source
