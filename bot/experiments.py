"""The runs that commands start: shown while they go on, and told when they end."""

from collections.abc import Mapping
from urllib.parse import quote

from bot import answering, checks, judging, perform, said
from bot.around import CHECK, RUN, Around
from bot.cost import telling
from bot.effects import Dispatch
from bot.events import of_run
from bot.gateway.records import CheckRun, WorkflowRun
from bot.publish import Outcome
from policy.facts.record import Command
from policy.facts.request import Arguments, Request, titled
from policy.reasons import Reason
from policy.result import Status
from reports.markdown import Markdown, code, join, link, put, text
from reports.section import ICONS

_UNDER_WAY = "{} is under way."


def began(around: Around, run: WorkflowRun) -> Reason:
    """Show that a run is under way, on its commit and in the answer to who asked for it."""
    told = _asked(around, run)
    if told is None:
        return Reason.NOT_OURS
    command, about, key = told
    if command != "check":
        _show(around, checks.under_way(about), begins=True)
    answering.note(around, about.number, key, put(_UNDER_WAY, link(command, run.url)))
    return Reason.RUN_STARTED


def ended(around: Around, run: WorkflowRun) -> Reason:
    """Publish what a run found; where there is nothing to publish any more, say so on its commit."""
    told = _asked(around, run)
    if told is None:
        return Reason.NOT_OURS
    command, about, key = told
    outcome = judging.publish_run(around, run)
    if outcome.verdict is None and command != "check":
        _show(around, checks.given_up(about, outcome.said), begins=False)
    took = telling.took(around, run, outcome.policy, outcome.facts)
    answering.note(around, about.number, key, join([_came_of(command, run, outcome), *took], " "))
    if command == "train":
        _check_commit(around, about, run)
    return Reason.PUBLISHED


def lately(around: Around, since: str) -> dict[int, list[WorkflowRun]]:
    """The newest hundred runs of commands that were made since a moment in ISO 8601, by pull request. One request."""
    found: dict[int, list[WorkflowRun]] = {}
    for run in around.gateway.workflow_runs(RUN, "workflow_dispatch", f"&created={quote(f'>={since}')}"):
        if (told := _asked(around, run)) is not None:
            found.setdefault(told[1].number, []).append(run)
    return found


def tell(around: Around, number: int, since: str) -> int:
    """Tell what was missed of the runs of a pull request: those that began or ended while nobody listened; how many."""
    runs = lately(around, since).get(number, [])
    known = {each.key: each.text for each in answering.answers(around, number)[1]} if runs else {}
    untold = [run for run in runs if _untold(around, run, known)]
    for run in untold:
        (ended if run.status == "completed" else began)(around, run)
    return len(untold)


def _untold(around: Around, run: WorkflowRun, known: Mapping[int, str]) -> bool:
    told = _asked(around, run)
    text = known.get(int(told[2].partition("-")[0])) if told is not None else None
    if told is None or text is None:
        return False
    line = said.line_of(text, told[2])
    return line is None or (run.status == "completed" and _UNDER_WAY.format("") in line)


def _check_commit(around: Around, about: checks.About, run: WorkflowRun) -> None:
    """Start the check of the commit that `/train --commit` made: with a job's own token, GitHub starts nothing for it."""
    pull = around.gateway.pull_request(about.number)
    if pull.head_sha == about.head or around.gateway.commit_parents(pull.head_sha) != [about.head]:
        return
    if around.gateway.workflow_runs(CHECK, "pull_request", f"&head_sha={pull.head_sha}"):
        return
    arguments = Arguments(base=pull.base_ref)
    asked = Request(id=str(run.id), command="check", pull_request=pull.number, sha=pull.head_sha, arguments=arguments)
    perform.perform(around.gateway, [Dispatch(RUN, around.repository.default_branch, asked.inputs(), asked.id, again=True)])


def _asked(around: Around, run: WorkflowRun) -> tuple[Command, checks.About, str] | None:
    subject, name = of_run(run, around.repository.full_name), titled(run.title)
    if subject.asked is None or subject.number is None or name is None:
        return None
    command, key = subject.asked
    url = run.url or f"{around.server}/{around.repository.full_name}/actions/runs/{run.id}"
    return command, checks.About(subject.sha, subject.number, command, began=run.started_at, details_url=url), key


def _show(around: Around, wanted: CheckRun, *, begins: bool) -> None:
    """Write a check run unless a later run's stands there, or this one's that has ended."""
    mine = around.gateway.identity().app_id
    present = around.gateway.check_runs(wanted.head_sha)
    same = [each for each in present if each.name == wanted.name and checks.is_ours(each, mine)]
    newest = max(same, key=lambda each: each.id, default=None)
    if begins and newest is not None and checks.began(newest.external_id) >= checks.began(wanted.external_id):
        return
    effects = checks.decide(present, [wanted], lambda record: checks.is_ours(record, mine))
    perform.perform_checks(around.gateway, effects, [wanted])


def _came_of(command: Command, run: WorkflowRun, outcome: Outcome) -> Markdown:
    named = link(command, run.url)
    if outcome.verdict is None:
        return put("{} ended: {}.", named, text(outcome.said))
    icon = ICONS[outcome.verdict.result.status if not outcome.refused else Status.FAILED]
    return put("{} {} ended: {}; the report has the numbers.", icon, named, code(outcome.verdict.result.status.value))
