"""What runs of Assay's workflows cost, read from GitHub: one run, those of a month, and those that a run can be compared with.

Jobs take a request a run, so of each workflow only the newest are read and the others reckoned by how long they took.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import PurePosixPath

from bot.around import RUN
from bot.cost import used
from bot.events import of_run
from bot.gateway.billing import BillingGateway
from bot.gateway.records import WorkflowRun
from policy.cost import NOTHING, Bill, Cost, Estimate, Run, Spending, bill, spending
from policy.facts import Facts

OURS = "assay-"
"""How the names of workflow files begin whose runs count."""
PAGES = 5
"""Of a hundred runs each, read of one workflow for one window."""
READ = 5
"""Runs of each workflow of which the jobs are read."""
MOST_GOING = 20
"""Runs under way of which the jobs are read."""
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

    def bill(self, run: WorkflowRun, facts: Facts | None = None) -> Bill:
        """What a run cost until now, all its attempts together. One request, and none where nothing of it ever started.

        Where the policy asks for tokens, two more, unless its `facts` were read already.
        """
        if run.conclusion in FREE:
            return NOTHING
        if run.id not in self._known:
            minutes = bill(self.cost, self.gateway.jobs(run.id), self.now, self.private)
            self._known[run.id] = minutes + used.bill(self.gateway, self.cost, run, facts)
        return self._known[run.id]

    def comparable(self, runs: Sequence[WorkflowRun], like: Callable[[WorkflowRun], bool]) -> list[Bill]:
        """What the newest of these runs cost that went well and are `like` the one in question; the newest first."""
        found = [run for run in runs if run.conclusion == "success" and like(run)]
        return [self.bill(run) for run in found[:READ]]

    def ahead(self, runs: Sequence[WorkflowRun], expected: Estimate | None) -> Decimal:
        """The money that those of these runs will still cost that are under way, if they cost as much as is expected of one."""
        if expected is None or expected.money is None:
            return Decimal(0)
        going = [run for run in runs if run.status != "completed"]
        return sum((max(Decimal(0), expected.money.median - self.bill(run).money) for run in going[:MOST_GOING]), Decimal(0))

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

    def of_pull(self, number: int, listed: Sequence[WorkflowRun]) -> Spending:
        """What the runs of a pull request cost: those of our workflows among the `listed`, of its branch, and those of commands.

        One request for the commands, and `read` for the jobs of the newest runs of each workflow.
        """
        commands = self.gateway.workflow_runs(RUN, "workflow_dispatch")
        every = {run.id: run for run in (*listed, *(run for run in commands if self._pull(run, {}) == number))}
        files: dict[str, list[WorkflowRun]] = {}
        for run in sorted(every.values(), key=lambda each: -each.id):
            files.setdefault(PurePosixPath(run.path.partition("@")[0]).name, []).append(run)
        return spending([each for file, found in files.items() if file.startswith(OURS) for each in self._runs(file, found, {})])

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
