"""Keeps the one issue that tells how the project does: written anew once a week, and at once where something got worse.

Each look reads the present anew and is as good once as twice. What was there at the last writing stands in the issue itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import perform
from bot.around import Around
from bot.effects import CloseIssue, CreateComment
from bot.gateway.requesting import Issue
from bot.gateway.rolling import Leaves, RollingGateway
from bot.promotion import told
from bot.pulse import history, marked
from bot.pulse.marked import LABEL, TITLE, Noted
from policy import document, ledger
from policy.document import FILE_NAME, Policy
from policy.ledger import Kept
from policy.lineage import Step
from policy.objectives import wants_issue
from policy.problems import OutsideProblem, UserProblem
from policy.pulse import pulse as pulses
from policy.pulse import risks
from policy.pulse.forecast import due
from policy.pulse.pulse import Pulse, Sources
from policy.pulse.series import Version
from reports import pulse as drawn

EVERY = timedelta(days=7)
"""How often it is written where nothing got worse."""
_NO_LEDGER = "there is no ledger yet: it begins with the first decision"
_NO_REGISTRY = "no registry is named where the bot runs (MLFLOW_TRACKING_URI)"


def keep(around: Around) -> int | None:
    """Have the issue as it should be; its number where it was written, None where there was nothing to write.

    Raises:
        UserProblem: the policy cannot be used, or the token may not write issues.
        OutsideProblem: GitHub does not answer.
    """
    gateway = RollingGateway.of(around.gateway)
    raw = gateway.file(FILE_NAME, around.repository.default_branch)
    if raw is None:
        return None
    policy = document.read(raw.decode("utf-8", "replace"))
    if not wants_issue(policy.objectives, policy.pulse):
        return None
    return _Keeping(around, gateway, policy).run()


@dataclass
class _Keeping:
    """One look in hand."""

    around: Around
    gateway: RollingGateway
    policy: Policy

    def run(self) -> int | None:
        """Read, decide, write."""
        now = self.around.clock()
        there = self._find()
        noted = marked.read(there.body) if there else None
        kept, notes = self._ledger()
        over = self._over(kept) if not isinstance(kept, str) else ()
        steps = self._steps()
        newest = steps[-1].version if not isinstance(steps, str) and steps else 0
        due_again = noted is None or now - noted.at >= EVERY
        if noted is not None and not due_again:
            register = [] if isinstance(kept, str) else risks.register(kept, self.policy.environments, now, over)
            ended = any(noted.at < due(each.by) <= now for each in self.policy.objectives)
            # Facts are asked for only where they can have changed anything.
            again = not isinstance(steps, str) and (newest != noted.version or ended)
            if not again and not noted.is_worse(register, now):
                return None
        found = self._compose(kept, notes, over, steps)
        if noted is not None and not due_again:
            worse = noted.is_worse(found.risks or (), now) or bool({*marked.looking_bad(found)} - {*noted.bad})
            if not worse:
                return None
        return self._write(there, found, newest)

    def _find(self) -> Issue | None:
        """The issue of ours, of several the oldest; the others are closed."""
        me = self.gateway.identity()
        found = [each for each in self.gateway.issues(LABEL, "all") if me.wrote(each) and marked.read(each.body)]
        if not found:
            return None
        first, *others = sorted(found, key=lambda each: each.number)
        for each in others:
            if each.state == "open":
                said = CreateComment(each.number, f"See #{first.number}.")
                perform.perform(self.gateway, [said, CloseIssue(each.number, "not_planned")])
        return first

    def _ledger(self) -> tuple[Sequence[Kept] | str, tuple[str, ...]]:
        """The entries, or why there are none, and what else there is to know."""
        leaves = self.gateway.leaves()
        if leaves is None:
            return _NO_LEDGER, ()
        return _held(leaves)

    def _over(self, kept: Sequence[Kept]) -> Collection[int]:
        """The issues about incidents that are closed; asked for only where the ledger knows of an incident that is not over."""
        found = risks.register(kept, self.policy.environments, self.around.clock())
        if not any(each.kind is risks.Kind.INCIDENT for each in found):
            return ()
        me = self.gateway.identity()
        return {each.number for each in self.gateway.issues(told.LABEL, "closed") if me.wrote(each)}

    def _steps(self) -> Sequence[Step] | str:
        """The versions, or why there are none."""
        if self.policy.model is None:
            return "assay.yml has no `model`"
        if self.around.registry is None:
            return _NO_REGISTRY
        try:
            return self.around.registry.versions(self.policy.model.name)
        except (UserProblem, OutsideProblem) as problem:
            return problem.what

    def _compose(
        self, kept: Sequence[Kept] | str, notes: tuple[str, ...], over: Collection[int], steps: Sequence[Step] | str
    ) -> Pulse:
        versions: Sequence[Version] | str = steps if isinstance(steps, str) else []
        if not isinstance(steps, str) and self.around.registry is not None:
            try:
                versions = history.with_facts(self.around.registry, steps)
            except OutsideProblem as problem:
                versions = problem.what
        return pulses.compose(self.policy, Sources(kept, versions, over, notes), self.around.clock())

    def _write(self, there: Issue | None, found: Pulse, newest: int) -> int:
        body = Noted.of(found, newest).body(drawn.body(found))
        if there is None:
            return self.gateway.open_issue(TITLE, body, [LABEL]).number
        self.gateway.rewrite_issue(there.number, body)
        return there.number


def _held(leaves: Leaves) -> tuple[list[Kept], tuple[str, ...]]:
    """The entries that can be read and follow one from another, and what is wrong or left out, in words."""
    notes = [] if leaves.whole else [f"Entries before {min(leaves.files)} of the ledger were not read"]
    kept: list[Kept] = []
    for number in sorted(leaves.files):
        try:
            found = ledger.read(leaves.files[number])
        except ValueError as error:
            notes.append(f"The ledger does not hold at entry {number}: {error}")
            break
        previous = kept[-1].entry.hash if kept else ledger.BEGINNING if leaves.whole else found.entry.previous
        expected = kept[-1].entry.sequence + 1 if kept else number
        if (found.entry.sequence, found.entry.previous) != (expected, previous):
            notes.append(f"The ledger does not hold at entry {number}, and what comes after it was not read")
            break
        kept.append(found)
    return kept, tuple(notes)
