"""Brings a verdict to its pull request: finds out what is true, judges again, and writes the difference.

What a run left behind is only ever read as facts. Which pull request it is about, what it is compared with and which policy
judges come from GitHub. Requests are few: 7 where nothing changed, 14 for a first report with its five checks. Pictures, where
the policy wants them, take five more and one for each; a change that edits the model card takes two more. None where nothing
changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from bot import admission, checks, committed, comparing, decisions, events, labels, perform, sticky
from bot.admission import Admitted, Truth
from bot.artifact import MAX_ZIP, NAME, facts_in
from bot.cml import handover
from bot.cml.watermark import Watermark
from bot.events import Subject
from bot.gateway import Forbidden, Gateway
from bot.gateway.commanding import CommandGateway
from bot.gateway.problems import Refused
from bot.gateway.records import CheckRun, IssueComment, PullRequest, WorkflowRun
from bot.pictures import Album
from policy import verdict as judging
from policy.document import Policy
from policy.facts import Facts
from policy.facts.reading import read
from policy.facts.record import Command
from policy.facts.request import PARTS
from policy.problems import UserProblem
from policy.report import Report
from policy.unread import unread
from policy.verdict import Verdict
from reports import comment, exhibits, templating


@dataclass(frozen=True)
class Request:
    """What to publish. Without `facts` (the bytes of facts.json, none where the check left none) they come from a run's artifact.

    `event` and `payload` are the runner's; `run_id` names another run than the event's. `sha` is the runner's GITHUB_SHA, for
    events without one. `kind` tells several reports of one pull request apart. `quiet` begins no comment where nothing changed.
    """

    event: str
    payload: Mapping[str, Any]
    facts: bytes | None = None
    run_id: int | None = None
    run: WorkflowRun | None = None
    """The run, where it was looked up already."""
    artifact: str = NAME
    sha: str = ""
    kind: str = "check"
    quiet: bool = False
    server: str = "https://github.com"
    own_run: str = ""
    """The id of the run that publishes, for the link where facts are at hand."""
    cml: handover.Writes | None = None
    """The `cml` on PATH, for a policy that asks for it."""
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    """The day (UTC) by which waivers run out."""
    prefix: bool = False
    """Whether only `/assay hold` holds, and not `/hold`."""
    buttons: bool = False
    """Whether clicks on buttons of check runs reach us."""


@dataclass(frozen=True)
class Outcome:
    """What came of it. `verdict` is None where there was nothing to publish; `said` tells all in a line."""

    said: str
    number: int | None = None
    verdict: Verdict | None = None
    facts: Facts | None = None
    refused: str = ""
    written: int = 0
    templates: Mapping[str, str] | None = None
    policy: Policy | None = None
    """The base's, where it has one and there was something to publish."""
    advice: str = ""
    """What keeps pictures out, and the `permissions:` block to paste; may have several lines."""


@dataclass(frozen=True)
class _Home:
    """The repository, as the payload or GitHub knows it."""

    id: int
    default_branch: str


