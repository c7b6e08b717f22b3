"""A look at a million rows of production against a million of the reference: 23 columns, with labels and scores."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from tests.bench import data
from tests.bench.cases import ASSAY, BENCH, MEGA, PYTHON, ROOT, Row, _figures
from tests.bench.measure import run
from tests.repositories import Repo

ROWS = 1_000_000
END = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = """\
version: 1
model: {name: bench, artifact: model/}
monitor:
  data: live.parquet
  reference: reference.parquet
  time: at
  window: 30 days
  late_after: 2 days
"""
PREDICTIONS = """\
  predictions:
    label: late
    score: probability
    metrics: [{metric: roc_auc, may_lose: 0.05}, {metric: accuracy, floor: 0.5}, {metric: brier, may_gain: 0.05}]
    estimate: true
"""


def looked(quick: bool) -> list[Row]:
    """Whole processes. The reference's profile is there already, except where it is said that it is made."""
    project = _project(BENCH / "monitor")
    profiles = project / ".dvc" / "tmp" / "assay" / "profiles"
    command = [*ASSAY, "monitor", "--at", END.isoformat(), "--json"]
    repeats = 1 if quick else 5
    (project / "assay.yml").write_text(POLICY)
    shutil.rmtree(profiles, ignore_errors=True)
    first = run(command, repeats=1, cwd=project, exits=(0, 1), warm=False)
    inputs = run(command, repeats=repeats, cwd=project, exits=(0, 1))
    (project / "assay.yml").write_text(POLICY + PREDICTIONS)
    whole = run(command, repeats=repeats, cwd=project, exits=(0, 1))
    read = run([PYTHON, "-m", "tests.bench.cached_drift", project / "live.parquet", "read"], repeats=repeats, cwd=ROOT)
    beside = f"reading the window alone: {_figures(read)}"
    return [
        Row("`assay monitor`, 1M × 23, whole process", _figures(inputs), beside, "—", f"{inputs.peak / MEGA:,.0f} MiB", None),
        Row("… and makes the reference's profile", _figures(first), "—", "—", f"{first.peak / MEGA:,.0f} MiB", None),
        Row("… with labels and estimates", _figures(whole), "—", "—", f"{whole.peak / MEGA:,.0f} MiB", None),
    ]


def _project(folder: Path) -> Path:
    """A repository with both data sets; made once."""
    root = folder / "work"
    if not (root / "live.parquet").exists():
        shutil.rmtree(folder, ignore_errors=True)
        repo = Repo(folder)
        for name, end, seed in (("reference", END - timedelta(days=30), 1), ("live", END, 2)):
            _table(end, seed).write_parquet(repo.root / f"{name}.parquet")
        repo.dvc_add("reference.parquet").write(".gitignore", "/reference.parquet\n/live.parquet\n").write("assay.yml", POLICY)
        repo.commit()
    return root


def _table(end: datetime, seed: int) -> pl.DataFrame:
    """Rows of 30 days; half of them have no label yet."""
    draw = np.random.default_rng(seed)
    said = 1 / (1 + np.exp(-draw.normal(size=ROWS)))
    late = pl.Series(draw.random(ROWS) < said).cast(pl.Int64)
    arrived = pl.Series(np.arange(ROWS) % 2 == 0)
    step = timedelta(days=30) / ROWS
    more = {
        "at": pl.datetime_range(end - step * (ROWS - 1), end, step, time_unit="us", eager=True),
        "probability": pl.Series(said),
        "late": pl.select(pl.when(arrived).then(late)).to_series(),
    }
    return data.frame(ROWS, moved=0.0, seed=seed).with_columns(**more)
