"""Judges a pull request again: publishes what its newest check found, under the policy and the decisions of now."""

from dataclasses import replace

from bot import checks, decisions, labels, perform
from bot.around import CHECK, Around
from bot.gateway.records import PullRequest, WorkflowRun
from bot.proposing import merging
from bot.publish import Outcome, Request, publish
from policy import document, governance
from policy.document import FILE_NAME, Policy
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Result, Status

_ENDED = ("success", "failure", "timed_out")


def judge(around: Around, number: int) -> Outcome | None:
    """Make comment and checks say what holds now; None where the pull request is closed.

    Where no check ended yet there is no verdict. Then only a hold is shown, so that it holds from its first moment.
    """
    pull = around.gateway.pull_request(number)
    if pull.state != "open":
        return None
    runs = around.gateway.workflow_runs(CHECK, "pull_request", f"&head_sha={pull.head_sha}")
    ended = [run for run in runs if run.status == "completed" and run.conclusion in _ENDED and run.head_sha == pull.head_sha]
    if not ended:
        return _held(around, pull)
    return publish_run(around, max(ended, key=lambda run: (run.started_at, run.id)))


def publish_run(around: Around, run: WorkflowRun) -> Outcome:
    """Publish what one run found, and merge what the policy wants merged by that."""
    payload = {"repository": vars(around.repository)}
    request = Request(
        event="workflow_run",
        payload=payload,
        run=run,
        server=around.server,
        buttons=around.buttons,
        today=around.today,
        prefix=around.prefix,
    )
    outcome = publish(around.gateway, request)
    merged = merging.consider(around, run, outcome)
    return outcome if merged is None else replace(outcome, said=f"{outcome.said}; {merged.value}")


def _held(around: Around, pull: PullRequest) -> Outcome:
    """The check on governance alone: red while somebody holds the change; once nobody does, it says that no check ran yet."""
    gateway = around.gateway
    policy = _policy(around, pull)
    decided = decisions.decided(gateway, gateway.comments(pull.number), pull, policy, around.today, around.prefix)
    present = gateway.check_runs(pull.head_sha)
    mine = gateway.identity().app_id
    quiet = Result(name="governance", status=Status.SKIPPED, reason=Reason.NO_VERDICT, values={"sha": pull.head_sha[:12]})
    result = governance.held(quiet, decided)
    branch = "" if pull.base_ref == around.repository.default_branch else pull.base_ref
    run = checks.single(result, checks.About(head=pull.head_sha, number=pull.number, branch=branch))
    known = any(each.name == run.name and checks.is_ours(each, mine) for each in present)
    written = 0
    if decided.holds or known:
        effects = checks.decide(present, [run], lambda record: checks.is_ours(record, mine))
        written = perform.perform_checks(gateway, effects, [run]).checks
    if policy.report is not None and policy.report.labels:
        perform.perform(gateway, labels.decide(pull.number, pull.labels, "waiting"))
    return Outcome(f"#{pull.number}: no check has ended; {written} writes", pull.number, written=written)


def _policy(around: Around, pull: PullRequest) -> Policy:
    raw = around.gateway.file(FILE_NAME, pull.base_ref)
    try:
        return document.read(raw.decode("utf-8", "replace")) if raw is not None else Policy(version=1)
    except UserProblem:
        return Policy(version=1)
