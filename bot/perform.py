"""The one place that writes: carries out what was decided; commit statuses stand in for checks that may not be written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot import locks
from bot.effects import (
    AddLabel,
    Assign,
    CancelRun,
    CloseIssue,
    CreateCheck,
    CreateComment,
    DeleteComment,
    Deploy,
    Dispatch,
    Effect,
    Enter,
    MoveLock,
    OpenIssue,
    PutMilestone,
    RemoveLabel,
    ReopenIssue,
    RequestReviewers,
    ReviseIssue,
    UpdateCheck,
    UpdateComment,
)
from bot.gateway import Forbidden, Gateway, NotThere
from bot.gateway.commanding import CommandGateway
from bot.gateway.entering import LedgerGateway
from bot.gateway.milestones import MilestoneGateway
from bot.gateway.records import CheckRun, State
from bot.gateway.requesting import RequestGateway
from bot.gateway.sightings import SightingGateway

_STATES: dict[str | None, State] = {
    "success": "success",
    "neutral": "success",
    "skipped": "success",
    "failure": "failure",
}


@dataclass
class Written:
    """What was written: numbers of comments and checks, and whether statuses stand in for checks."""

    comments: int = 0
    checks: int = 0
    statuses: int = 0
    others: int = 0
    notes: list[str] = field(default_factory=list)


def perform(gateway: Gateway, effects: Iterable[Effect]) -> Written:
    """Carry out effects in their order. Raises what the gateway raises, after what went before is done."""
    written = Written()
    for effect in effects:
        _perform(gateway, effect, written)
    return written


def perform_checks(gateway: Gateway, effects: Sequence[Effect], runs: Sequence[CheckRun]) -> Written:
    """Carry out the effects on checks; where the token may not write checks, set commit statuses for `runs` instead.

    Raises Forbidden, about checks, where it may set neither.
    """
    try:
        return perform(gateway, effects)
    except Forbidden as refused:
        try:
            return statuses(gateway, runs)
        except Forbidden:
            raise refused from None


def statuses(gateway: Gateway, runs: Sequence[CheckRun]) -> Written:
    """Say as commit statuses what check runs say, each only where it is not said yet."""
    written = Written(notes=["the token may not write checks, so commit statuses stand in for them"])
    for head in dict.fromkeys(run.head_sha for run in runs):
        newest = {each.context: each for each in reversed(gateway.statuses(head))}
        for run in (each for each in runs if each.head_sha == head):
            state, said = _STATES.get(run.conclusion, "pending"), run.title[:140]
            present = newest.get(run.name)
            if present is None or (present.state, present.description) != (state, said):
                gateway.create_status(head, run.name, state, said, run.details_url)
                written.statuses += 1
    return written


def _perform(gateway: Gateway, effect: Effect, written: Written) -> None:
    match effect:
        case CreateComment(number, body):
            gateway.create_comment(number, body)
            written.comments += 1
        case UpdateComment(id, number, body):
            try:
                gateway.update_comment(id, body)
            except NotThere:  # somebody deleted it since it was looked up
                gateway.create_comment(number, body)
            written.comments += 1
        case DeleteComment(id):
            gateway.delete_comment(id)
            written.comments += 1
        case CreateCheck(run):
            gateway.create_check_run(run)
            written.checks += 1
        case UpdateCheck(id, run):
            gateway.update_check_run(id, run)
            written.checks += 1
        case _:
            _command(CommandGateway.of(gateway), effect)
            written.others += 1


def _command(gateway: CommandGateway, effect: Effect) -> None:
    """What commands ask for beside comments and checks."""
    match effect:
        case Dispatch():
            _dispatch(gateway, effect)
        case CancelRun(id):
            gateway.cancel_run(id)
        case RequestReviewers(number, users, teams):
            gateway.request_reviewers(number, list(users), list(teams))
        case AddLabel(number, label):
            gateway.add_label(number, label)
        case RemoveLabel(number, label):
            gateway.remove_label(number, label)
        case PutMilestone():
            MilestoneGateway.of(gateway).put_milestone(effect.number, effect.title, effect.description, effect.due, effect.state)
        case _:
            _request(RequestGateway.of(gateway), effect)


def _request(gateway: RequestGateway, effect: Effect) -> None:
    """What requests for promotions ask for."""
    match effect:
        case Assign(number, users):
            gateway.assign(number, users)
        case CloseIssue(number, reason):
            gateway.close_issue(number, reason)
        case OpenIssue():
            _open(gateway, effect)
        case Deploy():
            _deploy(gateway, effect)
        case ReopenIssue(number):
            gateway.reopen_issue(number)
        case ReviseIssue(number, title, body, labels, state, reason):
            SightingGateway.of(gateway).revise_issue(number, title, body, labels, state, reason)
        case Enter():
            LedgerGateway.of(gateway).enter([effect])
        case MoveLock(name, record, parent):
            locks.write(gateway, name, record, parent)
        case _:
            raise AssertionError(f"{type(effect).__name__} is for whoever called the decider")


def _dispatch(gateway: CommandGateway, effect: Dispatch) -> None:
    """Start a workflow once: GitHub takes the same order twice, so that one which may have been given is looked for first."""
    if effect.again:
        runs = gateway.workflow_runs(effect.workflow, "workflow_dispatch")
        if any(effect.request in run.title.split() for run in runs):
            return
    gateway.dispatch(effect.workflow, effect.ref, effect.inputs)


def _open(gateway: RequestGateway, effect: OpenIssue) -> None:
    """Open an issue, where none of ours with this text was ever opened."""
    me = gateway.identity()
    if not any(each.body == effect.body and me.wrote(each) for each in gateway.issues(effect.label, "all")):
        gateway.open_issue(effect.title, effect.body, [effect.label])


def _deploy(gateway: RequestGateway, effect: Deploy) -> None:
    """Record a deployment, and that it went well where nobody said so yet."""
    there = effect.there
    if there is None:
        there = gateway.create_deployment(effect.sha, effect.environment, effect.description, effect.payload).id
    if gateway.deployment_state(there) != "success":
        gateway.set_deployment_state(there, "success", effect.description, effect.log_url, effect.url)
