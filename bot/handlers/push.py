"""A branch moved. Where the base's policy did, what is open is judged anew by what it says now."""

from bot import judging
from bot.around import Around
from bot.gateway.requesting import RequestGateway
from bot.handlers.handler import Payload
from bot.promotion import weighing
from bot.promotion.asked import LABEL
from policy.document import FILE_NAME
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """Judge the open pull requests into a branch whose policy was edited, and weigh requests where that is the default branch.

    Other pushes come as events of pull requests.
    """
    ref = str(payload["ref"])
    if not ref.startswith("refs/heads/") or payload.get("deleted"):
        return Reason.NOT_OURS
    if not _edits_policy(payload):
        return Reason.NOT_OURS
    branch = ref.removeprefix("refs/heads/")
    for pull in around.gateway.open_pulls(branch):
        judging.judge(around, pull.number)
    if branch == around.repository.default_branch:
        for request in RequestGateway.of(around.gateway).issues(LABEL):
            weighing.refresh(around, request.number)
    return Reason.REFRESHED


def _edits_policy(payload: Payload) -> bool:
    """Whether any of the commits touches it; a payload lists 20 of them at most, so a longer push counts as one that does."""
    commits = payload.get("commits") or []
    if payload.get("forced") or len(commits) >= _LISTED:
        return True
    return any(FILE_NAME in (each.get(kind) or ()) for each in commits for kind in ("added", "modified", "removed"))


_LISTED = 20
