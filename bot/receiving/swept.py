"""What a sweep found as deliveries of our own, so that each waits behind what is in hand of its pull request.

Nobody can send one: GitHub has no such actions, and what it does not sign is refused.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.gateway.records import IssueComment, Repository, WorkflowRun
from bot.promotion.asked import LABEL
from bot.receiving.delivery import Delivery, read
from bot.receiving.shapes import REGISTRY
from bot.receiving.shapes import SWEPT as SWEPT_REGISTRY
from bot.sweeping import SWEPT, TELL, UNANSWERED

TakeIn = Callable[[Delivery], object]
"""Puts a delivery into the queue."""


@dataclass(frozen=True)
class Queued:
    """The hands of a sweep of one repository that put what it finds into the queue. `at` tells this sweep from others."""

    take_in: TakeIn
    repository: Repository
    installation: int | None
    at: datetime

    def answer(self, comment: IssueComment, on_pull: bool) -> None:
        """Have a comment answered. The same comment makes the same delivery, which is taken in once."""
        who = {"id": comment.author_id or 0, "login": comment.author_login or "", "type": comment.author_type}
        about = {"pull_request": {"number": comment.number}} if on_pull else {}
        payload = {
            "action": UNANSWERED,
            "issue": {"number": comment.number, **about},
            "comment": {"id": comment.id, "user": who, "created_at": comment.created_at},
            "sender": who,
        }
        self._put(f"swept-{comment.id}", "issue_comment", payload)

    def judge(self, number: int) -> None:
        """Have a pull request judged, once for each sweep."""
        payload = {"action": SWEPT, "number": number, "pull_request": {"number": number}, "at": self.at.isoformat()}
        self._put(f"swept-{self.repository.id}-{number}-{int(self.at.timestamp() * 1000)}", "pull_request", payload)

    def tell(self, number: int) -> None:
        """Have the runs of a pull request told, once for each sweep."""
        payload = {"action": TELL, "number": number, "pull_request": {"number": number}, "at": self.at.isoformat()}
        self._put(f"untold-{self.repository.id}-{number}-{int(self.at.timestamp() * 1000)}", "pull_request", payload)

    def conclude(self, run: WorkflowRun) -> None:
        """Have told what a run took, once for each sweep: its end as GitHub would have told of it."""
        told = {
            "id": run.id,
            "name": run.name,
            "event": run.event,
            "head_sha": run.head_sha,
            "head_branch": run.head_branch,
            "head_repository": {"full_name": run.head_repository},
            "conclusion": run.conclusion,
            "run_attempt": run.run_attempt,
            "path": run.path,
            "run_started_at": run.started_at,
            "status": run.status,
            "display_title": run.title,
            "updated_at": run.updated_at,
            "html_url": run.url,
            "pull_requests": [],
        }
        payload = {"action": "completed", "workflow_run": told, "workflow": None, "at": self.at.isoformat()}
        self._put(f"ended-{self.repository.id}-{run.id}-{int(self.at.timestamp() * 1000)}", "workflow_run", payload)

    def weigh(self, number: int) -> None:
        """Have a request for a promotion weighed, once for each sweep."""
        payload = {"action": "reopened", "issue": {"number": number, "labels": [{"name": LABEL}]}, "at": self.at.isoformat()}
        self._put(f"swept-{self.repository.id}-{number}-{int(self.at.timestamp() * 1000)}", "issues", payload)

    def watch(self) -> None:
        """Have the registry looked at, once for each sweep, behind what it told itself."""
        payload = {"entity": SWEPT_REGISTRY, "action": SWEPT, "timestamp": self.at.isoformat(), "data": {"name": ""}}
        stamp = int(self.at.timestamp() * 1000)
        self.take_in(read(f"swept-{self.repository.id}-registry-{stamp}", REGISTRY, json.dumps(payload).encode()))

    def _put(self, id: str, event: str, payload: Mapping[str, Any]) -> None:
        installation = {"installation": {"id": self.installation}} if self.installation is not None else {}
        body = json.dumps({**payload, "repository": vars(self.repository), **installation})
        self.take_in(read(id, event, body.encode()))