def publish(gateway: Gateway, request: Request) -> Outcome:
    """Publish one verdict. Doing it twice writes once.

    Raises UserProblem and OutsideProblem as the gateway does, and for a template of the base that does not work.
    """
    if not sticky.KIND.match(request.kind):
        raise UserProblem("a report's name is lower-case letters, digits and dashes", request.kind[:40], "Choose another")
    run = _run(gateway, request)
    if run is not None and run.conclusion in ("cancelled", "skipped", "stale", "action_required"):
        return Outcome(f"the run was {run.conclusion.replace('_', ' ')}, so there is nothing to report")
    subject = events.of_run(run, gateway.full_name) if run else events.subject(request.event, request.payload)
    found, subject = _pull_requests(gateway, subject, request.sha)
    if not found:
        return Outcome("no open pull request has this commit as its head, so there is nothing to report")
    told, fault = _facts(gateway, request, run)
    claimed = told.revision if told else None
    pull = events.choose(found, claimed.pull_request if claimed else None, claimed.base_name if claimed else "")
    if pull is None:
        raise AssertionError("one was found")
    truth = comparing.truth(gateway, pull, subject.sha or pull.head_sha, told)
    admitted = admission.admit(told, truth, subject.asked) if told else admission.refuse(truth, fault, _AGAIN)
    experiment = subject.asked[0] if subject.asked and admission.is_experiment(subject.asked) else None
    request = replace(request, kind=experiment) if experiment else request

    def judged(comments: list[IssueComment] | None) -> _Shown:
        if comments is None:
            comments = [] if subject.queued else gateway.comments(pull.number)
        decided = decisions.decided(CommandGateway.of(gateway), comments, pull, admitted.policy, request.today, request.prefix)
        only = PARTS[experiment] if experiment else None
        verdict = judging.decide(admitted.policy, admitted.facts, only, decided)
        return _Shown(pull, truth, admitted, verdict, run, subject.queued, comments, experiment)

    return _write(gateway, request, judged)


_AGAIN = "The log of the run says why; run the check again once that is mended"


@dataclass(frozen=True)
class _Shown:
    """What is about to be shown."""

    pull: PullRequest
    truth: Truth
    admitted: Admitted
    verdict: Verdict
    run: WorkflowRun | None
    queued: bool
    comments: list[IssueComment]
    experiment: Command | None
    """The command that it was found for, where it gates nothing."""

    @property
    def wish(self) -> Report:
        """How the base wants it published. Where only the change has a policy, that one judges, but it rules no token of ours."""
        own = self.admitted.policy.report
        return own if own is not None and self.truth.policy is not None else Report()


def _run(gateway: Gateway, request: Request) -> WorkflowRun | None:
    """The run that the facts come from; None where they are at hand."""
    if request.run is not None or request.facts is not None:
        return request.run
    given = request.payload.get("workflow_run") if request.event == "workflow_run" else None
    if given is not None and request.run_id in (None, given.get("id")):
        return WorkflowRun.of(given)
    if request.run_id is None:
        raise UserProblem("there are no facts to publish", "assay publish", "Name a folder with --facts, or a run with --run")
    return gateway.workflow_run(request.run_id)


def _pull_requests(gateway: Gateway, subject: Subject, sha: str) -> tuple[list[PullRequest], Subject]:
    """The open pull requests that a subject leads to, and the subject with its commit."""
    if subject.number is not None:
        pull = gateway.pull_request(subject.number)
        current = subject.queued or not subject.sha or pull.head_sha == subject.sha or _grew(gateway, pull, subject)
        return ([pull] if pull.state == "open" and current else []), subject
    subject = replace(subject, sha=subject.sha or sha)
    if not subject.sha:
        return [], subject
    if not subject.owner:
        return gateway.pull_requests_of_commit(subject.sha), subject
    return gateway.pull_requests_with_head(subject.sha, subject.owner, subject.branch), subject


def _grew(gateway: Gateway, pull: PullRequest, subject: Subject) -> bool:
    """Whether the head is one commit on top of what a command's run was of: what `/train --commit` made of it."""
    return admission.is_experiment(subject.asked) and gateway.commit_parents(pull.head_sha) == [subject.sha]


def _facts(gateway: Gateway, request: Request, run: WorkflowRun | None) -> tuple[Facts | None, str]:
    """The facts, or why there are none to read."""
    try:
        if request.facts is not None:
            return (read(request.facts), "") if request.facts else (None, "the check left none behind")
        if run is None:
            raise AssertionError("without facts there is a run")
        left = [each for each in gateway.artifacts(run.id, request.artifact) if not each.expired]
        if not left:
            return None, "the run left none behind"
        if left[0].size > MAX_ZIP:
            return None, f"the artifact has {left[0].size:,} bytes, more than {MAX_ZIP:,}"
        return read(facts_in(gateway.download(left[0].id, MAX_ZIP))), ""
    except Forbidden:
        raise
    except (Refused, UserProblem) as problem:
        return None, f"{problem.where}: {problem.what}" if problem.where else problem.what


