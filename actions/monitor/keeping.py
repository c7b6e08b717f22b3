"""Makes what is kept of a version's reference when it is registered.

It leaves the machine for a server that others may read. So nothing is kept of the values of a column that the policy ignores, of
one that is marked as personal or looks it, and of one that names rows; of categories only those that drift tells apart.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from actions.data import personal
from actions.data.text import column_name
from actions.datafile import DataFile
from actions.drift.categories import Categories
from actions.drift.cells import LARGEST as MOST_CATEGORIES
from actions.drift.profile import Column, Profile, Withheld
from actions.evaluate.trouble import Undefined
from actions.frames import reading, scan
from actions.monitor import stored
from actions.monitor.performance import predicted, present, reference_value
from actions.monitor.reference import profiled
from actions.monitor.stored import Measured, Stored
from actions.monitor.window import rate
from actions.registry.reference import LARGEST
from actions.repository import Repository
from policy.monitored import Monitor
from policy.performance import MonitoredPredictions
from policy.personal import Personal
from policy.problems import UserProblem


def kept(repository: Repository, section: Monitor, revision: str, marked: Collection[str] = ()) -> bytes:
    """What is kept of the reference that a full commit SHA holds. `marked` are columns that are said to be personal.

    Raises:
        UserProblem: its bytes are nowhere, cannot be read, have no rows, or are more than can be kept.
        OutsideProblem: DVC's remote cannot be reached.
    """
    tracked = repository.tracked(section.reference_path, revision)
    if tracked is None:
        raise UserProblem(f"it does not exist at {revision[:12]}", section.reference_path, "Commit it, or name another")
    files = repository.files(tracked)
    whole = profiled(repository, tracked, files)
    held = _withheld(section, whole, files, marked)
    known = Stored(
        path=section.reference_path,
        digest=tracked.digest,
        profile=Profile(whole.rows, tuple(_lean(each, held.get(each.name)) for each in whole.columns)),
        time=section.time,
        per_day=rate(files, section.time) if section.time is not None else None,
        said=stored.said(section.predictions) if section.predictions else {},
        metrics=_metrics(section.predictions, files) if section.predictions else {},
    )
    raw = stored.encode(known)
    if len(raw) > LARGEST:
        what = f"its profile has {len(raw):,} bytes, and {LARGEST:,} are kept at most"
        raise UserProblem(what, tracked.path, "Ignore some columns under `monitor.columns`")
    return raw


def _withheld(section: Monitor, whole: Profile, files: Sequence[DataFile], marked: Collection[str]) -> Mapping[str, Withheld]:
    """The columns of which no value is kept, and why."""
    ignored = {name for name, rule in section.as_drift.columns.items() if rule.ignore}
    with reading(files):
        found = {each.column for each in personal.find(scan(files), Personal()).findings}
    about = {*marked, *found}
    held: dict[str, Withheld] = {}
    for each in whole.columns:
        if column_name(each.name) in about:
            held[each.name] = "personal"
        elif each.name in ignored:
            held[each.name] = "ignored"
        elif each.categories is not None and each.categories.identifying and each.name not in section.columns:
            held[each.name] = "identifier"
    return held


def _lean(column: Column, withheld: Withheld | None) -> Column:
    """A column as it is kept."""
    if withheld:
        return replace(column, numbers=None, categories=None, withheld=withheld)
    return replace(column, categories=_fewer(column.categories)) if column.categories else column


def _fewer(known: Categories) -> Categories:
    """The most frequent categories, which have a cell of their own in every distance; the others count together there."""
    if len(known.names) <= MOST_CATEGORIES:
        return known
    low, high = known.low[:MOST_CATEGORIES], known.high[:MOST_CATEGORIES]
    largest = max(known.largest_unnamed, int(np.max(known.high[MOST_CATEGORIES:])))
    return Categories(known.count, known.distinct, known.names[:MOST_CATEGORIES], low, high, largest)


def _metrics(section: MonitoredPredictions, files: Sequence[DataFile]) -> Mapping[str, Measured]:
    """Every metric of the policy that the reference's own predictions and labels give."""
    rows = predicted(section, files)
    if isinstance(rows, Undefined):
        return {}
    labelled = rows.filter(present(rows[section.label]))
    found: dict[str, Measured] = {}
    for each in section.metrics if len(labelled) else ():
        try:
            found[each.metric] = reference_value(section, each.metric, labelled)
        except UserProblem:  # who compares with it says so; a floor needs none
            continue
    return found
