"""`cml comment create` and `cml comment update`: one comment with somebody's Markdown, found again by its mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.cml import length
from bot.cml.target import Target
from bot.cml.watermark import Watermark
from bot.gateway.problems import NotThere
from bot.gateway.records import IssueComment

_OURS = "<!-- assay:"
_DEFUSED = "<!-- assay :"


class Comments(Protocol):
    """The methods of the gateway that comments take; lists are read through all their pages."""

    def owns(self, comment: IssueComment) -> bool:
        """Whether the token's own account wrote a comment."""

    def comments(self, number: int) -> Sequence[IssueComment]:
        """The comments on an issue or pull request, oldest first."""

    def create_comment(self, number: int, body: str) -> IssueComment:
        """Write a comment."""

    def update_comment(self, comment_id: int, body: str) -> None:
        """Rewrite a comment."""

    def delete_comment(self, comment_id: int) -> None:
        """Delete a comment."""

    def commit_comments(self, sha: str) -> Sequence[IssueComment]:
        """The comments on a commit, oldest first."""

    def create_commit_comment(self, sha: str, body: str) -> IssueComment:
        """Write a comment on a commit."""

    def update_commit_comment(self, comment_id: int, body: str) -> None:
        """Rewrite a comment on a commit."""


@dataclass(frozen=True, slots=True)
class Written:
    """The comment that now holds the report."""

    id: int
    path: str
    created: bool


def body(report: str, mark: Watermark | None, rest: str = "") -> tuple[str, bool]:
    """A comment's body, and whether it had to be cut: the report, its mark at the end, at most as long as GitHub takes.

    `rest` (Markdown, such as a link) says where the whole report is, should it have to be cut. A report cannot carry the mark of
    Assay's own comments, which are looked up under the same account.
    """
    where = f" The whole of it: {rest}." if rest else ""
    note = f"*This report is longer than a comment may be, and ends here.{where}*\n"
    return length.fit(report.replace(_OURS, _DEFUSED), length.COMMENT_LIMIT, note, str(mark) if mark else "")


def write(gateway: Comments, target: Target, text: str, mark: Watermark | None, *, update: bool) -> Written:
    """Rewrite the newest comment of our own account that carries the mark, or write a new one.

    A comment by anybody else is never touched, whatever it holds. Of two runs that update at once for the first time both write a
    comment; then both see two, and settle on the older one.
    """
    if target.kind == "commit":
        return _on_commit(gateway, target, text, mark if update else None)
    try:
        return _on_issue(gateway, target, text, mark, update=update)
    except NotThere:  # another run may have taken back the comment that was to be rewritten
        return _on_issue(gateway, target, text, mark, update=update)


def _on_issue(gateway: Comments, target: Target, text: str, mark: Watermark | None, *, update: bool) -> Written:
    number = int(target.id)
    known = _carrying(gateway, gateway.comments(number), mark) if update and mark else []
    if known:
        if known[-1].body != text:
            gateway.update_comment(known[-1].id, text)
        return Written(known[-1].id, target.page(known[-1].id), created=False)
    made = gateway.create_comment(number, text)
    first = _carrying(gateway, gateway.comments(number), mark)[:1] if update and mark else []
    if first and first[0].id < made.id:
        gateway.update_comment(first[0].id, text)
        gateway.delete_comment(made.id)
        return Written(first[0].id, target.page(first[0].id), created=False)
    return Written(made.id, target.page(made.id), created=True)


def _on_commit(gateway: Comments, target: Target, text: str, mark: Watermark | None) -> Written:
    known = _carrying(gateway, gateway.commit_comments(target.id), mark) if mark else []
    if not known:
        made = gateway.create_commit_comment(target.id, text)
        return Written(made.id, target.page(made.id), created=True)
    if known[-1].body != text:
        gateway.update_commit_comment(known[-1].id, text)
    return Written(known[-1].id, target.page(known[-1].id), created=False)


def _carrying(gateway: Comments, comments: Sequence[IssueComment], mark: Watermark) -> list[IssueComment]:
    """The comments of our own account that carry the mark, the oldest first."""
    return [each for each in comments if mark.is_in(each.body) and gateway.owns(each)]
