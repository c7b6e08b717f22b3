"""Somebody asked for a check of ours again, or pressed one of its buttons; or a check ended for which a retraining waits."""

from bot import conversation, judging
from bot.around import Around
from bot.checks import EXPLAIN, RERUN, WAIVE, number_of
from bot.conversation import Asking
from bot.handlers.handler import Payload
from bot.proposing import merging
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """A click is what its person would have said in a comment: the same rights, the same answer."""
    run, sender = payload["check_run"], payload["sender"]
    if payload["action"] == "completed":
        return _ended(around, str((run.get("check_suite") or {}).get("head_branch") or ""))
    number = number_of(run.get("external_id") or "")
    said = _said(payload)
    if number is None or not said:
        return Reason.NOT_OURS
    return conversation.converse(
        around,
        Asking(
            number=number,
            on_pull=True,
            body=said,
            actor_id=int(sender["id"]),
            actor_login=str(sender["login"]),
            actor_type=sender.get("type") or "User",
            at=around.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            key=int(run["id"]),
        ),
    )


def _ended(around: Around, branch: str) -> Reason:
    """Look again at a retraining that is merged by itself once everything ended."""
    waiting = merging.awaited(around, branch)
    for number in waiting:
        judging.judge(around, number)
    return Reason.REFRESHED if waiting else Reason.NOT_OURS


def _said(payload: Payload) -> str:
    if payload["action"] == "rerequested":
        return "/check"
    pressed = (payload.get("requested_action") or {}).get("identifier") if payload["action"] == "requested_action" else ""
    return {RERUN.identifier: "/check", EXPLAIN.identifier: "/explain", WAIVE.identifier: "/help waive"}.get(str(pressed), "")
