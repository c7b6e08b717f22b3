"""Keeps the one issue that tells how the project does: written anew once a week, and at once where something got worse.

Each look reads the present anew and is as good once as twice. What was there at the last writing stands in the issue itself.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot import perform
from bot.around import Around
from bot.effects import CloseIssue, CreateComment
from bot.gateway.requesting import Issue
from bot.gateway.rolling import RollingGateway
from bot.pulse import marked, milestones
from bot.pulse.marked import LABEL, TITLE, Noted
from bot.pulse.reading import Reader
from policy import document
from policy.document import FILE_NAME, Policy
from policy.objectives import wants_issue, wants_milestones
from policy.pulse import risks
from policy.pulse.findings import findings
from policy.pulse.forecast import due
from policy.pulse.pulse import Pulse
from reports import pulse as drawn

EVERY = timedelta(days=7)
"""How often it is written where nothing got worse."""


def keep(around: Around) -> int | None:
    """Have the issue as it should be; its number where it was written, None where there was nothing to write.

    Raises:
        UserProblem: the policy cannot be used, or the token may not write issues.
        OutsideProblem: GitHub does not answer.
    """
    return kept(around, policy_of(around))


def policy_of(around: Around) -> Policy | None:
    """The policy of the default branch; None where there is none. Raises UserProblem for one that cannot be used."""
    raw = around.gateway.file(FILE_NAME, around.repository.default_branch)
    return None if raw is None else document.read(raw.decode("utf-8", "replace"))


def kept(around: Around, policy: Policy | None) -> int | None:
    """The same for a policy that was read already."""
    if policy is None or not wants_issue(policy.objectives, policy.pulse):
        return None
    return _Keeping(around, RollingGateway.of(around.gateway), policy).run()


@dataclass
class _Keeping:
    """One look in hand."""

    around: Around
    gateway: RollingGateway
    policy: Policy

    def run(self) -> int | None:
        """Read, decide, write."""
        now, reader = self.around.clock(), Reader(self.around, self.gateway, self.policy)
        there = self._find()
        noted = marked.standing(there.body, now) if there else None
        kept, notes = reader.ledger()
        over = reader.over(kept) if not isinstance(kept, str) else ()
        production, why = reader.production()
        steps = reader.steps()
        newest = steps[-1].version if not isinstance(steps, str) and steps else 0
        due_again = noted is None or now - noted.at >= EVERY
        if noted is not None and not due_again:
            beside = findings(self.policy, production, (), now)
            entries = () if isinstance(kept, str) else kept
            register = risks.register(entries, self.policy.environments, now, over, beside)
            ended = any(noted.at < due(each.by) <= now for each in self.policy.objectives)
            # Facts are asked for only where they can have changed anything.
            again = not isinstance(steps, str) and (newest != noted.version or ended)
            if not again and not noted.is_worse(register, now):
                return None
        found = reader.compose(kept, (*notes, *why), over, steps, production)
        if noted is not None and not due_again:
            worse = noted.is_worse(found.risks or (), now) or bool({*marked.looking_bad(found)} - {*noted.bad})
            if not worse:
                return None
        return self._write(there, reader.priced(found), newest)

    def _find(self) -> Issue | None:
        """The issue of ours, of several the oldest; the others are closed."""
        me = self.gateway.identity()
        found = [each for each in self.gateway.issues(LABEL, "all") if me.wrote(each) and marked.is_pulse(each.title, each.body)]
        if not found:
            return None
        first, *others = sorted(found, key=lambda each: each.number)
        for each in others:
            if each.state == "open":
                said = CreateComment(each.number, f"See #{first.number}.")
                perform.perform(self.gateway, [said, CloseIssue(each.number, "not_planned")])
        return first

    def _write(self, there: Issue | None, found: Pulse, newest: int) -> int:
        if found.standings is not None and wants_milestones(self.policy.pulse):
            notes = milestones.keep(self.gateway, found.standings)
            found = replace(found, notes=(*found.notes, *notes))
        body = Noted.of(found, newest).body(drawn.body(found))
        if there is None:
            return self.gateway.open_issue(TITLE, body, [LABEL]).number
        self.gateway.rewrite_issue(there.number, body)
        return there.number
