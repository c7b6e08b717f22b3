"""Weighs a request: reads everything anew, decides, and makes the card say what holds now.

Nothing is remembered between two times. The card is a view; what it notes of earlier forms of the request is only ever used to
say in words what changed.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot import people, perform, sticky
from bot.around import Around
from bot.checks import digest
from bot.commands import DECLARED
from bot.effects import Assign, CloseIssue, Effect
from bot.gateway.records import IssueComment
from bot.gateway.requesting import Commit, Issue, RequestGateway
from bot.promotion import asked as asking
from bot.promotion import past
from bot.promotion.asked import Asked
from bot.promotion.involved import involved
from bot.promotion.votes import votes
from bot.sticky import Marker
from policy import document
from policy.approvals import Decision, Promotion, Request, State, decide
from policy.digests import Subject
from policy.document import FILE_NAME, Policy
from policy.environments import Environment, leaves
from policy.lineage import Lineage
from policy.origin import Origin
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.reminders import Reminder, due
from policy.result import Status
from policy.roles import Standing
from policy.rulings import Evidence
from policy.votes import Involved, People, Vote
from reports import approval

KIND = "approval"
_NOTED = re.compile(r"^<!-- assay:subject (?P<data>\{[ -;=?-~]{1,20000}\}) -->\r?$", re.MULTILINE)
_EARLIER = 5
"""Earlier forms of a request that the card remembers."""


class NoRequest(UserProblem):
    """An issue that is no request of ours."""


@dataclass(frozen=True)
class Weighed:
    """A request and what it came to."""

    asked: Asked
    decision: Decision
    issue: Issue


def weigh(around: Around, number: int) -> Weighed | None:
    """Decide the request that an issue holds, and write its card; None where it is closed.

    Raises:
        NoRequest: the issue holds none of ours.
        UserProblem: the policy or the version cannot be used.
        OutsideProblem: GitHub or the registry does not answer.
    """
    return _Weighing(around, number).run()


def refresh(around: Around, number: int) -> Reason:
    """Weigh an issue where it is a request that can be weighed. What cannot be is told whoever says something on it."""
    try:
        weigh(around, number)
    except NoRequest:
        return Reason.NOT_OURS
    except UserProblem:
        return Reason.REQUEST_UNWEIGHED
    return Reason.REFRESHED


class _Weighing:
    """One request in hand."""

    def __init__(self, around: Around, number: int) -> None:
        self.around, self.number = around, number
        self.gateway = RequestGateway.of(around.gateway)

    def run(self) -> Weighed | None:
        """Read, decide, write."""
        issue = self.gateway.issue(self.number)
        found = asking.read(issue.body) if self.gateway.identity().wrote(issue) else None
        if found is None:
            raise NoRequest("this issue is no request for a promotion", f"#{self.number}", "Say `/promote` to make one")
        if issue.state != "open":
            return None
        comments = self.gateway.comments(self.number)
        policy, policy_digest = self._policy()
        lineage = self._lineage(found)
        origin = lineage.step.origin
        if origin is None:
            raise UserProblem(lineage.step.faults[0], f"{found.model}@{found.version}", "Register it with `assay register`")
        promotions = past.promotions(self.gateway.deployments(), found.model, self.gateway.identity())
        parts, changed = self._parts(found, lineage, origin, promotions)
        subject = _subject(self.around.repository.id, found, origin, policy_digest, issue)
        said = votes(comments, DECLARED, self.around.prefix)
        environment = policy.environments.get(found.environment)
        request = Request(
            subject=subject,
            opened=datetime.fromisoformat(issue.created_at),
            earlier=[each for each in self._earlier(comments) if each != subject],
            votes=said,
        )
        decision = decide(
            request,
            policy.environments,
            policy.roles,
            Evidence(verdict=Status(origin.verdict), changed=changed, files=len(changed) if changed is not None else None),
            self._people(said, environment, policy, [*parts, Involved("requester", found.by_id, found.by)]),
            promotions,
            self.around.clock(),
        )
        reminders = due(environment, policy.roles, decision, request.opened, self.around.clock()) if environment else []
        effects = [*self._effects(issue, comments, request, decision), *self._reminding(comments, reminders)]
        perform.perform(self.gateway, effects)
        return Weighed(found, decision, issue)

    def _policy(self) -> tuple[Policy, str]:
        """The policy of the default branch as it is now. Missing is red."""
        raw = self.gateway.file(FILE_NAME, self.around.repository.default_branch)
        if raw is None:
            raise UserProblem("there is no policy", FILE_NAME, "Write one; `assay init` proposes it")
        text = raw.decode("utf-8", "replace")
        return document.read(text), document.digest(text)

    def _lineage(self, found: Asked) -> Lineage:
        if self.around.registry is None:
            raise UserProblem("no registry is named", "MLFLOW_TRACKING_URI", "Set it where the bot runs")
        return self.around.registry.lineage(f"{found.model}@{found.version}")

    def _parts(
        self, found: Asked, lineage: Lineage, origin: Origin, promotions: Sequence[Promotion]
    ) -> tuple[list[Involved], list[str] | None]:
        """Who had a part in it since the last promotion there, and the files that changed since; None where GitHub lists not all.

        Where nothing was promoted there yet, everybody behind every version so far, so that a small commit on top hides nobody.
        """
        there = [each.version for each in promotions if each.environment == found.environment]
        before = next((each for each in lineage.steps if there and str(each.version) == there[-1]), None)
        first = lineage.steps[0].origin
        if before is not None and before.origin is not None:
            commits, changed = self.gateway.commits_between(before.origin.code_sha, origin.code_sha)
            return involved(commits), changed
        if there or first is None:
            raise UserProblem("what was promoted there before is not known any more", found.environment, "Look into the registry")
        commits = list(self._first(first))
        if first.code_sha != origin.code_sha:
            commits += self.gateway.commits_between(first.code_sha, origin.code_sha)[0]
        return involved(commits), None

    def _first(self, origin: Origin) -> list[Commit]:
        """The commits of the pull request that a version came with, and the merge itself."""
        own = self.gateway.commits_of_pull(origin.pull_request) if origin.pull_request is not None else []
        return [*own, self.gateway.commit_people(origin.code_sha)]

    def _people(self, said: Sequence[Vote], environment: Environment | None, policy: Policy, parts: Sequence[Involved]) -> People:
        """Who those that said something are now."""
        roles = {rule.role or "" for _, rule in leaves(environment.approved_if)} if environment else set()
        if environment is not None and environment.break_glass is not None:
            roles.add(environment.break_glass.role)
        standings: dict[int, Standing] = {}
        unknown: set[int] = set()
        for id, login in {each.author: each.login for each in said if each.author is not None}.items():
            try:
                standings[id] = people.standing(self.gateway, id, login, roles, policy.roles)
            except people.Unknown:
                unknown.add(id)
        # Who merged and who reviewed is not read, so where the policy asks for it nobody can tell who had a part.
        untold = environment is not None and {"merger", "reviewer"} & set(environment.forbid)
        return People(standings, None if untold else parts, frozenset(unknown))

    def _earlier(self, comments: Sequence[IssueComment]) -> list[Subject]:
        """The forms that the card notes, the newest first."""
        where = Marker(self.around.repository.id, self.number, KIND, "0" * 16, "")
        cards = sticky.ours(comments, self.gateway.identity(), where)
        return [each for comment, _ in cards[:1] for each in _read(comment.body)]

    def _effects(self, issue: Issue, comments: Sequence[IssueComment], request: Request, decision: Decision) -> list[Effect]:
        """The card, those who can still approve as assignees, and an end to what is over."""
        drawn = approval.card(decision, issue.url).source
        noted = "\n".join(_noted([request.subject, *request.earlier][: _EARLIER + 1]))
        marker = Marker(self.around.repository.id, self.number, KIND, digest([drawn, noted]), "")
        effects = sticky.decide(comments, self.gateway.identity(), marker, lambda: f"{marker}\n{drawn}\n\n{noted}")
        wanted = tuple(each for each in decision.could if not each.startswith("@"))[:10]
        if {each.lower() for each in wanted} != {each.lower() for each in issue.assignees}:
            effects.append(Assign(self.number, wanted))
        if decision.state is State.EXPIRED:
            effects.append(CloseIssue(self.number, "not_planned"))
        return effects

    def _reminding(self, comments: Sequence[IssueComment], reminders: Sequence[Reminder]) -> list[Effect]:
        """A comment for each reminder that is due, written once: it is what tells people, so it stays as it is."""
        found: list[Effect] = []
        for each in reminders:
            marker = Marker(self.around.repository.id, self.number, f"remind-{each.kind}", digest(each.kind), "")
            lines = (str(marker), approval.reminder(each).source)
            found += sticky.decide(comments, self.gateway.identity(), marker, partial("\n".join, lines))
        return found


def _subject(repository: int, found: Asked, origin: Origin, policy: str, issue: Issue) -> Subject:
    """What an approval is for. The report is drawn from the facts and from nothing else, so their digest is its own."""
    return Subject(
        repository=repository,
        model=found.model,
        version=str(found.version),
        environment=found.environment,
        commit=origin.code_sha,
        tree=origin.code_tree,
        lock=origin.lock_digest,
        data=dict(origin.data),
        artifact=origin.model_digest,
        params=origin.params_digest,
        facts=origin.facts_digest,
        report=origin.facts_digest,
        policy=policy,
        request=issue.number,
        body=f"sha256:{hashlib.sha256(issue.body.encode()).hexdigest()}",
    )


def _noted(subjects: Sequence[Subject]) -> Iterator[str]:
    for each in subjects:
        data = json.dumps(each.model_dump(), sort_keys=True).replace("<", "\\u003c").replace(">", "\\u003e")
        if len(data) <= _LONGEST_NOTE:
            yield f"<!-- assay:subject {data.replace('--', _DASHES)} -->"


def _read(body: str) -> Iterator[Subject]:
    for found in _NOTED.finditer(body):
        with suppress(ValueError):
            yield Subject.model_validate_json(found["data"])


_DASHES = "-\\u002d"
"""Two of them could end the hidden line."""
_LONGEST_NOTE = 8_000
