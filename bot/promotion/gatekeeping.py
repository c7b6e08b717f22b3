"""Answers GitHub's question whether a job may go on in an environment, where a rule of the App protects it.

What the run is for is told by its title, and believed only of our workflow on the default branch. The request is decided anew
each time. Only what waits is answered, so asking twice changes nothing.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.around import PROMOTE, Around
from bot.gateway.gating import Answer, GateGateway
from bot.gateway.problems import Forbidden, NotThere, Refused
from bot.gateway.records import WorkflowRun
from bot.promotion.deciding import NoRequest, Weighed, decided, policy_of
from policy.approvals import STATES, State
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Value, fill
from reports import gates

_KEY = re.compile(r"(?P<number>[1-9]\d{0,17})-(?P<code>[0-9a-f]{12})(?:-.*)?")
_OVER = (State.REJECTED, State.EXPIRED)


@dataclass(frozen=True)
class Verdict:
    """The answer: `state` is None where it is to be decided yet."""

    said: str
    state: Answer | None = None


def asked(around: Around, run: int, environment: str) -> Reason:
    """Answer for one environment of one run, or say how it stands; what is nothing of ours is left alone."""
    gateway = GateGateway.of(around.gateway)
    found = gateway.run(run)
    if found is None or environment not in gateway.waiting_for(run):
        return Reason.NOT_OURS
    verdict = _verdict(around, found, environment)
    return Reason.NOT_OURS if verdict is None else _answer(gateway, run, environment, verdict)


def reconcile(around: Around) -> int:
    """Answer for what still waits of our workflow and is decided by now; how many. One request where nothing waits."""
    gateway, count = GateGateway.of(around.gateway), 0
    for run in gateway.workflow_runs(PROMOTE, "workflow_dispatch", "&status=waiting"):
        for environment in gateway.waiting_for(run.id):
            verdict = _verdict(around, run, environment)
            if verdict is not None and verdict.state is not None:
                count += _answer(gateway, run.id, environment, verdict) is Reason.GATE_ANSWERED
    return count


def _answer(gateway: GateGateway, run: int, environment: str, verdict: Verdict) -> Reason:
    try:
        gateway.answer(run, environment, verdict.said, verdict.state)
    except (Forbidden, NotThere, Refused):  # no rule of ours protects it, or somebody else was quicker
        return Reason.NOT_OURS
    return Reason.GATE_ANSWERED if verdict.state else Reason.GATE_WAITS


def _verdict(around: Around, run: WorkflowRun, environment: str) -> Verdict | None:
    """What to say of it; None where it is nothing to us."""
    name = environment.lower()
    if not _ours(around, run):
        try:
            known = policy_of(around, GateGateway.of(around.gateway))[0].environments
        except UserProblem:
            return None
        return Verdict(gates.foreign(name, PROMOTE, around.repository.default_branch), "rejected") if name in known else None
    keys = [key for word in run.title.split() if (key := _KEY.fullmatch(word))]
    if len(keys) != 1:
        return Verdict(gates.unnamed(PROMOTE), "rejected")
    number, code = int(keys[0]["number"]), keys[0]["code"]
    try:
        found = decided(around, number)
    except (NoRequest, NotThere):
        return Verdict(gates.no_request(number), "rejected")
    except UserProblem as problem:
        return Verdict(gates.undecided(number, str(problem)))
    return _judged(found, number, code, name)


def _judged(found: Weighed | None, number: int, code: str, name: str) -> Verdict:
    """What a request comes to for the job that waits. Pure."""
    if found is None:
        return Verdict(gates.over(number), "rejected")
    if found.asked.environment != name:
        return Verdict(gates.elsewhere(number, found.asked.environment), "rejected")
    if found.decision.code != code:
        return Verdict(gates.changed(number, found.decision.code), "rejected")
    subject, state = found.decision.subject, found.decision.state
    values: dict[str, Value] = {"model": subject.model, "version": subject.version, "environment": subject.environment}
    said = gates.decided(number, fill(STATES[state].sentence, values))
    if found.decision.approved or (found.promoted is not None and found.lineage.at(name) == found.asked.version):
        return Verdict(said, "approved")
    return Verdict(said, "rejected" if state in _OVER else None)


def _ours(around: Around, run: WorkflowRun) -> bool:
    """Whether it is a run of our workflow file, as the default branch has it."""
    file = PurePosixPath(run.path.partition("@")[0])
    return (
        (str(file.parent), file.name) == (".github/workflows", PROMOTE)
        and run.event == "workflow_dispatch"
        and run.head_branch == around.repository.default_branch
        and (run.head_repository or "").lower() == around.repository.full_name.lower()
    )
