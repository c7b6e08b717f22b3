"""Looks at production once: reads window and reference, and gathers what can be said of them. Nothing is judged here."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from actions.datafile import DataFile, Tracked
from actions.drift.cache import ProfileCache
from actions.drift.compare import compare
from actions.drift.profile import Column, Profile
from actions.drift.reading import profile
from actions.formats import Unreadable
from actions.frames import reading, scan
from actions.monitor import domains, significance
from actions.monitor.performance import Performed, performance
from actions.monitor.places import find
from actions.monitor.window import Window, cut, rate
from actions.progress import Progress
from actions.repository import Repository
from actions.repository.problems import MissingObject
from policy.facts.data import ColumnDrift
from policy.facts.monitoring import ApartFacts, MonitoredColumn, MonitorFacts
from policy.monitoring import Monitor, is_judged
from policy.problems import UserProblem
from policy.reasons import Reason

_ROW = "assay: the number of a row"


def look(
    repository: Repository, section: Monitor, revision: str, at: datetime, progress: Progress, *, environ: Mapping[str, str]
) -> MonitorFacts:
    """What production holds at a moment, against the reference at a revision. A query finds its connection in `environ`.

    Data that is not there or cannot be read is part of the answer, since that is what a monitor is for.

    Raises:
        UserProblem: the reference is not there or cannot be read, the address has no file system, or the query no connection.
        OutsideProblem: the data's place or DVC's remote cannot be reached.
    """
    with tempfile.TemporaryDirectory(prefix="assay-", ignore_cleanup_errors=True) as folder:
        progress.step(f"reference at {revision[:12]}")
        reference = _reference(repository, section, revision)
        before = repository.files(reference)
        known = _profile(repository, reference, before)
        progress.step(f"reading {section.source}")
        try:
            window = cut(production(repository, section, Path(folder), environ), section, at, Path(folder) / "window.parquet")
            progress.step(f"comparing {window.rows:,} rows")
            return seen(section, known, before, window, at)
        except Unreadable as problem:
            return MonitorFacts(problem=problem.reason, problem_detail=_detail(problem), rows_reference=known.rows)
        except MissingObject as problem:
            return MonitorFacts(problem=Reason.OBJECT_MISSING, problem_detail=_detail(problem), rows_reference=known.rows)


def production(repository: Repository, section: Monitor, folder: Path, environ: Mapping[str, str]) -> list[DataFile]:
    """Where production's data lies; copies of what is elsewhere are made in `folder`. Raises what places and queries raise."""
    copies = folder / "copies"
    copies.mkdir()
    if section.query is not None:
        from actions.monitor import queries  # brings Ibis, which few need

        return queries.asked(section.query, repository.root, environ, copies)
    return find(repository, str(section.data), copies)


def _reference(repository: Repository, section: Monitor, revision: str) -> Tracked:
    path = section.reference or str(section.data)
    found = repository.tracked(path, revision)
    if found is None:
        what = f"the reference does not exist at {revision[:12]}"
        raise UserProblem(what, path, "Name a data set of the repository in `monitor.reference`, or another --reference")
    return found


def _profile(repository: Repository, tracked: Tracked, files: Sequence[DataFile]) -> Profile:
    """The reference's profile, made once ever."""
    cache = ProfileCache(repository.scratch / "profiles")
    known = cache.get(tracked.digest)
    if known is None:
        known = profile(files)
        cache.put(tracked.digest, known)
    if known.rows == 0:
        raise UserProblem("the reference has no rows", tracked.path, "Name another one in `monitor.reference`")
    return known


def seen(section: Monitor, reference: Profile, before: Sequence[DataFile], window: Window, at: datetime) -> MonitorFacts:
    """What can be said of a window against the reference, whose rows lie in `before`."""
    now = profile(window.files)
    drift = compare(reference, now, section.as_drift)
    of_base, of_head = reference.named(), now.named()
    columns = [
        _column(each, of_base.get(each.column), of_head.get(each.column), enough=window.rows >= section.least)
        for each in drift.columns
    ]
    done = _performed(section, before, window)
    return MonitorFacts(
        rows=window.rows,
        rows_reference=reference.rows,
        start=_written(window.oldest),
        end=_written(window.newest),
        age_days=None if window.newest is None else (at - window.newest).total_seconds() / 86_400,
        future=window.future,
        untimed=window.untimed,
        per_day=window.per_day,
        per_day_reference=rate(before, section.time) if section.time is not None else None,
        columns=columns,
        apart=_apart(section, columns, before, window),
        labelled=done.labelled if done else None,
        performance=done.facts if done else [],
        unlabelled=done.unlabelled if done else None,
        estimates=done.estimates if done else [],
    )


def _performed(section: Monitor, before: Sequence[DataFile], window: Window) -> Performed | None:
    if section.predictions is None or window.rows < section.least:
        return None
    return performance(section.predictions, before, window.files, least=section.least)


def _column(drift: ColumnDrift, base: Column | None, head: Column | None, *, enough: bool) -> MonitoredColumn:
    """A column with its p-values, which a window too small to tell does not get."""
    if base is None or head is None or not enough:
        return MonitoredColumn(drift=drift)
    return MonitoredColumn(drift=drift, p_moved=significance.moved(base, head), p_missing=significance.missing(base, head))


def _apart(section: Monitor, columns: Sequence[MonitoredColumn], before: Sequence[DataFile], window: Window) -> ApartFacts | None:
    names = [each.drift.column for each in columns if is_judged(section, each)]
    if window.rows < section.least or not names:
        return None
    return domains.apart(_sampled(before, names), _sampled(window.files, names), names)


def _sampled(files: Sequence[DataFile], names: Sequence[str]) -> pl.DataFrame:
    """At most so many rows as the classifier looks at, drawn at random and always the same."""
    frame = scan(files).select(names)
    with reading(files):
        total = int(frame.select(pl.len()).collect().item())
        if total <= domains.ROWS:
            return frame.collect()
        drawn = np.random.default_rng(0).choice(total, domains.ROWS, replace=False)
        numbered = frame.with_row_index(_ROW).filter(pl.col(_ROW).is_in(pl.Series(drawn, dtype=pl.UInt32).implode()))
        return numbered.drop(_ROW).collect(engine="streaming")


def _written(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


def _detail(problem: UserProblem) -> str:
    return f"{problem.where}: {problem.what}"[:1_000] if problem.where else problem.what[:1_000]
