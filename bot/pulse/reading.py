"""What the pulse is made of, read from GitHub and the registry. What cannot be read is named, and keeps nothing else away."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.around import Around
from bot.cost import outgoings
from bot.cost.reading import READ
from bot.gateway.rolling import Leaves, RollingGateway
from bot.gateway.sightings import SightingGateway
from bot.monitoring import deciding, noted
from bot.promotion import told
from bot.pulse import history
from policy import ledger
from policy.document import Policy
from policy.ledger import Decision, Kept
from policy.lineage import Step
from policy.problems import OutsideProblem, UserProblem
from policy.pulse import pulse as pulses
from policy.pulse import risks
from policy.pulse.findings import Production, findings
from policy.pulse.flow import Pulled
from policy.pulse.pulse import Pulse, Sources
from policy.pulse.series import Version

Notes = tuple[str, ...]
_NO_LEDGER = "there is no ledger yet: it begins with the first decision"
_NO_REGISTRY = "no registry is named where the bot runs (MLFLOW_TRACKING_URI)"


@dataclass(frozen=True)
class Reader:
    """Reads for the pulse of a repository."""

    around: Around
    gateway: RollingGateway
    policy: Policy
    runs: int = READ
    """Runs of each workflow of which the jobs are read, for what they cost."""

    def pulse(self) -> Pulse:
        """The whole, at a few requests. Raises OutsideProblem where GitHub does not answer."""
        kept, notes = self.ledger()
        over = self.over(kept) if not isinstance(kept, str) else ()
        production, why = self.production()
        return self.priced(self.compose(kept, (*notes, *why), over, self.steps(), production))

    def ledger(self) -> tuple[Sequence[Kept] | str, tuple[str, ...]]:
        """The entries, or why there are none, and what else there is to know."""
        leaves = self.gateway.leaves()
        if leaves is None:
            return _NO_LEDGER, ()
        return _held(leaves)

    def over(self, kept: Sequence[Kept]) -> Collection[int]:
        """The issues about incidents that are closed; asked for only where the ledger knows of an incident that is not over."""
        found = risks.register(kept, self.policy.environments, self.around.clock())
        if not any(each.kind is risks.Kind.INCIDENT for each in found):
            return ()
        me = self.gateway.identity()
        return {each.number for each in self.gateway.issues(told.LABEL, "closed") if me.wrote(each)}

    def production(self) -> tuple[Production, Notes]:
        """What was seen in production, and what there is to know of it; no request where the policy keeps no watch."""
        if self.policy.watch is None or self.policy.model is None:
            return Production(), ()
        gateway, model = SightingGateway.of(self.around.gateway), self.policy.model.name
        try:
            looks = gateway.looks(model)
        except UserProblem as problem:  # a history that somebody spoiled, or a token that may not look
            return Production(), (f"What was seen in production could not be read: {problem.what}",)
        found = Production(looks)
        if findings(self.policy, found, (), self.around.clock()):
            issues = deciding.mine(gateway.issues(noted.LABEL, "open"), gateway.identity(), model)
            found = Production(looks, next((each.number for each in issues), None))
        return found, ()

    def steps(self) -> Sequence[Step] | str:
        """The versions, or why there are none."""
        if self.policy.model is None:
            return "assay.yml has no `model`"
        if self.around.registry is None:
            return _NO_REGISTRY
        try:
            return self.around.registry.versions(self.policy.model.name)
        except (UserProblem, OutsideProblem) as problem:
            return problem.what

    def compose(
        self,
        kept: Sequence[Kept] | str,
        notes: tuple[str, ...],
        over: Collection[int],
        steps: Sequence[Step] | str,
        production: Production,
    ) -> Pulse:
        """The pulse from what was read, with the facts of the newest versions."""
        versions: Sequence[Version] | str = steps if isinstance(steps, str) else []
        if not isinstance(steps, str) and self.around.registry is not None:
            try:
                versions = history.with_facts(self.around.registry, steps)
            except OutsideProblem as problem:
                versions = problem.what
        pulls, why = self.pulls(kept, versions)
        sources = Sources(kept, versions, over, (*notes, *why), pulls, production)
        return pulses.compose(self.policy, sources, self.around.clock())

    def pulls(self, kept: Sequence[Kept] | str, versions: Sequence[Version] | str) -> tuple[Mapping[int, Pulled] | None, Notes]:
        """The merged pull requests and what there is to know of them; asked for only where a version of one was promoted."""
        known = {str(each.number) for each in versions if each.pull} if not isinstance(versions, str) else set()
        promoted = [each for each in kept if each.entry.decision is Decision.PROMOTED] if not isinstance(kept, str) else []
        if not known.intersection(each.entry.subject.version for each in promoted):
            return None, ()
        try:
            return self.gateway.merged_pulls(), ()
        except UserProblem as problem:  # a token that may not look
            return None, (f"Lead times from pull requests could not be read: {problem.what}",)

    def priced(self, pulse: Pulse) -> Pulse:
        """A pulse with what its runs cost. No request where the policy has no `cost`."""
        return pulses.priced(pulse, outgoings.read(self.around, self.policy, self.gateway, self.runs))


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
