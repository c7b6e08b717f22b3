"""What may be written to GitHub: records that a pure decider asks for and `bot.perform` carries out."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.gateway.records import CheckRun, Closing
from policy.ledger import Draft
from policy.reasons import Reason
from policy.result import Result, Status, Value
from reports.markdown import EMPTY, Markdown


@dataclass(frozen=True)
class CreateComment:
    """Write a comment on a pull request."""

    number: int
    body: str


@dataclass(frozen=True)
class UpdateComment:
    """Write a comment anew; on `number` if somebody deleted it meanwhile."""

    id: int
    number: int
    body: str


@dataclass(frozen=True)
class DeleteComment:
    """Delete a duplicate of ours."""

    id: int


@dataclass(frozen=True)
class CreateCheck:
    """Create a check run."""

    run: CheckRun


@dataclass(frozen=True)
class UpdateCheck:
    """Make a check run of ours say something else."""

    id: int
    run: CheckRun


@dataclass(frozen=True)
class Dispatch:
    """Start a workflow of the default branch. `request` names it in its title; `again`: it may have been started before."""

    workflow: str
    ref: str
    inputs: dict[str, str] = field(hash=False)
    request: str = ""
    again: bool = False


@dataclass(frozen=True)
class CancelRun:
    """Stop a run of a workflow."""

    id: int


@dataclass(frozen=True)
class RequestReviewers:
    """Ask people (logins) and teams (slugs) for their review."""

    number: int
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddLabel:
    """Put a label on."""

    number: int
    label: str


@dataclass(frozen=True)
class RemoveLabel:
    """Take a label off."""

    number: int
    label: str


@dataclass(frozen=True)
class MoveLock:
    """Write a lock's next record, as long as the lock is what was seen, `parent` (None: as long as there is none)."""

    name: str
    record: str
    parent: str | None


@dataclass(frozen=True)
class Judge:
    """Judge a pull request again and publish what came of it."""

    number: int


@dataclass(frozen=True)
class AskFor:
    """Open an issue that asks for a promotion, in the place of older ones, `instead`, and weigh it."""

    title: str
    body: str
    instead: tuple[int, ...] = ()


@dataclass(frozen=True)
class GoBack:
    """Go back to a version that ran before, at the word that `key` names, said on `number`. What becomes of it is the reply."""

    number: int
    key: str


@dataclass(frozen=True)
class StartAgain:
    """Weigh a request again, and start what moves its alias once more where the last run failed; `key` names the asking."""

    number: int
    key: str


@dataclass(frozen=True)
class Weigh:
    """Weigh a request for a promotion again and write its card. What becomes of the asking comment is the reply."""

    number: int


@dataclass(frozen=True)
class Assign:
    """Make these the assignees of an issue."""

    number: int
    users: tuple[str, ...]


@dataclass(frozen=True)
class CloseIssue:
    """Close an issue, as completed or as not planned."""

    number: int
    reason: Closing


@dataclass(frozen=True)
class OpenIssue:
    """Open an issue with one label. Its text tells it from others: one with the same is not opened twice."""

    title: str
    body: str
    label: str


@dataclass(frozen=True)
class ReviseIssue:
    """Make an issue say this, with these labels and no others, and open (`open`) or close it (`closed`)."""

    number: int
    title: str
    body: str
    labels: tuple[str, ...]
    state: str
    reason: Closing | None = None


@dataclass(frozen=True)
class PutMilestone:
    """Have a milestone say this, `open` or `closed`; `number` is the one that is there, None where there is none yet."""

    title: str
    description: str
    due: date | None
    state: str
    number: int | None = None


@dataclass(frozen=True)
class Deploy:
    """Record that a commit was deployed, and that it went well; `there` is the deployment, where it is recorded already.

    `log_url` leads to what was done, `url` to what runs.
    """

    sha: str
    environment: str
    description: str
    payload: dict[str, Any] = field(hash=False)
    log_url: str = ""
    url: str = ""
    there: int | None = None


@dataclass(frozen=True)
class ReopenIssue:
    """Open an issue again."""

    number: int


@dataclass(frozen=True)
class Enter:
    """Enter a decision in the ledger, once for its key: who decided (`by`, `by_id`), and what they said of it.

    `since` is a moment, in ISO 8601, before which it cannot have been entered: so far back its key is looked for.
    """

    draft: Draft = field(hash=False)
    by: str
    by_id: int
    because: str = ""
    since: str = ""


@dataclass(frozen=True)
class Reply:
    """What to tell whoever gave a command: a sentence, `detail` after it; `done` is False where it was refused."""

    result: Result
    done: bool = True
    detail: Markdown = EMPTY
    quiet: bool = False
    """Whether the reaction alone says it."""


def told(reason: Reason, detail: Markdown = EMPTY, /, *, quiet: bool = False, **values: Value) -> Reply:
    """A reply that it was done."""
    return Reply(Result(name="command", status=Status.PASSED, reason=reason, values=values), True, detail, quiet)


def refused(reason: Reason, detail: Markdown = EMPTY, /, **values: Value) -> Reply:
    """A reply that it was not done, and why."""
    return Reply(Result(name="command", status=Status.FAILED, reason=reason, values=values), False, detail)


Effect = (
    CreateComment
    | UpdateComment
    | DeleteComment
    | CreateCheck
    | UpdateCheck
    | Dispatch
    | CancelRun
    | RequestReviewers
    | AddLabel
    | RemoveLabel
    | MoveLock
    | AskFor
    | GoBack
    | StartAgain
    | Weigh
    | Assign
    | CloseIssue
    | OpenIssue
    | ReviseIssue
    | PutMilestone
    | Deploy
    | ReopenIssue
    | Enter
    | Judge
    | Reply
)