def _write(gateway: Gateway, request: Request, judged: "_Judged") -> Outcome:
    home = _home(gateway, request.payload)
    shown, written = _settled(gateway, request, home, judged)
    templates: dict[str, str] = {}
    album = Album(gateway)
    if not shown.queued:
        marker = sticky.Marker(
            repository=home.id,
            number=shown.pull.number,
            kind=request.kind,
            digest=checks.digest([shown.verdict.base, shown.verdict.head, checks.lasting(shown.verdict.result)]),
            head=shown.truth.head,
            began=_began(shown),
        )

        def draw() -> str:
            templates.update(_templates(gateway, shown.truth.base))
            pictures = _pictures(shown, album) if shown.wish.pictures else []
            text = comment.render(
                shown.admitted.facts,
                shown.verdict,
                templates=templates,
                mark=str(marker),
                pictures=pictures,
                card=committed.look(gateway, shown.truth, shown.admitted.policy),
            )
            return text + _invitation(shown, gateway.full_name)

        create = not ((request.quiet or shown.wish.quiet) and shown.admitted.facts.nothing_to_check)
        told = _write_comment(gateway, shown.comments, marker, draw, create, _tool(request, shown))
        written.comments = told.comments
        written.notes += told.notes
        if shown.wish.labels and not shown.experiment:
            standing: labels.Standing = "passed" if shown.verdict.passed else "failed"
            perform.perform(gateway, labels.decide(shown.pull.number, shown.pull.labels, standing))
    if album.refusal is not None:
        written.notes.append("no pictures")
    return Outcome(
        said=_said(shown, written),
        number=shown.pull.number,
        verdict=shown.verdict,
        facts=shown.admitted.facts,
        refused=shown.admitted.refused,
        written=written.comments + written.checks + written.statuses,
        templates=templates,
        policy=shown.admitted.policy if shown.truth.policy is not None else None,
        advice="" if album.refusal is None else str(album.refusal),
    )


def _settled(gateway: Gateway, request: Request, home: _Home, judged: "_Judged") -> tuple[_Shown, perform.Written]:
    """Write the checks. Writing takes seconds, so a hold or waiver that somebody gave meanwhile counts before the comment does.

    Asking for the comments again costs nothing of the hour's requests where there is none that is new.
    """
    shown = judged(None)
    written = _write_checks(gateway, _runs(request, home, shown, gateway.full_name), _tool(request, shown))
    if shown.wish.publisher == "cml" and request.cml is None:
        written.notes.append("the policy asks for cml, which is not on PATH, so Assay published")
    for _ in range(_ROUNDS):
        if shown.queued or not written.checks:
            break
        present = gateway.comments(shown.pull.number)
        if decisions.deciding(present, request.prefix) == decisions.deciding(shown.comments, request.prefix):
            shown = replace(shown, comments=present)
            break
        shown = judged(present)
        more = _write_checks(gateway, _runs(request, home, shown, gateway.full_name), _tool(request, shown))
        written.checks += more.checks
        written.statuses += more.statuses
    return shown, written


_ROUNDS = 3
_Judged = Callable[[list[IssueComment] | None], _Shown]
"""Judges by the comments that are given, or by those that there are."""


def _runs(request: Request, home: _Home, shown: _Shown, full_name: str) -> list[CheckRun]:
    run_id = str(shown.run.id) if shown.run else request.own_run
    about = checks.About(
        head=shown.truth.head,
        number=shown.pull.number,
        kind=request.kind,
        branch="" if shown.pull.base_ref == home.default_branch else shown.pull.base_ref,
        began=_began(shown),
        details_url=f"{request.server}/{full_name}/actions/runs/{run_id}" if run_id else "",
        buttons=request.buttons,
    )
    if shown.experiment:
        return [checks.experiment(shown.verdict, about, refused=bool(shown.admitted.refused))]
    text = "" if shown.truth.edited else shown.truth.text or ""
    return checks.wanted(shown.verdict, shown.admitted.facts, about, text)


