"""The gateway, and a page at a time of what people look at: no list to its end, and no more requests than were allowed."""

import base64
import binascii
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from urllib.parse import quote

from bot.gateway.gateway import Gateway, _made
from bot.gateway.problems import NotThere
from bot.gateway.records import CheckRunRecord, Json
from bot.gateway.requesting import TASK, Deployment, Issue, RequestGateway
from policy.problems import OutsideProblem

T = TypeVar("T")
_SHORT_WAIT = 2.0
"""Seconds that somebody who looks at a page waits for another try."""


@dataclass(frozen=True)
class Some(Generic[T]):
    """A page of a list, and whether there are more of them."""

    items: list[T]
    more: bool


@dataclass(frozen=True)
class Change:
    """An open pull request as a list shows it. `url` is its page."""

    number: int
    title: str
    author: str
    head_sha: str
    draft: bool
    updated_at: str
    url: str

    @classmethod
    def of(cls, data: Json) -> "Change":
        """From GitHub's `pull-request-simple`."""
        return cls(
            number=data["number"],
            title=data["title"],
            author=(data.get("user") or {}).get("login") or "",
            head_sha=data["head"]["sha"],
            draft=bool(data.get("draft")),
            updated_at=data["updated_at"],
            url=data["html_url"],
        )


class GlanceGateway(RequestGateway):
    """A gateway for looking, by at most `most` requests."""

    @classmethod
    def within(cls, gateway: Gateway, most: int) -> "GlanceGateway":
        """The same repository by the same token, for somebody who waits for a page.

        Its reads raise Postponed while less than a tenth of the hour's requests is left, so that gates and approvals go on, and
        OutsideProblem where more than `most` are needed or GitHub asks for more than a moment's patience.
        """
        found = copy(gateway)
        found._transport = replace(gateway._transport, may_wait=True, requests=0, most=most, pause=_briefly)
        return cls.of(found)

    def open_changes(self, page: int, size: int) -> Some[Change]:
        """Open pull requests, what moved last first."""
        return self._some(f"/pulls?state=open&sort=updated&direction=desc&per_page={size}&page={page}", Change.of)

    def open_issues(self, label: str, page: int, size: int) -> Some[Issue]:
        """Open issues with a label, the newest first; pull requests are none."""
        path = f"/issues?state=open&labels={quote(label, safe='')}&per_page={size}&page={page}"
        found = self._some(path, lambda data: None if "pull_request" in data else Issue.of(data))
        return Some([each for each in found.items if each is not None], found.more)

    def newest_deployments(self, page: int, size: int) -> Some[Deployment]:
        """The deployments that promotions left, the newest first."""
        return self._some(f"/deployments?task={TASK}&per_page={size}&page={page}", Deployment.of)

    def newest_checks(self, sha: str, app_id: int | None) -> list[CheckRunRecord]:
        """The newest check run of each name on a commit, a hundred at most; of one App where it is given."""
        only = f"&app_id={app_id}" if app_id is not None else ""
        found = self._get(f"/commits/{sha}/check-runs?filter=latest&per_page=100{only}", {"checks": "read"}).data
        return [_made(CheckRunRecord.of, each) for each in found["check_runs"]]

    def listed(self, tree: str) -> dict[str, str]:
        """What lies in one folder of git's, by its name: the SHA of a tree or a blob. None where there is no such tree."""
        try:
            data = self._get(f"/git/trees/{tree}", {"contents": "read"}).data
        except NotThere:
            return {}
        return {str(each["path"]): str(each["sha"]) for each in data["tree"]}

    def blob(self, sha: str) -> bytes:
        """The bytes of a blob."""
        data = self._get(f"/git/blobs/{sha}", {"contents": "read"}).data
        try:
            return base64.b64decode(data["content"])
        except (KeyError, binascii.Error):
            raise OutsideProblem("GitHub answered with something that is not base64", sha, "Try again later") from None

    def _some(self, path: str, make: Callable[[Json], T]) -> Some[T]:
        answer = self._get(path)
        return Some([_made(make, each) for each in answer.data], 'rel="next"' in answer.headers.get("link", ""))


def _briefly(seconds: float) -> None:
    """Waits a moment, and no longer."""
    if seconds > _SHORT_WAIT:
        raise OutsideProblem("GitHub asks to wait", "the page", "Load it again in a minute")
    time.sleep(seconds)
