"""Somebody wrote, changed or deleted a comment."""

from bot import conversation, judging, sweeping
from bot.around import Around
from bot.commands import DECLARED
from bot.conversation import Asking
from bot.grammar import spoken
from bot.grammar.names import Prefix
from bot.handlers.handler import Payload
from bot.promotion import weighing
from bot.promotion.votes import KINDS
from policy import document
from policy.document import FILE_NAME
from policy.problems import UserProblem
from policy.reasons import Reason

_DECIDING = {"hold", "unhold", "waive", "rollback", *KINDS}


def handle(around: Around, payload: Payload) -> Reason:
    """A new comment is read for commands. An edited or deleted one only ever takes back what it decided."""
    action, issue, comment = payload["action"], payload["issue"], payload["comment"]
    on_pull = bool(issue.get("pull_request"))
    asking = _asking(payload, on_pull)
    if action == "created":
        return conversation.converse(around, asking)
    if action == sweeping.UNANSWERED:
        return sweeping.finish(around, asking.number, asking.key, on_pull)
    if action == "edited":
        return _edited(around, payload, asking)
    if action == "deleted" and _decides(around, comment.get("body") or ""):
        return _again(around, asking)
    return Reason.NO_COMMAND


def _again(around: Around, asking: Asking) -> Reason:
    """What a decision was about is judged anew, without it."""
    if not asking.on_pull:
        return weighing.refresh(around, asking.number)
    judging.judge(around, asking.number)
    return Reason.REFRESHED


def _asking(payload: Payload, on_pull: bool) -> Asking:
    comment = payload["comment"]
    user = comment.get("user") or {"id": 0, "login": "ghost", "type": "User"}
    # What an App wrote in somebody's name is not that person's word.
    kind = "Bot" if comment.get("performed_via_github_app") else user.get("type") or "User"
    return Asking(
        number=int(payload["issue"]["number"]),
        on_pull=on_pull,
        body=comment.get("body") or "",
        actor_id=int(user["id"]),
        actor_login=str(user["login"]),
        actor_type=kind,
        at=str(comment["created_at"]),
        key=int(comment["id"]),
        comment=int(comment["id"]),
    )


def _edited(around: Around, payload: Payload, asking: Asking) -> Reason:
    """An edit does nothing, unless the policy lets authors add commands to their own comments; what it decided lapses."""
    before = ((payload.get("changes") or {}).get("body") or {}).get("from") or ""
    if not (_read(around, before) or _read(around, asking.body)):
        return Reason.NO_COMMAND
    if _decides(around, before) or _decides(around, asking.body):
        _again(around, asking)
    if payload["sender"]["id"] != asking.actor_id:
        return Reason.FOREIGN_EDIT
    added = _added(around, before, asking.body)
    if not added or not _edits_run(around, asking):
        return Reason.COMMENT_EDITED
    return conversation.converse(around, _only(asking, added))


def _added(around: Around, before: str, after: str) -> str:
    """The command lines that an edit added, none of which decides: a decision is a comment that nobody edited."""
    known = [each.line.text for each in _read(around, before).said]
    fresh = []
    for each in _read(around, after).said:
        if each.line.text in known:
            known.remove(each.line.text)
        elif each.name not in _DECIDING:
            fresh.append(each.line.text)
    return "\n".join(fresh)


def _only(asking: Asking, body: str) -> Asking:
    return Asking(**{**vars(asking), "body": body})


def _edits_run(around: Around, asking: Asking) -> bool:
    ref = around.gateway.pull_request(asking.number).base_ref if asking.on_pull else around.repository.default_branch
    raw = around.gateway.file(FILE_NAME, ref)
    try:
        policy = document.read(raw.decode("utf-8", "replace")) if raw is not None else None
    except UserProblem:
        return False
    return bool(policy and policy.commands and policy.commands.edits)


def _decides(around: Around, body: str) -> bool:
    return any(each.name in _DECIDING for each in _read(around, body).commands)


def _read(around: Around, body: str) -> spoken.Spoken:
    return spoken.read(body, DECLARED, Prefix(mandatory=around.prefix))
