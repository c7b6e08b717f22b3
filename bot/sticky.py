"""The one comment that stays: finds ours among all comments and says what to write. Pure.

A comment is ours when our own account wrote it and its first line is our marker; a stranger's marker is text of theirs. Running
twice writes once, copies of it are deleted, and what began earlier never writes over what began later.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.effects import CreateComment, DeleteComment, Effect, UpdateComment
from bot.gateway.records import Identity, IssueComment

KIND = re.compile(r"[a-z][a-z0-9-]{0,29}\Z")
_MARKER = re.compile(
    r"<!-- assay:report (?P<repository>\d{1,19}) (?P<number>\d{1,12}) (?P<kind>[a-z][a-z0-9-]{0,29}) v1 (?P<digest>[0-9a-f]{16})"
    r"(?: head=(?P<head>[0-9a-f]{40,64}))?(?: began=(?P<began>[0-9TZ:.-]{1,40}))? -->\Z"
)


@dataclass(frozen=True)
class Marker:
    """The hidden first line. `digest` is of what the comment says, `head` the commit, `began` when its run did (may be empty)."""

    repository: int
    number: int
    kind: str
    digest: str
    head: str
    began: str = ""

    def __str__(self) -> str:
        head, began = f" head={self.head}" if self.head else "", f" began={self.began}" if self.began else ""
        return f"<!-- assay:report {self.repository} {self.number} {self.kind} v1 {self.digest}{head}{began} -->"

    def same_report(self, other: "Marker") -> bool:
        """Whether both stand over the same report: of one repository, pull request and kind."""
        return (self.repository, self.number, self.kind) == (other.repository, other.number, other.kind)


def marker_of(body: str) -> Marker | None:
    """The marker of a comment; None where its first line is none."""
    first = body.split("\n", 1)[0].rstrip("\r ")
    found = _MARKER.match(first)
    if not found:
        return None
    return Marker(
        repository=int(found["repository"]),
        number=int(found["number"]),
        kind=found["kind"],
        digest=found["digest"],
        head=found["head"] or "",
        began=found["began"] or "",
    )


def ours(comments: Sequence[IssueComment], identity: Identity, wanted: Marker) -> list[tuple[IssueComment, Marker]]:
    """The comments of this report that our own account wrote, the oldest first."""
    found = [(each, marker_of(each.body)) for each in comments if identity.wrote(each)]
    known = [(each, marker) for each, marker in found if marker is not None and marker.same_report(wanted)]
    return sorted(known, key=lambda pair: pair[0].id)


def decide(
    comments: Sequence[IssueComment], identity: Identity, wanted: Marker, draw: Callable[[], str], *, create: bool = True
) -> list[Effect]:
    """What to write so that exactly one comment of ours says what `wanted` stands for.

    `draw` makes the body, marker included, and is called only where it is needed. Without `create` nothing new is begun, but what
    stands is kept true.
    """
    present = ours(comments, identity, wanted)
    if not present:
        return [CreateComment(wanted.number, draw())] if create else []
    (kept, marker), *copies = present
    # Of copies, the newest report counts when asking who is older; the oldest comment stays, because links lead to it.
    newest = max((each for _, each in present), key=lambda each: each.began)
    effects: list[Effect] = [DeleteComment(comment.id) for comment, _ in copies]
    if overtaken(newest.began, wanted.began):
        return effects if newest is marker else []
    if (marker.digest, marker.head) != (wanted.digest, wanted.head):
        effects.insert(0, UpdateComment(kept.id, wanted.number, draw()))
    return effects


def overtaken(present: str, wanted: str) -> bool:
    """Whether what stands there was begun later than what is wanted. Unknown times overtake nobody."""
    return bool(present and wanted) and present > wanted
