"""The pulse as a whole: each part with what it was made of, and what could not be read with the reason. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from policy.document import Policy
from policy.ledger import Kept
from policy.metrics import Better
from policy.objectives import Objective
from policy.pulse import risks
from policy.pulse.findings import NOTHING_SEEN, Production, findings
from policy.pulse.flow import WINDOW, Flow, Pulled, Window, measure
from policy.pulse.forecast import Forecast, forecast
from policy.pulse.outgoings import Outgoings
from policy.pulse.risks import Risk
from policy.pulse.series import Series, Version, series

OBJECTIVES, RISKS, FLOW, COST = "objectives", "risks", "flow", "cost"
"""The parts, by their names."""


@dataclass(frozen=True)
class Standing:
    """An objective with the history of its metric, and what comes of it."""

    objective: Objective
    better: Better
    series: Series
    forecast: Forecast


@dataclass(frozen=True)
class Sources:
    """What was read: the entries of the ledger and the versions of the model. A text says why it could not be read.

    `over` are the numbers of the issues about incidents that are closed; None where GitHub was not asked.
    """

    ledger: Sequence[Kept] | str
    versions: Sequence[Version] | str
    over: Collection[int] | None = None
    notes: tuple[str, ...] = ()
    """What else there is to know of it, such as that the ledger's chain is broken."""
    pulls: Mapping[int, Pulled] | None = None
    """The newest merged pull requests by their numbers; None where GitHub was not asked."""
    production: Production = NOTHING_SEEN


@dataclass(frozen=True)
class Pulse:
    """How the project does at a moment. A part that could not be read is None, and `unread` says why."""

    at: datetime
    model: str | None
    standings: tuple[Standing, ...] | None
    risks: tuple[Risk, ...] | None
    environment: str | None
    """The last one, whose promotions are measured."""
    flow: Flow | None
    before: Flow | None
    from_registry: bool
    """Whether lead times begin with the registration of a version, and not with its first request."""
    unread: tuple[tuple[str, str], ...]
    """The parts that are not there, each with the reason."""
    notes: tuple[str, ...] = ()
    cost: Outgoings | None = None
    """What the runs of this month and the last cost, where the policy has `cost`."""


def compose(policy: Policy, sources: Sources, now: datetime, since: datetime | None = None) -> Pulse:
    """Judge what was read. Flow is measured since a moment, or for 90 days."""
    unread: list[tuple[str, str]] = []
    standings: tuple[Standing, ...] | None = ()
    if policy.objectives:
        standings = None
        if isinstance(sources.versions, str):
            unread.append((OBJECTIVES, sources.versions))
        else:
            standings = tuple(_standing(each, policy, sources.versions, now) for each in policy.objectives)
    versions = () if isinstance(sources.versions, str) else sources.versions
    beside = findings(policy, sources.production, versions, now)
    kept = () if isinstance(sources.ledger, str) else sources.ledger
    register: tuple[Risk, ...] | None
    register = tuple(risks.register(kept, policy.environments, now, sources.over or (), beside))
    flows: tuple[Flow | None, Flow | None] = (None, None)
    model, environment = policy.model.name if policy.model else None, next(reversed(policy.environments), None)
    if isinstance(sources.ledger, str):
        unread += [(RISKS, sources.ledger), (FLOW, sources.ledger)]
        register = register or None  # that nothing is open is not known
    else:
        if model is None or environment is None:
            unread.append((FLOW, f"assay.yml has no {'`environments`' if model else '`model`'}"))
        else:
            flows = _flows(sources, model, environment, Window(since or now - WINDOW, now))
    from_registry = not isinstance(sources.versions, str)
    return Pulse(now, model, standings, register, environment, *flows, from_registry, tuple(unread), sources.notes)


def priced(pulse: Pulse, found: Outgoings | str | None) -> Pulse:
    """A pulse with what its runs cost, or why that could not be read; None where nobody wants it told."""
    if isinstance(found, str):
        return replace(pulse, unread=(*pulse.unread, (COST, found)))
    return replace(pulse, cost=found)


def _standing(objective: Objective, policy: Policy, versions: Sequence[Version], now: datetime) -> Standing:
    better = objective.direction(policy.evaluate)
    if better is None:
        raise ValueError(f"no policy that was read has an objective without a direction: {objective.name}")
    found = series(objective, policy.evaluate, versions)
    return Standing(objective, better, found, forecast(found.points, objective.target, better, objective.by, now))


def _flows(sources: Sources, model: str, environment: str, window: Window) -> tuple[Flow, Flow]:
    if isinstance(sources.ledger, str):
        raise ValueError("what could not be read is not measured")
    entries = [each.entry for each in sources.ledger]
    registered = None if isinstance(sources.versions, str) else {str(each.number): each.at for each in sources.versions}
    pulls = {}
    if sources.pulls and not isinstance(sources.versions, str):
        known = sources.pulls
        pulls = {str(each.number): known[each.pull] for each in sources.versions if each.pull and each.pull in known}
    now, before = (measure(entries, model, environment, each, registered, pulls) for each in (window, window.before))
    return now, before
