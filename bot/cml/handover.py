"""`publisher: cml`: what was decided, written by the real `cml` wherever it would write what is meant.

CML looks for its comment among the first thirty and takes the newest that holds the watermark, whoever wrote it. So a stranger
could have the report in a comment of theirs, and a long thread a new comment at each push. What CML would find is therefore
looked up beforehand, and where that is not the comment of the report, our own gateway writes, watermark included.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from bot import perform
from bot.cml.watermark import Watermark
from bot.effects import CreateComment, Effect, UpdateComment
from bot.gateway import Gateway
from bot.gateway.records import CheckRun, CheckRunRecord, IssueComment

_PAGE = 30
"""How many comments CML reads: GitHub's own page."""
_NOTE = "cml would not have found this report's comment, so Assay wrote it"


class Writes(Protocol):
    """What `bot.cml.tool.Tool` does."""

    def update_comment(self, number: int, body: str, title: str) -> None:
        """Rewrite the comment with this watermark, or write a new one."""

    def create_check(self, run: CheckRun) -> None:
        """Make a check run."""


def label(kind: str) -> str:
    """The watermark's title for a report of this kind."""
    return f"assay {kind}"


def found(comments: Sequence[IssueComment], title: str) -> int | None:
    """The id of the comment that `cml comment update` would rewrite; None where it would write a new one."""
    # CML searches the whole body, not only its end, and does not mind the commit in the mark.
    mark = re.compile(rf'!\[\]\(https://cml\.dev/watermark\.png#[0-9a-fA-F]+ "{re.escape(f"CML watermark {title}")}"\)')
    return next((each.id for each in reversed(comments[:_PAGE]) if mark.search(each.body)), None)


def comments(
    gateway: Gateway, tool: Writes, present: Sequence[IssueComment], effects: Sequence[Effect], mark: Watermark
) -> perform.Written:
    """Carry out the effects on comments, given all comments there are, the oldest first.

    Raises what gateway and tool raise, after what went before is done.
    """
    written = perform.Written()
    target = found(present, mark.label)
    for effect in effects:
        match effect:
            case CreateComment(number, body) if target is None:
                tool.update_comment(number, body, mark.label)
                written.comments += 1
            case UpdateComment(id, number, body) if target == id:
                tool.update_comment(number, body, mark.label)
                written.comments += 1
            case CreateComment(number, body):
                written.comments += perform.perform(gateway, [CreateComment(number, _marked(body, mark))]).comments
                written.notes.append(_NOTE)
            case UpdateComment(id, number, body):
                written.comments += perform.perform(gateway, [UpdateComment(id, number, _marked(body, mark))]).comments
                written.notes.append(_NOTE)
            case _:
                written.comments += perform.perform(gateway, [effect]).comments
    return written


def checks(tool: Writes, present: Sequence[CheckRunRecord], runs: Sequence[CheckRun]) -> perform.Written:
    """Make the check runs that are not there yet, or say something else.

    CML never rewrites a check run and marks none, so the newest of a name and commit is told by its conclusion.
    """
    written = perform.Written()
    for run in runs:
        same = [each for each in present if (each.name, each.head_sha) == (run.name, run.head_sha)]
        newest = max(same, key=lambda each: each.id, default=None)
        if newest is None or newest.status != "completed" or newest.conclusion != run.conclusion:
            tool.create_check(run)
            written.checks += 1
    return written


def _marked(body: str, mark: Watermark) -> str:
    return f"{body.rstrip()}\n\n{mark}\n"
