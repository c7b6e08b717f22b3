"""An issue was opened, edited, closed, or opened again. Where it asks for a promotion, what holds of it may have changed."""

from contextlib import suppress

from bot.around import Around
from bot.gateway.requesting import RequestGateway
from bot.handlers.handler import Payload
from bot.promotion import signing, weighing
from bot.promotion.asked import LABEL
from bot.promotion.reviewing import REVIEW
from policy.problems import UserProblem
from policy.reasons import Reason

_COUNTS = ("opened", "edited", "reopened", "assigned", "unassigned", "unlocked")


def handle(around: Around, payload: Payload) -> Reason:
    """Weigh a request again; who may be asked for is seen by its label, what it is by who opened it."""
    issue = payload["issue"]
    labels = [each.get("name") for each in issue.get("labels") or ()]
    if payload["action"] in ("closed", "reopened") and REVIEW in labels:
        for each in RequestGateway.of(around.gateway).issues(LABEL):
            weighing.refresh(around, each.number)
        if payload["action"] == "closed":
            with suppress(UserProblem):  # the review counts whether or not it can be entered
                signing.sign(around, int(issue["number"]))
        return Reason.REFRESHED
    if payload["action"] not in _COUNTS or LABEL not in labels:
        return Reason.NOT_OURS
    return weighing.refresh(around, int(issue["number"]))
