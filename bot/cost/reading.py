"""What runs of Assay's workflows cost, read from GitHub: one run, those of a month, and those that a run can be compared with.

Jobs take a request a run, so of each workflow only the newest are read and the others reckoned by how long they took.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.around import RUN
from bot.events import of_run
from bot.gateway.billing import BillingGateway
from bot.gateway.records import WorkflowRun
from policy.cost import NOTHING, Bill, Cost, Run, Spending, bill, spending
from policy.facts import request
from policy.facts.record import Command

OURS = "assay-"
"""How the names of workflow files begin whose runs count."""
PAGES = 5
"""Of a hundred runs each, read of one workflow for one window."""
READ = 5
"""Runs of each workflow of which the jobs are read."""
FREE = ("skipped", "action_required", "stale")
"""Conclusions of runs without a job that started."""

Head = tuple[str | None, str | None]
"""A repository (owner/name) and a branch of it."""


@dataclass(frozen=True)
class Reader:
    """Reads at a moment, each run once."""

    gateway: BillingGateway
    cost: Cost
    private: bool
    now: datetime
    read: int = READ
    """Runs of each workflow of which the jobs are read for a window."""
    _known: dict[int, Bill] = field(default_factory=dict)
    _files: list[str] = field(default_factory=list)

    def bill(self, run: WorkflowRun) -> Bill:
        """What a run cost until now, all its attempts together. One request, and none where nothing of it ever started."""
        if run.conclusion in FREE:
            return NOTHING
        if run.id not in self._known:
            self._known[run.id] = bill(self.cost, self.gateway.jobs(run.id), self.now, self.private)
        return self._known[run.id]

    def comparable(self, runs: Sequence[WorkflowRun], command: Command, full: bool) -> list[Bill]:
        """What the newest runs of a command cost that went well, everything anew or not; of these `runs`, the newest first."""
        like = [run for run in runs if run.conclusion == "success" and self._is_like(run, command, full)]
        return [self.bill(run) for run in like[:READ]]

    def _is_like(self, run: WorkflowRun, command: Command, full: bool) -> bool:
        asked = of_run(run, self.gateway.full_name).asked
        return asked is not None and asked[0] == command and request.is_full(run.title) == full

    def commands(self) -> list[WorkflowRun]:
        """The newest hundred runs that commands started. One request."""
        return self.gateway.workflow_runs(RUN, "workflow_dispatch")

    def spent(self, since: datetime, until: datetime, heads: Mapping[Head, int] | None = None) -> Spending:
        """What all runs cost that were made in a window of time. `heads` are the pull requests by their branches.

        One request for the files, one for each hundred runs of a file, and `read` for the jobs of the newest of these.
        """
        found: list[Run] = []
        left_out = 0
        if not self._files:
            self._files.extend(file for file in self.gateway.workflow_files() if file.startswith(OURS))
        for file in self._files:
            listed = self.gateway.runs_between(file, since, until, PAGES)
            found += self._runs(file, listed.found, heads or {})
            left_out += listed.more
        return spending(found, left_out)

    def _runs(self, file: str, listed: Sequence[WorkflowRun], heads: Mapping[Head, int]) -> list[Run]:
        costly = [run.id for run in listed if run.conclusion not in FREE]
        read = {*costly[: self.read], *self._known}

        def cost(run: WorkflowRun) -> Bill | None:
            return self.bill(run) if run.id in read or run.conclusion in FREE else None

        return [Run(file, self._pull(run, heads), self._seconds(run), cost(run)) for run in listed]

    def _pull(self, run: WorkflowRun, heads: Mapping[Head, int]) -> int | None:
        number = of_run(run, self.gateway.full_name).number
        if number is None and run.event == "pull_request":
            return heads.get((run.head_repository, run.head_branch))
        return number

    def _seconds(self, run: WorkflowRun) -> float:
        if not run.started_at:
            return 0.0
        ended = datetime.fromisoformat(run.updated_at) if run.status == "completed" and run.updated_at else self.now
        return max(0.0, (ended - datetime.fromisoformat(run.started_at)).total_seconds())
