"""What a command's run will cost, looked up before it starts, and whether the budget lets it.

What is not known is said and keeps nobody from anything. Without `cost` in the policy nothing is asked of GitHub.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bot import people
from bot.around import RETRAIN, RUN, TUNE
from bot.cost.reading import Reader
from bot.effects import Effect, Reply, refused
from bot.events import of_run
from bot.gateway.billing import BillingGateway
from bot.gateway.gateway import Gateway
from bot.gateway.records import WorkflowRun
from policy import cost as costs
from policy.cost import Cost, Estimate, Over, Spending
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.roles import named
from reports import cost as told
from reports.markdown import Markdown, join

if TYPE_CHECKING:  # a command is made of this, and not this of commands
    from bot.commands.command import Request

_WORKFLOWS = {"train": RUN, "retrain": RETRAIN, "tune": TUNE}
FULL = " full"
"""How the titles of runs end that do everything anew."""


@dataclass(frozen=True)
class Foreseen:
    """What is known before a run: what such runs cost, what the month did (where it has a budget), and what would be passed.

    `may` says whether whoever asks may pass it; None where that could not be found out, for the reason `unsure`.
    """

    cost: Cost
    estimate: Estimate | None = None
    month: Spending | None = None
    over: Over | None = None
    may: bool | None = None
    unsure: str = ""
    unread: str = ""
    """Why nothing of it could be read, where GitHub does not let us."""


@dataclass(frozen=True)
class Start:
    """A run that a command of this `name` starts, `full` being everything anew, asked for under a `key` at a moment in ISO 8601.

    `before` names the commands that the same comment starts first; `again` says that it was begun before.
    """

    name: str
    full: bool
    key: str
    at: str
    now: datetime
    private: bool
    before: tuple[str, ...] = ()
    again: bool = False

    @classmethod
    def of(cls, request: "Request", name: str, full: bool) -> "Start":
        """That of a command."""
        private = request.repository.private
        return cls(name, full, request.key, request.at, request.now, private, request.before, request.again)


def beyond(reads: Gateway, cost: Cost, start: Start) -> tuple[Over, Estimate | None] | None:
    """The limit that a run passes which nobody in person asks for, and what such runs cost; None where it passes none.

    What is not known blocks nothing, and without a budget nothing is asked of GitHub.
    """
    if cost.budget.run is None and cost.budget.month is None:
        return None
    try:
        found = _looked(BillingGateway.of(reads), start, cost)
    except UserProblem:  # a token that may not look
        return None
    return None if found.over is None else (found.over, found.estimate)


def foresee(reads: Gateway, request: "Request", name: str, *, full: bool) -> Foreseen | None:
    """Look it up for a run that a command of this name starts, everything anew or not.

    None where the policy has no `cost`.
    """
    cost = request.policy.cost
    if cost is None:
        return None
    gateway = BillingGateway.of(reads)
    try:
        found = _looked(gateway, Start.of(request, name, full), cost)
    except UserProblem as problem:
        return Foreseen(cost, unread=problem.what)
    return found if found.over is None else _with_standing(gateway, request, found, found.over)


def _looked(gateway: BillingGateway, start: Start, cost: Cost) -> Foreseen:
    reader = Reader(gateway, cost, start.private, start.now)
    runs = gateway.workflow_runs(_WORKFLOWS[start.name], "workflow_dispatch")
    others = [run for run in runs if start.key not in run.title.split()]
    same = [run for run in others if _name(run, gateway.full_name) == start.name]
    earlier = [run for run in same if run.started_at <= start.at]
    expected = costs.estimate(reader.comparable(earlier, lambda run: run.title.endswith(FULL) == start.full))
    spent, ahead = None, Decimal(0)
    if cost.budget.month:
        spent = reader.spent(costs.month(start.now), costs.month_after(start.now))
        ahead = reader.ahead(same, expected) + _beside(start, expected)
    over = costs.passed(cost.budget, expected, spent.bill if spent else None, ahead)
    if over is not None and start.again and len(others) < len(runs):
        over = None  # it was let pass when it was asked for, and has started
    return Foreseen(cost, expected, spent, over)


def _name(run: WorkflowRun, repository: str) -> str:
    """The command that a run is of: its title says so where its workflow has several."""
    asked = of_run(run, repository).asked
    return asked[0] if asked else PurePosixPath(run.path.partition("@")[0]).stem.removeprefix("assay-")


def _beside(start: Start, expected: Estimate | None) -> Decimal:
    """What the runs will cost that the same comment starts before; where it was begun before, they may be under way already."""
    if start.again or expected is None or expected.money is None:
        return Decimal(0)
    return start.before.count(start.name) * expected.money.median


def weighed(request: "Request", foreseen: Foreseen | None, effects: Sequence[Effect]) -> list[Effect]:
    """The effects of starting a run with what it will cost in their reply, or the refusal. Pure."""
    if foreseen is None or not any(isinstance(each, Reply) and each.done for each in effects):
        return list(effects)
    over = foreseen.over
    if over is not None and foreseen.may is None:
        return [refused(Reason.PERMISSION_UNKNOWN, actor=request.actor.login, detail=foreseen.unsure)]
    if over is not None and not foreseen.may:
        what = told.over(over, foreseen.estimate, foreseen.cost.currency)
        who = named(over.limit.role, request.policy.roles)
        return [refused(Reason.OVER_BUDGET, command=request.line.split()[0], what=what, who=who)]
    if foreseen.unread:
        said = told.unread(foreseen.unread)
    else:
        said = told.before(foreseen.cost, foreseen.estimate, foreseen.month, over)
    return [_with_detail(each, said) if isinstance(each, Reply) else each for each in effects]


def _with_detail(reply: Reply, said: Markdown) -> Reply:
    return replace(reply, detail=join([reply.detail, said], "\n\n") if reply.detail else said)


def _with_standing(gateway: BillingGateway, request: "Request", found: Foreseen, over: Over) -> Foreseen:
    who, actor = over.limit.role, request.actor
    try:
        standing = people.standing(gateway, actor.id, actor.login, {who}, request.policy.roles)
    except people.Unknown as unknown:
        return replace(found, unsure=str(unknown))
    return replace(found, may=standing.may(who))
