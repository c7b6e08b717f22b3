"""A comment that nobody answered as a delivery of our own, so that it waits behind what is in hand of its pull request.

Nobody can send one: GitHub has no such action, and what it does not sign is refused.
"""

import json
from collections.abc import Callable

from bot.gateway.records import IssueComment, Repository
from bot.receiving.delivery import Delivery, read
from bot.sweeping import UNANSWERED, TakeUp

TakeIn = Callable[[Delivery], object]
"""Puts a delivery into the queue."""


def into(take_in: TakeIn, repository: Repository, installation: int | None) -> TakeUp:
    """Takes up the comments of a repository by putting them into the queue."""
    return lambda comment, on_pull: take_in(delivery(comment, on_pull, repository, installation))


def delivery(comment: IssueComment, on_pull: bool, repository: Repository, installation: int | None) -> Delivery:
    """The delivery of one comment; the same comment makes the same delivery, which is taken in once."""
    who = {"id": comment.author_id or 0, "login": comment.author_login or "", "type": comment.author_type}
    payload = {
        "action": UNANSWERED,
        "issue": {"number": comment.number, **({"pull_request": {"number": comment.number}} if on_pull else {})},
        "comment": {"id": comment.id, "user": who, "created_at": comment.created_at},
        "repository": vars(repository),
        "sender": who,
        **({"installation": {"id": installation}} if installation is not None else {}),
    }
    return read(f"swept-{comment.id}", "issue_comment", json.dumps(payload).encode())
