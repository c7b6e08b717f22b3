"""Records what came of a promotion: the ledger's entry, the deployment, the comment that stays, and the lock given back.

What the step before says is held against the registry. Each effect is made only where it is not there yet, so that after a crash
the same again finishes the rest and doubles nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot import locks, perform, sticky
from bot.around import Around
from bot.checks import digest
from bot.effects import CloseIssue, Deploy, Effect, OpenIssue
from bot.gateway.problems import NotThere
from bot.gateway.requesting import Deployment, Issue, RequestGateway
from bot.locks import Seen
from bot.promotion import entries, past
from bot.promotion.asked import Asked
from bot.promotion.authorizing import owner_of
from bot.promotion.deciding import NoRequest, requested
from bot.promotion.reviewing import REVIEW
from bot.sticky import Marker
from policy.authorization import Authorization, Outcome
from policy.digests import CODE_LENGTH
from policy.problems import UserProblem
from reports import promoted, rollbacks
from reports.promoted import State

KIND = "record"
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][A-Za-z0-9._~/?#=&%+,;:@-]*)?")


class NotRecorded(UserProblem):
    """What should be recorded is not this run's, or not what was asked for. Nothing is written. Exit code 1."""

    exit_code = 1


@dataclass(frozen=True)
class Recorded:
    """What came of it: `now` is where the alias points, `said` why it went no further."""

    state: State
    now: int | None
    said: str = ""


def record(around: Around, number: int, run: int, leave: Authorization, outcome: Outcome | None) -> Recorded:
    """Record what came of a leave; without an outcome, what the registry says.

    Raises:
        NotRecorded: the leave is not that of this run and this request, or its lock is not held any more.
        UserProblem, OutsideProblem: GitHub or the registry does not do what is asked.
    """
    return _Recording(around, number, run, leave).record(outcome)


