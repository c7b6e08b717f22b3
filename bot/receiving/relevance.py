"""Why a delivery is not acted on: it is old, it is our own doing, or it comes from where the App may not act. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app.installations import NotInstalled
from bot.gateway.records import ACTIONS
from bot.receiving.delivery import Delivery
from bot.receiving.reasons import Reason
from bot.receiving.shapes import SHAPES, Registry

_CHECKS = ("check_run", "check_suite")
_ASKED = ("rerequested", "requested_action")
"""What a person does to a check, which GitHub tells only the App that owns it."""
_NEW_CODE = ("opened", "reopened", "synchronize", "ready_for_review", "closed")
"""What our own account does to a pull request that still needs a look: a commit of ours is judged like anybody's."""
_ECHOES = ("issue_comment", "issues", "pull_request_review", "pull_request_review_comment")
_BARRED = {"unknown": Reason.NO_INSTALLATION, "suspended": Reason.SUSPENDED, "elsewhere": Reason.FOREIGN_REPOSITORY}


@dataclass(frozen=True)
class Own:
    """Who we are. Nothing is known where a token stands in for an App: whoever tries it out types as the same account."""

    app_id: int | None = None
    slug: str = ""

    @property
    def login(self) -> str:
        """The App's account; empty where it is not known."""
        return f"{self.slug}[bot]" if self.slug else ""


def unwanted(delivery: Delivery, own: Own, now: datetime, freshness: timedelta) -> Reason | None:
    """Why nothing is to be done about a delivery, by what it says itself; None where something may be."""
    if delivery.event not in SHAPES or delivery.event == "ping":
        return Reason.UNKNOWN_EVENT
    if isinstance(delivery.typed, Registry) and not delivery.typed.matters:
        return Reason.UNKNOWN_EVENT
    if delivery.event in _CHECKS:
        return Reason.OWN if _own_check(delivery, own) else None
    if own.login and delivery.sender.lower() == own.login.lower() and _echo(delivery):
        return Reason.OWN
    said = delivery.typed.said
    if said is None:
        return None
    if said.performed_via_github_app is not None:
        return Reason.OWN if said.performed_via_github_app.id == own.app_id else Reason.BOT_COMMENT
    if said.user is None or said.user.type == "Bot" or said.user.login in (ACTIONS.login, own.login):
        return Reason.BOT_COMMENT
    return Reason.STALE if delivery.action == "created" and now - said.created_at > freshness else None


def barred(refused: NotInstalled) -> Reason:
    """Why the App may not act on a delivery: whoever sent it has nothing to do with the installation it names (any more)."""
    return _BARRED[refused.why]


def _own_check(delivery: Delivery, own: Own) -> bool:
    """Whether it is the echo of a check that we wrote; a button that somebody pressed on it is none."""
    app = delivery.typed.app
    return app is not None and own.app_id is not None and app.id == own.app_id and delivery.action not in _ASKED


def _echo(delivery: Delivery) -> bool:
    if delivery.event == "pull_request":
        return delivery.action not in _NEW_CODE
    return delivery.event in _ECHOES
