"""One milestone of GitHub for each objective: made once, kept current, closed when it is reached. Those of people stay.

A milestone is ours where our account made it and its text names the objective; its title alone says nothing.
"""

import re
from collections.abc import Sequence

from bot import perform
from bot.effects import PutMilestone
from bot.gateway.gateway import Gateway
from bot.gateway.milestones import Milestone, MilestoneGateway
from bot.gateway.records import Identity
from policy.ledger import digest
from policy.problems import UserProblem
from policy.pulse.forecast import Outlook
from policy.pulse.pulse import Standing
from reports import milestone as drawn

_MARKER = re.compile(r"<!-- assay:objective v1 (?P<key>[0-9a-f]{12}) -->\Z")
_DIGITS = 12


def keep(gateway: Gateway, standings: Sequence[Standing]) -> tuple[str, ...]:
    """Have the milestones as they should be; the answer says what could not be done, in sentences of plain text.

    Raises OutsideProblem where GitHub does not answer.
    """
    reads = MilestoneGateway.of(gateway)
    notes: list[str] = []
    try:
        present = reads.milestones()
    except UserProblem as problem:
        return (f"Milestones could not be read: {problem.what}",)
    for effect in decide(present, standings, reads.identity()):
        try:
            perform.perform(gateway, [effect])
        except UserProblem as problem:
            notes.append(f"The milestone {effect.title} could not be kept: {problem.what}")
    return (*notes, *taken(present, standings, reads.identity()))


def decide(present: Sequence[Milestone], standings: Sequence[Standing], me: Identity) -> list[PutMilestone]:
    """What is to be written, the objectives in their order, then those that are no objective any more. Pure."""
    ours, found = _ours(present, me), []
    titles = {each.title.casefold(): each for each in present}
    for standing in standings:
        there = ours.get(key(standing.objective.name))
        title = drawn.title(standing.objective)
        other = titles.get(title.casefold())
        if there is None and other is not None:
            continue
        if there is not None and other is not None and other.number != there.number:
            title = there.title
        said = f"{drawn.description(standing).source}\n\n{marker(standing.objective.name)}"
        state = "closed" if standing.forecast.outlook is Outlook.REACHED else "open"
        wanted = PutMilestone(title, said, standing.objective.by, state, there.number if there else None)
        if there is None or (there.title, there.description, there.due, there.state) != (title, said, wanted.due, state):
            found.append(wanted)
    named = {key(each.objective.name) for each in standings}
    for name, each in ours.items():
        if name not in named and each.state == "open":
            found.append(PutMilestone(each.title, each.description, each.due, "closed", each.number))
    return found


def taken(present: Sequence[Milestone], standings: Sequence[Standing], me: Identity) -> list[str]:
    """The objectives whose title another milestone has, in sentences."""
    ours, titles = _ours(present, me), {each.title.casefold() for each in present}
    wanted = [(drawn.title(each.objective), key(each.objective.name)) for each in standings]
    return [
        f"A milestone called {title} is not of Assay, so that objective has none"
        for title, name in wanted
        if name not in ours and title.casefold() in titles
    ]


def key(name: str) -> str:
    """What names an objective in its milestone."""
    return digest([name])[:_DIGITS]


def marker(name: str) -> str:
    """The hidden last line of its text."""
    return f"<!-- assay:objective v1 {key(name)} -->"


def _ours(present: Sequence[Milestone], me: Identity) -> dict[str, Milestone]:
    """Ours by what names their objective; of two the oldest."""
    found: dict[str, Milestone] = {}
    for each in sorted(present, key=lambda each: each.number):
        line = _MARKER.search(each.description.rstrip())
        if line and me.wrote(each):
            found.setdefault(line["key"], each)
    return found
