"""Looks at production once: reads window and reference, and gathers what can be said of them. Nothing is judged here."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from actions.datafile import DataFile
from actions.drift.compare import compare
from actions.drift.profile import Column
from actions.drift.reading import profile
from actions.formats import Unreadable
from actions.frames import reading, scan
from actions.monitor import domains, significance
from actions.monitor.performance import Performed, performance
from actions.monitor.places import find
from actions.monitor.reference import Reference
from actions.monitor.stored import Stored
from actions.monitor.window import Window, cut
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
    repository: Repository,
    section: Monitor,
    revision: str,
    at: datetime,
    progress: Progress,
    *,
    environ: Mapping[str, str],
    stored: Stored | None = None,
) -> MonitorFacts:
    """What production holds at a moment, against the reference at a revision. A query finds its connection in `environ`.

    `stored` is what a registration kept of that reference: its rows are then fetched only for what needs them, and where they
    cannot be had, that is left out and named.

    Data that is not there or cannot be read is part of the answer, since that is what a monitor is for.

    Raises:
        UserProblem: the reference is not there or cannot be read, what is stored is of other data, the address has no file
            system, or the query no connection.
        OutsideProblem: the data's place or DVC's remote cannot be reached.
    """
    with tempfile.TemporaryDirectory(prefix="assay-", ignore_cleanup_errors=True) as folder:
        progress.step(f"reference at {revision[:12]}")
        if stored is None:
            reference = Reference.at(repository, section, revision)
        else:
            reference = Reference.of(repository, section, revision, stored)
        progress.step(f"reading {section.source}")
        try:
            window = cut(production(repository, section, Path(folder), environ), section, at, Path(folder) / "window.parquet")
            progress.step(f"comparing {window.rows:,} rows")
            return seen(section, reference, window, at)
        except Unreadable as problem:
            return MonitorFacts(problem=problem.reason, problem_detail=_detail(problem), rows_reference=reference.profile.rows)
        except MissingObject as problem:
            why = Reason.OBJECT_MISSING
            return MonitorFacts(problem=why, problem_detail=_detail(problem), rows_reference=reference.profile.rows)


def production(repository: Repository, section: Monitor, folder: Path, environ: Mapping[str, str]) -> list[DataFile]:
    """Where production's data lies; copies of what is elsewhere are made in `folder`. Raises what places and queries raise."""
    copies = folder / "copies"
    copies.mkdir()
    if section.query is not None:
        from actions.monitor import queries  # brings Ibis, which few need

        return queries.asked(section.query, repository.root, environ, copies)
    return find(repository, str(section.data), copies)


def seen(section: Monitor, reference: Reference, window: Window, at: datetime) -> MonitorFacts:
    """What can be said of a window against the reference."""
    now = profile(window.files)
    before = reference.profile
    drift = compare(before, now, section.as_drift)
    withheld = [each.column for each in drift.columns if each.skipped is Reason.DRIFT_WITHHELD]
    if withheld and window.rows >= section.least:
        before = reference.filled(withheld)
        drift = compare(before, now, section.as_drift)
    of_base, of_head = before.named(), now.named()
    columns = [
        _column(each, of_base.get(each.column), of_head.get(each.column), enough=window.rows >= section.least)
        for each in drift.columns
    ]
    apart = _apart(section, columns, reference, window)
    done = _performed(section, reference, window)
    return MonitorFacts(
        rows=window.rows,
        rows_reference=before.rows,
        start=_written(window.oldest),
        end=_written(window.newest),
        age_days=None if window.newest is None else (at - window.newest).total_seconds() / 86_400,
        future=window.future,
        untimed=window.untimed,
        per_day=window.per_day,
        per_day_reference=reference.per_day(section.time),
        columns=columns,
        apart=apart,
        labelled=done.labelled if done else None,
        performance=done.facts if done else [],
        unlabelled=done.unlabelled if done else None,
        estimates=done.estimates if done else [],
        left_out=reference.rows.left_out,
        rows_problem=reference.rows.problem,
    )


def _performed(section: Monitor, reference: Reference, window: Window) -> Performed | None:
    if section.predictions is None or window.rows < section.least:
        return None
    measured = reference.measured(section.predictions)
    return performance(section.predictions, reference.rows, window.files, least=section.least, measured=measured)


def _column(drift: ColumnDrift, base: Column | None, head: Column | None, *, enough: bool) -> MonitoredColumn:
    """A column with its p-values, which a window too small to tell does not get."""
    if base is None or head is None or not enough:
        return MonitoredColumn(drift=drift)
    p_moved = None if drift.value is None else significance.moved(base, head)
    return MonitoredColumn(drift=drift, p_moved=p_moved, p_missing=significance.missing(base, head))


def _apart(section: Monitor, columns: Sequence[MonitoredColumn], reference: Reference, window: Window) -> ApartFacts | None:
    names = [each.drift.column for each in columns if is_judged(section, each)]
    if window.rows < section.least or not names:
        return None
    before = reference.rows.asked("all columns together")
    return None if before is None else domains.apart(_sampled(before, names), _sampled(window.files, names), names)


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
