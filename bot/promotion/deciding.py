"""Decides a request: reads everything anew from GitHub and the registry, and writes nothing.

Whoever opened the issue says what is asked for only where that was our own account; of the issue's text nothing else is believed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import people, sticky
from bot.around import Around
from bot.commands import DECLARED
from bot.gateway.records import IssueComment
from bot.gateway.requesting import Commit, Deployment, Issue, RequestGateway
from bot.promotion import asked as asking
from bot.promotion import evidence, noted, past, reviewing, supposing, undoing
from bot.promotion.asked import Asked
from bot.promotion.evidence import Changed
from bot.promotion.hands import hands
from bot.promotion.involved import involved
from bot.promotion.reviewing import Review
from bot.promotion.shepherds import shepherds
from bot.promotion.undoing import Scene
from bot.promotion.votes import votes
from bot.registered import Registered
from bot.sticky import Marker
from policy import digests, document, rollbacks
from policy.approvals import Decision, Promotion, Request
from policy.digests import Bind, Subject
from policy.document import FILE_NAME, Policy
from policy.environments import Environment, leaves
from policy.grounds import Grounds
from policy.lineage import Lineage
from policy.origin import Origin
from policy.problems import UserProblem
from policy.reminders import Reminder, due
from policy.roles import Standing
from policy.votes import Involved, People, Vote
from reports.evidence import Compared

KIND = "approval"
"""What the card is among the comments of ours."""


class NoRequest(UserProblem):
    """An issue that is no request of ours."""


@dataclass(frozen=True)
class Weighed:
    """A request, what it came to, and what was read for that.

    `promoted` is the deployment that came of exactly this already, if one did; `last` what was promoted there last; `evidence`
    what speaks for it, which a rollback has none of.
    """

    asked: Asked
    decision: Decision
    issue: Issue
    request: Request
    bind: Bind
    comments: Sequence[IssueComment]
    lineage: Lineage
    reminders: Sequence[Reminder]
    promoted: Deployment | None
    last: Promotion | None = None
    grounds: Grounds | None = None
    """What it was decided on, for the ledger; None for a rollback, which nobody votes on."""
    evidence: Compared | None = None
    reviews: Sequence[Review] = ()
    """The emergencies in its environment that were reviewed."""

    @property
    def digest(self) -> str:
        """Of everything that is approved, whole."""
        return digests.digest(self.decision.subject, self.bind)


@dataclass(frozen=True)
class Begun:
    """What was read where a request was opened a moment ago: the issue, on which nothing is said, and perhaps the rest."""

    issue: Issue
    policy: tuple[Policy, str] | None = None
    deployments: Sequence[Deployment] | None = None


def requested(gateway: RequestGateway, number: int, known: Issue | None = None) -> tuple[Issue, Asked]:
    """An issue and what it asks for, open or closed. Raises NoRequest where it holds no request of ours."""
    issue = known or gateway.issue(number)
    found = asking.read(issue.body) if gateway.identity().wrote(issue) else None
    if found is None:
        raise NoRequest("this issue is no request for a promotion", f"#{number}", "Say `/promote` to make one")
    return issue, found


def policy_of(around: Around, gateway: RequestGateway) -> tuple[Policy, str]:
    """The policy of the default branch as it is now, and its digest. Raises UserProblem where there is none, or none to use."""
    raw = gateway.file(FILE_NAME, around.repository.default_branch)
    if raw is None:
        raise UserProblem("there is no policy", FILE_NAME, "Write one; `assay init` proposes it")
    text = raw.decode("utf-8", "replace")
    return document.read(text), document.digest(text)


def decided(around: Around, number: int, also: Sequence[str] = (), begun: Begun | None = None) -> Weighed | None:
    """Decide the request that an issue holds; None where it is closed. `also` is what would be said besides: `alice:/approve`.

    What is `begun` is not read again.

    Raises:
        NoRequest: the issue holds none of ours.
        UserProblem: the policy or the version cannot be used, or `also` cannot be read.
        OutsideProblem: GitHub or the registry does not answer.
    """
    return _Deciding(around, number, also, begun).run()


class _Deciding:
    """One request in hand."""

    def __init__(self, around: Around, number: int, also: Sequence[str], begun: Begun | None) -> None:
        self.around, self.number, self.also, self.begun = around, number, also, begun
        self.gateway = RequestGateway.of(around.gateway)

    def run(self) -> Weighed | None:
        """Read and decide."""
        begun = self.begun
        issue, found = requested(self.gateway, self.number, begun.issue if begun else None)
        if issue.state != "open":
            return None
        comments = [] if begun else self.gateway.comments(self.number)
        policy, policy_digest = (begun.policy if begun else None) or policy_of(self.around, self.gateway)
        lineage = self._lineage(found)
        origin = lineage.step.origin
        if origin is None:
            raise UserProblem(lineage.step.faults[0], f"{found.model}@{found.version}", "Register it with `assay register`")
        (deployments, reviews), now = self._deployments(found, policy), self.around.clock()
        if found.rollback:
            undone = self._undone(issue, found, comments, (policy, policy_digest), lineage, origin, deployments)
            return replace(undone, reviews=reviews)
        promotions = past.promotions(deployments, found.model, self.gateway.identity())
        environment = policy.environments.get(found.environment)
        asker = Involved("requester", found.by_id, found.by)
        parts, changed = self._parts(found, lineage, origin, promotions, environment.forbid if environment else ())
        pair = evidence.gather(self._registry(), lineage, found.environment, policy)
        subject = _subject(self.around.repository.id, found, origin, policy_digest, issue)
        bind: Bind = environment.bind if environment else "commit"
        said = votes(comments, DECLARED, self.around.prefix)
        last = max((each.id for each in comments), default=0)
        said += supposing.votes(self.gateway, self.also, digests.code(subject, bind), last, now)
        request = Request(
            subject=subject,
            opened=datetime.fromisoformat(issue.created_at),
            earlier=[each for each in self._earlier(comments) if each != subject],
            votes=said,
        )
        grounds = Grounds(
            request,
            policy.environments,
            policy.roles,
            evidence.of(pair, origin, changed, policy.model.risk if policy.model else None),
            self._people(said, environment, policy, None if parts is None else [*parts, asker]),
            promotions,
            now,
        )
        decision = grounds.decide()
        return Weighed(
            asked=found,
            decision=decision,
            issue=issue,
            request=request,
            bind=bind,
            comments=comments,
            lineage=lineage,
            reminders=due(environment, policy.roles, decision, request.opened, now) if environment else [],
            promoted=past.of_request(
                deployments, found.model, self.gateway.identity(), issue.number, digests.digest(subject, bind)
            ),
            last=next((each for each in reversed(promotions) if each.environment == found.environment), None),
            grounds=grounds,
            evidence=pair,
            reviews=reviews,
        )

    def _undone(
        self,
        issue: Issue,
        found: Asked,
        comments: Sequence[IssueComment],
        policy: tuple[Policy, str],
        lineage: Lineage,
        origin: Origin,
        deployments: Sequence[Deployment],
    ) -> Weighed:
        """A rollback: nobody votes, and who asked for it has to be allowed to now."""
        subject = _subject(self.around.repository.id, found, origin, policy[1], issue)
        scene = Scene(policy[0], deployments, lineage, found.environment)
        said = undoing.word(self.around, found, policy[0])
        decision = rollbacks.decide(
            subject, said, scene.environment, undoing.ground(self.around, scene, said, found.key, issue.number)
        )
        bind: Bind = scene.environment.bind if scene.environment else "commit"
        opened = datetime.fromisoformat(issue.created_at)
        done = past.of_request(deployments, found.model, self.gateway.identity(), issue.number, digests.digest(subject, bind))
        return Weighed(found, decision, issue, Request(subject, opened), bind, comments, lineage, [], done)

    def _deployments(self, found: Asked, policy: Policy) -> tuple[list[Deployment], list[Review]]:
        """What was promoted, with the emergencies marked that were reviewed, and the reviews."""
        environment = policy.environments.get(found.environment)
        known = self.begun.deployments if self.begun else None
        every = self.gateway.deployments() if known is None else known
        reviews = reviewing.reviews(self.gateway, every, found.environment, environment, policy.roles)
        return reviewing.marked(every, reviews), reviews

    def _registry(self) -> Registered:
        if self.around.registry is None:
            raise UserProblem("no registry is named", "MLFLOW_TRACKING_URI", "Set it where the bot runs")
        return self.around.registry

    def _lineage(self, found: Asked) -> Lineage:
        return self._registry().lineage(f"{found.model}@{found.version}")

    def _parts(
        self, found: Asked, lineage: Lineage, origin: Origin, promotions: Sequence[Promotion], forbid: Sequence[str]
    ) -> tuple[list[Involved] | None, Changed]:
        """Who had a part in it since the last promotion there, None where that cannot be told, and what changed since.

        Where nothing was promoted there yet, everybody behind every version so far, so that a small commit on top hides nobody.
        """
        there = [each.version for each in promotions if each.environment == found.environment]
        before = next((each for each in lineage.steps if there and str(each.version) == there[-1]), None)
        first = lineage.steps[0].origin
        if before is not None and before.origin is not None:
            between = self.gateway.commits_between(before.origin.code_sha, origin.code_sha)
            return self._behind(origin, between.commits, forbid), Changed(between.names, between.lines)
        if there or first is None:
            raise UserProblem("what was promoted there before is not known any more", found.environment, "Look into the registry")
        commits = list(self._first(first))
        if first.code_sha != origin.code_sha:
            commits += self.gateway.commits_between(first.code_sha, origin.code_sha).commits
        return self._behind(origin, commits, forbid), Changed()

    def _behind(self, origin: Origin, commits: Sequence[Commit], forbid: Sequence[str]) -> list[Involved] | None:
        """Everybody behind these commits, the last of which is that of the version."""
        found = shepherds(self.gateway, commits, forbid)
        branch = self.around.repository.default_branch
        others = hands(self.gateway, origin.code_sha, branch, commits, forbid) if found is not None else None
        return None if found is None or others is None else [*involved(commits), *found, *others]

    def _first(self, origin: Origin) -> list[Commit]:
        """The commits of the pull request that a version came with, and the merge itself."""
        own = self.gateway.commits_of_pull(origin.pull_request) if origin.pull_request is not None else []
        return [*own, self.gateway.commit_people(origin.code_sha)]

    def _people(
        self, said: Sequence[Vote], environment: Environment | None, policy: Policy, parts: Sequence[Involved] | None
    ) -> People:
        """Who those that said something are now."""
        roles = {rule.role or "" for _, rule in leaves(environment.approved_if)} if environment else set()
        if environment is not None and environment.break_glass is not None:
            roles.add(environment.break_glass.role)
        standings: dict[int, Standing] = {}
        unknown: set[int] = set()
        voters = {each.author: each.login for each in said if each.author is not None}
        reads = people.Several(self.gateway) if len(voters) > 1 else self.gateway
        for id, login in voters.items():
            try:
                standings[id] = people.standing(reads, id, login, roles, policy.roles)
            except people.Unknown:
                unknown.add(id)
        return People(standings, parts, frozenset(unknown))

    def _earlier(self, comments: Sequence[IssueComment]) -> list[Subject]:
        """The forms that the card notes, the newest first."""
        where = Marker(self.around.repository.id, self.number, KIND, "0" * 16, "")
        cards = sticky.ours(comments, self.gateway.identity(), where)
        return [each for comment, _ in cards[:1] for each in noted.read(comment.body)]


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