def _began(shown: _Shown) -> str:
    return shown.run.started_at if shown.run else ""


def _tool(request: Request, shown: _Shown) -> handover.Writes | None:
    return request.cml if shown.wish.publisher == "cml" else None


def _pictures(shown: _Shown, album: Album) -> list[exhibits.Exhibit]:
    """The charts of a verdict, kept; none where the report is one line. They take requests only when the comment is drawn."""
    facts = shown.admitted.facts
    return [] if facts.nothing_to_check else album.keep(exhibits.exhibits(facts, shown.verdict))


def _invitation(shown: _Shown, full_name: str) -> str:
    """For a fork's change whose data was out of reach: the line by which a maintainer has this one commit checked whole."""
    if not shown.pull.is_of_fork(full_name) or not unread(shown.admitted.facts):
        return ""
    line = f"/check {shown.truth.head[:12]}"
    return (
        f"\nA fork has no access to the data. Whoever may write here and has read this commit has it checked whole by `{line}`.\n"
    )


def _write_comment(
    gateway: Gateway,
    present: list[IssueComment],
    marker: sticky.Marker,
    draw: Callable[[], str],
    create: bool,
    tool: handover.Writes | None,
) -> perform.Written:
    """Make the one comment say what it should; the answer counts how many writes that took."""
    written, expected = perform.Written(), None
    while gateway.identity() != expected:
        # Once, but for a token that turns out to be another account's: then what that account wrote before is looked for.
        if expected is not None:
            present = gateway.comments(marker.number)
        expected = gateway.identity()
        effects = sticky.decide(present, expected, marker, draw, create=create)
        if tool is None:
            told = perform.perform(gateway, effects)
        else:
            told = handover.comments(gateway, tool, present, effects, Watermark(handover.label(marker.kind), marker.head))
        written.comments += told.comments
        written.notes += told.notes
    return written


def _write_checks(gateway: Gateway, runs: list[CheckRun], tool: handover.Writes | None) -> perform.Written:
    app_id = gateway.identity().app_id
    try:
        present = gateway.check_runs(runs[0].head_sha)
    except Forbidden as refused:
        try:
            return perform.statuses(gateway, runs)
        except Forbidden:
            raise refused from None
    if tool is not None:
        return handover.checks(tool, present, runs)
    effects = checks.decide(present, runs, lambda record: checks.is_ours(record, app_id))
    return perform.perform_checks(gateway, effects, runs)


def _home(gateway: Gateway, payload: Mapping[str, Any]) -> _Home:
    """Out of the payload, which the runner wrote; asked for only where there is none."""
    given = payload.get("repository") or {}
    if given.get("full_name") == gateway.full_name and given.get("id") and given.get("default_branch"):
        return _Home(int(given["id"]), str(given["default_branch"]))
    found = gateway.repository()
    return _Home(found.id, found.default_branch)


def _templates(gateway: Gateway, base: str) -> dict[str, str]:
    """The repository's own templates, of the base: a change may not redraw its own report."""
    names = [name for name in gateway.folder(templating.FOLDER, base) if name in templating.NAMES]
    found = {name: comparing.text(gateway.file(f"{templating.FOLDER}/{name}", base)) for name in names}
    return {name: text for name, text in found.items() if text is not None}


def _said(shown: _Shown, written: perform.Written) -> str:
    verdict = "refused" if shown.admitted.refused else shown.verdict.result.status.value
    changes = written.comments + written.checks + written.statuses
    notes = "".join(f"; {note}" for note in written.notes)
    return f"#{shown.pull.number}: {verdict}; {f'{changes} writes' if changes else 'nothing to write'}{notes}"
