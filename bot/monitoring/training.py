"""Starts the workflow that trains the model anew where production got so bad: once for each rise, whoever comes and how often.

The history says that it is about to be started before it is, by a write that only one of several can make. Where that one is cut
off, the next looks among the runs first, so nothing is started twice and nothing is forgotten.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot import perform
from bot.around import RETRAIN, Around
from bot.cost import foreseeing
from bot.cost.foreseeing import Start
from bot.effects import Dispatch
from bot.gateway.problems import Forbidden, NotThere, Refused
from bot.gateway.sightings import SightingGateway
from policy import vigil_training
from policy.cost import Cost
from policy.problems import OutsideProblem
from policy.roles import Roles, named
from policy.sighting import Severity
from policy.vigil import Watch
from policy.vigil_history import Look, State, Training
from reports import vigil_training as drawn
from reports.markdown import EMPTY, Markdown

_PROPOSED = re.compile(r"assay/retrain-[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True)
class Rule:
    """From which severity a rise in production trains a model anew."""

    model: str
    watch: Watch
    at: Severity
    cost: Cost | None = None
    """What runs cost and may cost; None where nobody wants that to count."""
    roles: Roles = field(default_factory=dict)


def see_to(around: Around, gateway: SightingGateway, rule: Rule, history: Sequence[Look]) -> Sequence[Look]:
    """Start what is to be started; the answer is the history with what became of it.

    Where GitHub does not answer, it is left to whoever comes next.
    """
    asked = vigil_training.due(rule.watch, rule.at, history, around.clock())
    if asked is None:
        return history
    one = _Starting(around, gateway, rule, asked)
    try:
        history, training = one.claim(history)
        return history if training is None else one.start(history, training)
    except OutsideProblem:
        return history


def said(around: Around, rule: Rule, history: Sequence[Look]) -> tuple[Training | None, Markdown]:
    """What became of the training that the present rise asks for, and that in words; nothing where it asks for none."""
    asked = vigil_training.asking(rule.watch, rule.at, history)
    if asked is None or asked.training is None:
        return None, EMPTY
    page = f"{around.server}/{around.repository.full_name}/actions/workflows/{RETRAIN}"
    return asked.training, drawn.said(asked.training, vigil_training.key(asked), RETRAIN, page)


@dataclass(frozen=True)
class _Starting:
    """One training in hand; `asked` is the look that asks for it."""

    around: Around
    gateway: SightingGateway
    rule: Rule
    asked: Look

    def claim(self, history: Sequence[Look]) -> tuple[Sequence[Look], Training | None]:
        """Write down that it is to be started, or why not, unless others did; None where nothing is left to do."""
        wanted, mine = self._wanted(), False

        def grow(before: Sequence[Look]) -> tuple[Look, ...]:
            nonlocal mine
            due = vigil_training.due(self.rule.watch, self.rule.at, before, self.around.clock())
            mine = due is not None and (due.digest, due.training) == (self.asked.digest, self.asked.training)
            return vigil_training.noted(before, self.asked, wanted) if mine else tuple(before)

        found = self.gateway.keep(self.rule.model, grow)
        return found, wanted if mine and wanted.state == "due" else None

    def start(self, history: Sequence[Look], claimed: Training) -> Sequence[Look]:
        """Start it, and write down what became of that."""
        try:
            self._dispatch()
        except NotThere:
            found = self._training("missing")
        except (Refused, Forbidden) as problem:
            found = self._training("refused", why=problem.what[:2_000])
        except OutsideProblem:
            return history
        else:
            found = self._training("started")

        def grow(before: Sequence[Look]) -> tuple[Look, ...]:
            ours = any(each.digest == self.asked.digest and each.training == claimed for each in before)
            return vigil_training.noted(before, self.asked, found) if ours else tuple(before)

        return self.gateway.keep(self.rule.model, grow)

    def _wanted(self) -> Training:
        """What is to be written down first. Where it may have been started already, its own proposal may be open by now."""
        if self.asked.training is not None and self.asked.training.state == "due":
            return self._training("due")
        try:
            proposal = self._proposal()
        except Forbidden as problem:
            return self._training("refused", why=problem.what[:2_000])
        if proposal:
            return self._training("held", proposal=proposal)
        withheld = self._beyond()
        return self._training("withheld", why=withheld[:2_000]) if withheld else self._training("due")

    def _beyond(self) -> str:
        """Which budget it passes, and who may pass that; empty where it passes none. No request without `cost`."""
        cost, now = self.rule.cost, self.around.clock()
        if cost is None:
            return ""
        at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        start = Start("retrain", False, vigil_training.key(self.asked), at, now, self.around.repository.private)
        found = foreseeing.beyond(self.gateway, cost, start)
        if found is None:
            return ""
        over, expected = found
        return drawn.beyond(over, expected, cost.currency, named(over.limit.role, self.rule.roles))

    def _proposal(self) -> int:
        """The open proposal of a model that was trained anew, by whichever account it was opened; 0 where there is none."""
        found = [
            each.number
            for each in self.gateway.open_pulls(self.around.repository.default_branch)
            if _PROPOSED.fullmatch(each.head_ref) and not each.is_of_fork(self.gateway.full_name)
        ]
        return max(found, default=0)

    def _dispatch(self) -> None:
        key = vigil_training.key(self.asked)
        why = drawn.because(self.asked.severity.value, f"{self.asked.moment:%Y-%m-%d %H:%M} UTC")
        inputs = {"request": key, "because": why, "full": "false"}
        again = self.asked.training is not None and self.asked.training.state == "due"
        perform.perform(self.gateway, [Dispatch(RETRAIN, self.around.repository.default_branch, inputs, key, again)])

    def _training(self, state: State, proposal: int = 0, why: str = "") -> Training:
        return Training(state=state, at=self.around.clock().isoformat(), proposal=proposal, why=why)