class _Recording:
    """One leave in hand."""

    def __init__(self, around: Around, number: int, run: int, leave: Authorization) -> None:
        self.around, self.number, self.run, self.leave = around, number, run, leave
        self.gateway = RequestGateway.of(around.gateway)
        self.page = f"{around.server}/{around.repository.full_name}/actions/runs/{run}"

    def record(self, outcome: Outcome | None) -> Recorded:
        """Look, then write what is missing."""
        issue, asked = self._issue()
        now = self._alias()
        found = truth(self.leave, outcome, now)
        there = self._deployment()
        seen = self.gateway.lock(self.leave.subject.environment)
        if not self._holds(seen):
            if found.state == "promoted" and there is not None and issue.state == "closed":
                return found
            advice = "Re-run the whole job: it is decided anew, and what is done already is not done twice"
            raise NotRecorded("this run does not hold the environment's lock any more", seen.name, advice)
        url = outcome.url if outcome and outcome.url and _ADDRESS.fullmatch(outcome.url) else ""
        perform.perform(self.gateway, self._effects(found, issue, asked, there, seen, url))
        return found

    def _issue(self) -> tuple[Issue, Asked]:
        """The issue and what it asks for, where the leave is for what it asks for and for this run."""
        leave, subject = self.leave, self.leave.subject
        if (leave.run, subject.request) != (self.run, self.number):
            said = f"it is for run {leave.run} and #{subject.request}"
            raise NotRecorded(said, "decision.json", f"This is run {self.run} for #{self.number}: run `assay authorize` in it")
        try:
            issue, asked = requested(self.gateway, self.number)
        except (NoRequest, NotThere) as problem:
            raise NotRecorded(problem.what, f"#{self.number}", problem.next) from None
        wanted = (self.around.repository.id, asked.model, str(asked.version), asked.environment)
        if wanted != (subject.repository, subject.model, subject.version, subject.environment):
            raise NotRecorded("it is about something else than the request", "decision.json", "Run `assay authorize` again")
        return issue, asked

    def _alias(self) -> int | None:
        """Where the alias points. What the leave says of the version has to be what the registry says."""
        subject = self.leave.subject
        if self.around.registry is None:
            raise UserProblem("no registry is named", "MLFLOW_TRACKING_URI", "Set it in the step's env")
        lineage = self.around.registry.lineage(f"{subject.model}@{subject.version}")
        origin = lineage.step.origin
        if origin is None or (origin.code_sha, origin.model_digest) != (subject.commit, subject.artifact):
            where = f"{subject.model}@{subject.version}"
            raise NotRecorded("the registry says other things of it than the decision", where, "Look who changed its tags")
        return lineage.at(subject.environment)

    def _deployment(self) -> Deployment | None:
        subject, me = self.leave.subject, self.gateway.identity()
        return past.of_request(self.gateway.deployments(), subject.model, me, self.number, self.leave.digest)

    def _holds(self, seen: Seen) -> bool:
        held = seen.holder
        return held is not None and (held.owner, held.token) == (owner_of(self.run), self.leave.lock)

    def _effects(
        self, found: Recorded, issue: Issue, asked: Asked, there: Deployment | None, seen: Seen, url: str
    ) -> Iterator[Effect]:
        """What is still to be written, in an order in which a crash loses nothing: the lock is given back last."""
        if found.state == "promoted":
            # The deployment is what counts as the promotion: what counts is in the ledger, whatever comes between.
            yield entries.promotion(issue, asked, self.leave)
            yield self._deploy(asked, there, url)
            if self.leave.glass:
                words = rollbacks if asked.rollback else promoted
                yield OpenIssue(words.review_title(self.leave), words.review(self.leave).source, REVIEW)
        yield from self._comment(found, asked, url)
        if found.state == "promoted" and issue.state == "open":
            yield CloseIssue(self.number, "completed")
        if (freed := locks.release(seen, "assay", 0, f"run {self.run} is over")) is not None:
            yield freed

    def _deploy(self, asked: Asked, there: Deployment | None, url: str) -> Deploy:
        leave, subject = self.leave, self.leave.subject
        payload = {
            "model": subject.model,
            "version": leave.version,
            "approvers": list(leave.approvers),
            "glass": leave.glass,
            "reviewed": False,
            "code": leave.digest[:CODE_LENGTH],
            "digest": leave.digest,
            "issue": self.number,
            "artifact": subject.artifact,
        }
        if asked.rollback:
            payload |= {"rollback": True, "asked": asked.key}
        said = f"{subject.model} version {subject.version}"
        return Deploy(subject.commit, subject.environment, said, payload, self.page, url, there.id if there else None)

    def _comment(self, found: Recorded, asked: Asked, url: str) -> list[Effect]:
        again = rollbacks.again(asked.model, str(asked.version), asked.environment) if asked.rollback else ""
        drawn = promoted.record(self.leave, found.state, found.now, found.said, self.page, url, again).source
        marker = Marker(self.around.repository.id, self.number, KIND, digest(drawn), "")
        comments = self.gateway.comments(self.number)
        return sticky.decide(comments, self.gateway.identity(), marker, lambda: f"{marker}\n{drawn}")


def truth(leave: Authorization, outcome: Outcome | None, now: int | None) -> Recorded:
    """What came of a leave: what the step before says, as far as the registry, which points to `now`, says the same."""
    moved = now == leave.version
    if outcome is None:
        if moved:
            return Recorded("promoted", now, "The step that moves the alias left no word; the registry says that it was moved.")
        state: State = "refused" if now == leave.expected else "unknown"
        return Recorded(state, now, "The step that moves the alias left no word.")
    if outcome.state == "promoted" and not moved:
        return Recorded("unknown", now, "The alias was said to be moved, and points elsewhere now: somebody moved it since.")
    if outcome.state == "refused" and moved and leave.expected != now:
        return Recorded("unknown", now, f"The alias was said to be left alone, and was moved. {outcome.said}".strip())
    return Recorded(outcome.state, now, outcome.said)
