"""The gateway, and what runs cost: the jobs of a run, and the runs of a workflow in a window of time, within bounds.

GitHub had an address that told the billed time of a run (`/timing`) and is closing it down; jobs with their labels tell more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import quote

from bot.gateway.commanding import CommandGateway
from bot.gateway.gateway import _made
from bot.gateway.problems import NotThere
from bot.gateway.records import Json, WorkflowRun
from policy.cost import Job

_SIZE = 100
_JOB_PAGES = 3
_READING = {"actions": "read"}
_WAITING = ("queued", "waiting", "requested", "pending")


@dataclass(frozen=True)
class Runs:
    """Runs, the newest first, and how many more GitHub has of them."""

    found: tuple[WorkflowRun, ...] = ()
    more: int = 0


class BillingGateway(CommandGateway):
    """A gateway that also reads what costs."""

    def jobs(self, run_id: int) -> list[Job]:
        """The jobs of all attempts of a run, three hundred at most; none of a run that was deleted."""
        found: list[Job] = []
        for page in range(1, _JOB_PAGES + 1):
            path = f"/actions/runs/{run_id}/jobs?filter=all&per_page={_SIZE}&page={page}"
            try:
                data = self._get(path, _READING).data
            except NotThere:
                break
            found += [_made(_job, each) for each in data["jobs"]]
            if len(data["jobs"]) < _SIZE:
                break
        return found

    def workflow_files(self) -> list[str]:
        """The names of the workflow files, a hundred at most, in their order."""
        data = self._get(f"/actions/workflows?per_page={_SIZE}", _READING).data
        return sorted(PurePosixPath(each["path"]).name for each in data["workflows"])

    def runs_between(self, workflow: str, since: datetime, until: datetime, pages: int) -> Runs:
        """The runs of a workflow file that were made from a moment until before another, as many pages of a hundred at most."""
        found: list[WorkflowRun] = []
        count = 0
        for page, data in self._pages(workflow, since, until, pages):
            count = int(data["total_count"])
            found += [_made(WorkflowRun.of, each) for each in data["workflow_runs"]]
            if len(data["workflow_runs"]) < _SIZE or page * _SIZE >= count:
                break
        return Runs(tuple(found), max(0, count - len(found)))

    def pull_heads(self) -> dict[tuple[str | None, str | None], int]:
        """The pull requests that moved last, a hundred at most, by repository and branch of their heads; of two the newer."""
        path = f"/pulls?state=all&sort=updated&direction=desc&per_page={_SIZE}"
        found: dict[tuple[str | None, str | None], int] = {}
        for each in self._get(path, {"pull-requests": "read"}).data:
            repository = (each["head"].get("repo") or {}).get("full_name")
            found.setdefault((repository, each["head"]["ref"]), int(each["number"]))
        return found

    def _pages(self, workflow: str, since: datetime, until: datetime, pages: int) -> Iterator[tuple[int, Json]]:
        # GitHub counts both ends in.
        window = f"{_stamp(since)}..{_stamp(until - timedelta(seconds=1))}"
        path = f"/actions/workflows/{quote(workflow, safe='')}/runs?created={quote(window, safe='')}&per_page={_SIZE}"
        for page in range(1, pages + 1):
            try:
                yield page, self._get(f"{path}&page={page}", _READING).data
            except NotThere:
                return


def _job(data: Json) -> Job:
    """From GitHub's `job`, which has a beginning also where no runner ever took it."""
    ran = data["status"] not in _WAITING and data.get("conclusion") != "skipped" and bool(data.get("runner_id", True))
    return Job(tuple(data["labels"]), _moment(data.get("started_at")) if ran else None, _moment(data.get("completed_at")))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
