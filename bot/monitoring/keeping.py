"""Keeps what was seen in production, and its issue as it should be. As good once as twice, late, or by two at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot import perform
from bot.around import Around
from bot.effects import CloseIssue, CreateComment
from bot.gateway.requesting import Issue
from bot.gateway.sightings import SightingGateway
from bot.monitoring import deciding, training
from bot.monitoring import noted as notes
from bot.monitoring.training import Rule
from policy import document, vigil
from policy.cost import Cost
from policy.document import FILE_NAME
from policy.problems import UserProblem
from policy.roles import Roles
from policy.sighting import Severity, Sighting
from policy.vigil import Watch
from policy.vigil_history import Look, State
from reports import vigil as drawn
from reports.markdown import EMPTY
from reports.vigil import Scene

Did = Literal["nothing", "opened", "told", "updated", "closed", "reopened", "overtaken"]


@dataclass(frozen=True)
class Told:
    """What came of it. `issue` is its number, where there is one; `late` says that the next look should have come by now.

    `training` is what became of the training that it asks for; None where it asks for none.
    """

    model: str
    severity: Severity
    did: Did
    issue: int | None = None
    late: bool = False
    training: State | None = None

    @property
    def said(self) -> str:
        """The whole in a line of plain text."""
        where = f"issue #{self.issue}" if self.issue else "no issue"
        done = {"nothing": "which is as it should be", "overtaken": "which shows a later look"}.get(self.did, self.did)
        late = ", and nobody looks any more" if self.late else ""
        training = f"; training {self.training}" if self.training else ""
        return f"{self.model}: severity {self.severity.value}{late}; {where}{', ' + done if self.issue else ''}{training}"

    @property
    def plain(self) -> dict[str, Any]:
        """The whole for machines, ready for JSON."""
        told = {"model": self.model, "severity": self.severity.value, "issue": self.issue}
        return {**told, "did": self.did, "late": self.late, "training": self.training}


def keep(around: Around, sighting: Sighting) -> Told:
    """Keep a sighting, train the model anew where the policy asks for that, and have the issue say what the history comes to.

    Raises:
        UserProblem: the policy keeps no watch, or over another model; the history is broken or may not be written.
        OutsideProblem: GitHub does not answer.
    """
    gateway = SightingGateway.of(around.gateway)
    found = _policy(gateway, around.repository.default_branch)
    if found is None:
        raise UserProblem("the policy keeps no watch", FILE_NAME, "Write `watch: {}` and `model` in it, on the default branch")
    if sighting.model != found.model:
        what = f"the sighting is of {sighting.model[:100]!r}, and the policy's model is {found.model[:100]!r}"
        raise UserProblem(what, FILE_NAME, "Run `assay monitor` with the policy of the default branch")
    history = gateway.keep(found.model, lambda before: vigil.kept(found.watch, before, sighting))
    return _Keeping.of(around, gateway, found, history).run()


def sweep(around: Around) -> Told | None:
    """Have the issue say what the history comes to by now, such as that nobody looks any more; None where nobody ever looked."""
    gateway = SightingGateway.of(around.gateway)
    found = _policy(gateway, around.repository.default_branch)
    if found is None:
        return None
    history = gateway.looks(found.model)
    return _Keeping.of(around, gateway, found, history).run() if history else None


@dataclass(frozen=True)
class _Rules:
    """What the policy says of a model in production; `at` is the severity from which it is trained anew, if any is."""

    model: str
    watch: Watch
    roles: Roles
    at: Severity | None = None
    cost: Cost | None = None


def _policy(gateway: SightingGateway, branch: str) -> _Rules | None:
    """The rules; None where the policy has no watch. Raises UserProblem for a broken one."""
    raw = gateway.file(FILE_NAME, branch)
    policy = document.read(raw.decode("utf-8", "replace")) if raw is not None else None
    if policy is None or policy.watch is None or policy.model is None:
        return None
    at = policy.retrain.at if policy.retrain is not None else None
    return _Rules(policy.model.name, policy.watch, policy.roles, Severity(at) if at else None, policy.cost)


@dataclass(frozen=True)
class _Keeping:
    """One reconciling in hand."""

    around: Around
    gateway: SightingGateway
    scene: Scene
    training: State | None = None

    @classmethod
    def of(cls, around: Around, gateway: SightingGateway, rules: _Rules, history: Sequence[Look]) -> "_Keeping":
        """With what was started by what the history comes to."""
        watch, state, words = rules.watch, None, EMPTY
        if rules.at is not None:
            rule = Rule(rules.model, watch, rules.at, rules.cost, rules.roles)
            history = training.see_to(around, gateway, rule, history)
            found, words = training.said(around, rule, history)
            state = found.state if found else None
        late, people = vigil.late(watch, history, around.clock()), vigil.people(watch, rules.roles)
        scene = Scene(rules.model, watch, history, vigil.stage(watch, history), late, people, words)
        return cls(around, gateway, scene, state)

    def run(self) -> Told:
        """Read, decide, write."""
        issue = self._only()
        if issue is None:
            return self._open() if deciding.opens(self.scene) else self._told("nothing", None)
        before = deciding.standing(issue, self.around.clock())
        if deciding.overtaken(before, self.scene):
            return self._told("overtaken", issue)
        turns = deciding.turns(issue, before, self.scene)
        comments = self.gateway.comments(issue.number) if turns else []
        me = self.gateway.identity()
        effects = deciding.decide(self.around.repository.id, issue, before, self.scene, turns, comments, me)
        perform.perform(self.gateway, effects)
        return self._told(self._did(issue, effects), issue)

    def _did(self, issue: Issue, effects: Sequence[Any]) -> Did:
        if not effects:
            return "nothing"
        state = getattr(effects[-1], "state", issue.state)
        if state != issue.state:
            return "closed" if state == "closed" else "reopened"
        return "told" if len(effects) > 1 else "updated"

    def _open(self) -> Told:
        """Open the issue; where two did so at once, the older one stays."""
        scene = self.scene
        labels = notes.labels((), scene.newest.severity, late=scene.late is not None)
        made = self.gateway.open_issue(drawn.title(scene), deciding.wanted(scene).body(drawn.card(scene)), labels)
        return self._told("opened", self._only() or made)

    def _only(self) -> Issue | None:
        """The issue about the model, the oldest of several; others that are open are closed."""
        found = deciding.mine(self.gateway.issues(notes.LABEL, "all"), self.gateway.identity(), self.scene.model)
        for copy in found[1:]:
            if copy.state == "open":
                said = CreateComment(copy.number, drawn.copy_of(found[0].number).source)
                perform.perform(self.gateway, [said, CloseIssue(copy.number, "not_planned")])
        return found[0] if found else None

    def _told(self, did: Did, issue: Issue | None) -> Told:
        scene, number = self.scene, issue.number if issue else None
        return Told(scene.model, scene.newest.severity, did, number, scene.late is not None, self.training)
