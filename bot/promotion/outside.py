"""Looks for what happened in the registry around the process: opens an issue about it, sets it back, closes what is over.

Whatever made somebody look is a hint. Each look reads the registry and GitHub anew, and is as good once as twice. A promotion
moves the alias before its deployment is recorded; it holds the environment's lock meanwhile, so what does not fit is believed
only where it was read between two looks at the same free lock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from bot import locks, perform, sticky
from bot.around import Around
from bot.checks import digest
from bot.effects import CloseIssue, CreateComment, ReopenIssue
from bot.gateway.problems import Refused
from bot.gateway.records import Closing
from bot.gateway.requesting import Issue, RequestGateway
from bot.promotion import entries, past, told
from bot.promotion.told import LABEL, Noted
from bot.registered import Registered
from bot.sticky import Marker
from policy import document, intrusion
from policy.document import FILE_NAME, Policy
from policy.intrusion import Move
from policy.lineage import Step
from policy.problems import UserProblem
from policy.reasons import Reason
from reports import approval
from reports import intrusion as drawn
from reports.markdown import Markdown

_MOST = 10
"""Issues about versions that are open at a time; the next one waits until one is closed."""
_LEASE = timedelta(minutes=15)
_RUN = "run "


@dataclass(frozen=True)
class Seen:
    """What a look found. `back` are the environments whose alias it set back, `busy` those where a promotion is under way."""

    model: str | None
    moves: tuple[Move, ...] = ()
    strangers: tuple[int, ...] = ()
    busy: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    issues: tuple[int, ...] = ()

    @property
    def wrong(self) -> tuple[Move, ...]:
        """The aliases that still do not point to what was promoted."""
        return tuple(each for each in self.moves if each.environment not in self.back)

    @property
    def reason(self) -> Reason:
        """The whole as a code."""
        if self.model is None:
            return Reason.NOT_OURS
        if self.moves or self.strangers:
            return Reason.REGISTRY_OUTSIDE
        return Reason.REGISTRY_BUSY if self.busy else Reason.REGISTRY_AS_PROMOTED

    @property
    def said(self) -> str:
        """The whole in a line of plain text."""
        if self.model is None:
            return "the policy names no model"
        return "; ".join(self._said()) or "every alias points to what was promoted, and no version came from outside"

    @property
    def plain(self) -> dict[str, Any]:
        """The whole for machines, ready for JSON."""
        told = [{"environment": e.environment, "version": e.version, "promoted": e.promoted} for e in self.moves]
        for each in told:
            each["set_back"] = each["environment"] in self.back
        listed = {"strangers": list(self.strangers), "busy": list(self.busy), "issues": list(self.issues)}
        return {"model": self.model, "reason": self.reason.value, "moves": told, **listed}

    def _said(self) -> Iterator[str]:
        for each in self.moves:
            now, was = each.version or "nothing", each.promoted or "nothing"
            back = "; set back" if each.environment in self.back else ""
            yield f"{self.model}@{each.environment} pointed to {now}, and {was} was promoted{back}"
        yield from (f"{self.model}@{each} was not registered by Assay" for each in self.strangers)
        yield from (f"a promotion to {each} is under way, which is looked at later" for each in self.busy)


def look(around: Around, about: str | None = None) -> Seen:
    """Look once. `about` is the model that a hint names; one about another is no reason to look.

    Raises:
        UserProblem: the policy or the registry cannot be used.
        OutsideProblem: GitHub or the registry does not answer.
    """
    gateway = RequestGateway.of(around.gateway)
    if around.registry is None:
        raise UserProblem("no registry is named", "MLFLOW_TRACKING_URI", "Set it where the bot runs")
    raw = gateway.file(FILE_NAME, around.repository.default_branch)
    if raw is None:
        raise UserProblem("there is no policy", FILE_NAME, "Write one; `assay init` proposes it")
    text = raw.decode("utf-8", "replace")
    policy = document.read(text)
    if policy.model is None or about not in (None, policy.model.name):
        return Seen(None)
    return _Look(around, gateway, around.registry, policy, policy.model.name, document.digest(text)).run()


@dataclass
class _Look:
    """One look in hand."""

    around: Around
    gateway: RequestGateway
    registry: Registered
    policy: Policy
    model: str
    digest: str
    issues: dict[Noted, Issue] = field(default_factory=dict)

    def run(self) -> Seen:
        """Read, decide, write."""
        steps, moves = self._read()
        busy: tuple[str, ...] = ()
        if moves:
            steps, moves, busy = self._surely(moves)
        strangers = intrusion.strangers(steps, self.around.clock())
        self._find(everything=bool(moves or strangers))
        by_number = {each.version: each for each in steps}
        told = [self._tell(each, by_number.get(each.version or 0)) for each in moves]
        back = tuple(move.environment for move, issue in zip(moves, told, strict=True) if self._set_back(move, issue))
        told += self._candidates(strangers)
        # An alias that was set back is right: what else was open about it is over too.
        self._close(by_number, {each.environment for each in moves if each.environment not in back} | set(busy))
        numbers = tuple(each.version for each in strangers)
        return Seen(self.model, tuple(moves), numbers, busy, back, tuple(each.number for each in told))

    def _read(self) -> tuple[Sequence[Step], list[Move]]:
        steps = self.registry.versions(self.model)
        promotions = past.promotions(self.gateway.deployments(), self.model, self.gateway.identity())
        return steps, intrusion.moves(steps, self.policy.environments, promotions)

    def _surely(self, doubtful: Sequence[Move]) -> tuple[Sequence[Step], list[Move], tuple[str, ...]]:
        """What is wrong although no promotion was under way while it was read, and the environments where one was."""
        names = [each.environment for each in doubtful]
        before = {name: self._lock(name) for name in names}
        steps, moves = self._read()
        after = {name: self._lock(name) for name in names}
        still = [each for each in moves if each.environment in names]
        busy = [name for name in names if _promoting(before[name]) or _version(before[name]) != _version(after[name])]
        sure = [each for each in still if each.environment not in busy]
        return steps, sure, tuple(each.environment for each in still if each.environment in busy)

    def _lock(self, name: str) -> locks.Seen | None:
        """An environment's lock; None where its name can be no lock's, so that nobody ever holds it."""
        return self.gateway.lock(name) if locks.is_name(name) else None

    # --- issues ---

    def _find(self, *, everything: bool) -> None:
        """The issues of ours about this model, of several with one subject the oldest; the others are closed."""
        found = [each for each in self.gateway.issues(LABEL, "all" if everything else "open") if self._ours(each)]
        for issue in sorted(found, key=lambda each: each.number):
            about = told.read(issue.body)
            if about is None or about.model != self.model:
                continue
            first = self.issues.setdefault(about, issue)
            if first is not issue and issue.state == "open":
                self._end(issue, Markdown(f"See #{first.number}."), "not_planned")

    def _ours(self, issue: Issue) -> bool:
        return self.gateway.identity().wrote(issue)

    def _tell(self, move: Move, step: Step | None) -> Issue:
        """Have an open issue about a move."""
        about, now = self._about(move), self.around.clock()
        there = self.issues.get(about)
        if there is None:
            there = self._open(about, drawn.incident(self.model, move, step, now))
        self._enter(there, move, about)
        if there.state != "open":
            comment = CreateComment(there.number, drawn.again(now).source)
            perform.perform(self.gateway, [ReopenIssue(there.number), comment])
        return there

    def _about(self, move: Move) -> Noted:
        return Noted("incident", self.model, move.version or 0, move.environment)

    def _enter(self, issue: Issue, move: Move, about: Noted) -> None:
        """Enter a move once for each time that it happened; where the ledger cannot be written, the issue says so."""
        me = self.gateway.identity()
        entry = entries.incident(issue, move, about, self.around.repository.id, self.digest, me, issue.state != "open")
        try:
            perform.perform(self.gateway, [entry])
        except UserProblem as problem:
            self._note(issue, "not-entered", approval.without_entry(problem.what))

    def _candidates(self, strangers: Sequence[Step]) -> list[Issue]:
        """Have an issue about each version from outside; one that somebody closed stays closed."""
        new = [(Noted("candidate", self.model, each.version), each) for each in strangers]
        there = sum(about.kind == "candidate" and each.state == "open" for about, each in self.issues.items())
        fresh = [(about, step) for about, step in new if about not in self.issues][: max(0, _MOST - there)]
        return [self._open(about, drawn.candidate(self.model, step)) for about, step in fresh]

    def _open(self, about: Noted, said: Markdown) -> Issue:
        return self.gateway.open_issue(about.title, about.body(said), about.labels)

    def _close(self, steps: dict[int, Step], wrong: set[str]) -> None:
        """Close what is over: aliases that are right again, versions that have their origin or are gone."""
        for about, issue in self.issues.items():
            if issue.state != "open":
                continue
            if about.kind == "incident" and about.environment not in wrong:
                self._end(issue, drawn.right(None, self.around.clock()))
            elif about.kind == "candidate":
                step = steps.get(about.version)
                if step is None or step.origin is not None:
                    self._end(issue, drawn.settled(step))

    def _end(self, issue: Issue, said: Markdown, reason: Closing = "completed") -> None:
        perform.perform(self.gateway, [CreateComment(issue.number, said.source), CloseIssue(issue.number, reason)])

    # --- setting back ---

    def _set_back(self, move: Move, issue: Issue) -> bool:
        """Set an alias back where the policy says so, and close the issue; whether it was."""
        if not move.reverts:
            return False
        try:
            why = self._moved_back(move, issue)
        except UserProblem as problem:
            why = problem.what
        if why:
            self._note(issue, "set-back", drawn.held(why))
            return False
        self._end(issue, drawn.right(move, self.around.clock()))
        self.issues.pop(self._about(move), None)
        return True

    def _moved_back(self, move: Move, issue: Issue) -> str:
        """Move an alias under the environment's lock; why not, or nothing where it was done."""
        name, me = move.environment, self.gateway.identity()
        if not locks.is_name(name) or move.promoted is None:
            return "no lock can have the name of this environment"
        seen = self.gateway.lock(name)
        for each in (self.gateway.lock(locks.ALL), seen):
            if each.unreadable:
                return f"the lock {each.name} cannot be read"
            if each.holder is not None:
                return f"the lock {each.name} is held by {each.holder.owner}"
        claim, taking = locks.acquire(seen, f"#{issue.number}", me.login, me.id or 0, "an alias is set back", _LEASE)
        try:
            perform.perform(self.gateway, [taking] if taking else [])
        except Refused:
            return "somebody else took the lock"
        try:
            if move not in self._read()[1]:
                return "something changed meanwhile"
            self.registry.move(self.model, name, move.promoted, move.version, self.around.clock())
        finally:
            self._release(claim)
        return ""

    def _release(self, claim: locks.Lock) -> None:
        """Give back what was taken, unless it is another's by now."""
        seen, me = self.gateway.lock(claim.name), self.gateway.identity()
        if seen.lock is not None and seen.lock.token == claim.token:
            free = locks.release(seen, me.login, me.id or 0, "the alias was seen to")
            perform.perform(self.gateway, [free] if free else [])

    def _note(self, issue: Issue, kind: str, said: Markdown) -> None:
        """Say in one comment that stays, for each kind, what could not be done."""
        where = Marker(self.around.repository.id, issue.number, kind, digest(said.source), "")
        comments = self.gateway.comments(issue.number)
        draw = partial("\n".join, (str(where), said.source))
        perform.perform(self.gateway, sticky.decide(comments, self.gateway.identity(), where, draw))


def _promoting(seen: locks.Seen | None) -> bool:
    return seen is not None and seen.holder is not None and seen.holder.owner.startswith(_RUN)


def _version(seen: locks.Seen | None) -> str | None:
    return seen.version if seen else None
