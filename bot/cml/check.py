"""`cml check create`: a check run with somebody's Markdown, one per title and commit however often it is published."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast, get_args

from bot.cml import length
from bot.gateway.records import CheckRun, CheckRunRecord, CheckStatus, Conclusion, Identity
from policy.problems import UserProblem

CONCLUSIONS = ("success", "failure", "neutral", "cancelled", "skipped", "timed_out")
"""What CML offers."""
_NOTE = "*This report is longer than a check may be, and ends here.*\n"


class Checks(Protocol):
    """The methods of the gateway that a check takes."""

    def identity(self) -> Identity:
        """Who the token writes as."""

    def check_runs(self, sha: str, app_id: int | None) -> Sequence[CheckRunRecord]:
        """The check runs on a commit."""

    def create_check_run(self, run: CheckRun) -> int:
        """Make a check run; returns its id."""

    def update_check_run(self, check_run_id: int, run: CheckRun) -> None:
        """Rewrite a check run."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the flags ask for. `conclusion` is None where the user did not say."""

    title: str
    status: str
    conclusion: str | None


def wanted(report: str, sha: str, wish: Wish) -> CheckRun:
    """The check run as it should be.

    A check that is not completed has no conclusion: GitHub completes every check that is given one. A completed check whose
    conclusion nobody said is neutral, because a report in itself is no success.

    Raises:
        UserProblem: a status or conclusion that is none of CML's, or a conclusion for a check that is not completed.
    """
    if wish.status not in get_args(CheckStatus):
        raise UserProblem(f"{wish.status!r} is no status of a check", "--status", f"Give {', '.join(get_args(CheckStatus))}")
    if wish.conclusion is not None and wish.conclusion not in CONCLUSIONS:
        raise UserProblem(f"{wish.conclusion!r} is no conclusion", "--conclusion", f"Give {', '.join(CONCLUSIONS)}")
    if wish.conclusion is not None and wish.status != "completed":
        raise UserProblem(f"a check that is {wish.status} has no conclusion", "--conclusion", "Leave out one of the two flags")
    done = wish.status == "completed"
    return CheckRun(
        name=wish.title,
        head_sha=sha,
        external_id=f"assay:cml:{hashlib.sha256(wish.title.encode()).hexdigest()[:16]}",
        status=cast(CheckStatus, wish.status),
        conclusion=cast(Conclusion, wish.conclusion or "neutral") if done else None,
        title=wish.title,
        summary=length.fit(report, length.CHECK_LIMIT, _NOTE)[0],
    )


def publish(gateway: Checks, check: CheckRun) -> int:
    """Make the check run, or rewrite the one that is there from before; returns its id."""
    for known in gateway.check_runs(check.head_sha, gateway.identity().app_id):
        if known.external_id == check.external_id and known.name == check.name:
            gateway.update_check_run(known.id, check)
            return known.id
    return gateway.create_check_run(check)
