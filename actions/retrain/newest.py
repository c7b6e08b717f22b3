"""Scores the committed model and the one that was trained anew on the newest labelled rows of production, by the user's command.

The command sees rows without label and without what a model said of them, and one model at a time. What it says is matched by
the number of the row, so that neither the order nor a row that it left out can make a model look better.
"""

import shlex
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NoReturn

import polars as pl

from actions.datafile import DataFile, Tracked
from actions.evaluate.measure import measure
from actions.evaluate.pairing import comparable
from actions.evaluate.plan import Plan
from actions.frames import reading, scan
from actions.monitor.look import production
from actions.monitor.performance import has_value
from actions.monitor.window import Window, cut
from actions.progress import Progress
from actions.repository import Repository
from actions.train.environment import for_stages, secrets
from actions.train.output import clean
from actions.train.process import Watched, terminations_as_interrupts
from policy.document import Policy
from policy.evaluation import Evaluate, Predictions
from policy.facts.evaluation import MetricFact
from policy.facts.newest import NewestFacts
from policy.monitoring import Monitor
from policy.newest import Newest
from policy.performance import MonitoredPredictions
from policy.problems import Problem, UserProblem
from policy.training import span

ROW = "assay_row"
"""The column by which a row is found again: the command gives it back beside what the model said."""
_THERE = "assay: whether it was learned from"
_WHERE = "retrain.newest"


def gather(
    repository: Repository, policy: Policy, sha: str, progress: Progress, environ: Mapping[str, str], at: datetime
) -> NewestFacts | None:
    """Both models on those rows; None where the policy does not ask for it, or the model is the committed one still.

    What keeps it from being known is part of the answer: it is evidence, and a training that came to its end is not lost for it.
    """
    asked = policy.retrain.newest if policy.retrain else None
    if asked is None or policy.monitor is None or policy.monitor.predictions is None or policy.model is None:
        return None
    progress.step("champion and challenger on production's newest labelled rows")
    try:
        before, after = (repository.tracked(policy.model.artifact, revision) for revision in (sha, None))
        if before is None or after is None:
            missing = f"at {sha[:12]}" if before is None else "in the work tree"
            raise UserProblem(f"there is no model {missing}", policy.model.artifact, "Name the out that holds it")
        if before.digest == after.digest:
            return None
        with tempfile.TemporaryDirectory(prefix="assay-", ignore_cleanup_errors=True) as folder:
            one = _Comparing(repository, policy.monitor, policy.monitor.predictions, asked, progress, environ, Path(folder))
            return one.run(sha, before, after, at)
    except Problem as problem:
        return NewestFacts(problem=(f"{problem.where}: {problem.what}" if problem.where else problem.what)[:2_000])


@dataclass(frozen=True)
class _Comparing:
    """One comparison in hand, with a folder of its own."""

    repository: Repository
    monitor: Monitor
    predictions: MonitoredPredictions
    asked: Newest
    progress: Progress
    environ: Mapping[str, str]
    folder: Path

    def run(self, sha: str, before: Tracked, after: Tracked, at: datetime) -> NewestFacts:
        files = production(self.repository, self.monitor, self.folder, self.environ)
        window = self._labelled(files, at)
        rows, left_out = self._unlearned(window, sha)
        known = NewestFacts(rows=len(rows), start=_written(window.oldest), end=_written(window.newest), left_out=left_out)
        if len(rows) < self.monitor.least:
            left = f", {left_out:,} of the window left out" if left_out else ""
            few = f"{len(rows):,} labelled rows{left} are too few: {self.monitor.least:,} are needed"
            return known.model_copy(update={"problem": few})
        if ROW in rows.columns:
            _refuse(f"production has a column {ROW!r}, which is ours")
        rows = rows.with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
        data = self._shown(rows, files)
        champion = self._scored("champion", before, data, rows)
        challenger = self._scored("challenger", after, data, rows)
        return known.model_copy(update={"metrics": self._measured(champion, challenger)})

    def _labelled(self, files: Sequence[DataFile], at: datetime) -> Window:
        """The newest window of the rows that have a label: what is newer waits for its own."""
        frame, label = scan(files), self.predictions.label
        dtype = frame.collect_schema().get(label)
        if dtype is None:
            _refuse(f"production's data has no column '{label}'")
        target = self.folder / "labelled.parquet"
        with reading(files):
            frame.filter(has_value(label, dtype)).sink_parquet(target, compression="lz4")
        if not pl.scan_parquet(target).select(pl.len()).collect().item():
            _refuse(f"no row of production has a '{label}'")
        return cut([DataFile(target.name, target)], self.monitor, at, self.folder / "window.parquet")

    def _unlearned(self, window: Window, sha: str) -> tuple[pl.DataFrame, int | None]:
        """The rows that neither model learned from, and how many were left out; None where nobody told."""
        rows = scan(window.files).collect()
        path, key = self.asked.learned_from, self.asked.key
        if path is None:
            return rows, None
        named = self._keys(rows, "production's data")
        kept = pl.Series([True] * len(rows))
        for revision in (sha, None):
            tracked = self.repository.tracked(path, revision)
            if tracked is None and revision is not None:
                continue  # the committed model cannot have learned from what was not there
            if tracked is None:
                raise UserProblem("it does not exist", path, "Name a data set of the repository in `retrain.newest.learned_from`")
            files = self.repository.files(tracked)
            frame = scan(files)
            if missing := [each for each in key if each not in frame.collect_schema().names()]:
                raise UserProblem(f"it has no column {', '.join(missing)}", path, "Name columns that both have")
            with reading(files):
                known = self._keys(frame.select(key).collect(), path).unique()
            if known.schema != named.schema:
                _refuse(f"the key is {dict(named.schema)} in production's data and {dict(known.schema)} in {path}")
            found = named.join(known.with_columns(pl.lit(True).alias(_THERE)), on=key, how="left", maintain_order="left")
            kept &= found[_THERE].is_null()
        return rows.filter(kept), int((~kept).sum())

    def _keys(self, rows: pl.DataFrame, where: str) -> pl.DataFrame:
        if missing := [each for each in self.asked.key if each not in rows.columns]:
            _refuse(f"{where} has no column {', '.join(missing)}")
        return rows.select(comparable(rows[each]) for each in self.asked.key)

    def _shown(self, rows: pl.DataFrame, files: Sequence[DataFile]) -> Path:
        """What the command sees, in the format of production's data: CSV, or else Parquet."""
        seen = rows.drop(self.predictions.columns, strict=False)
        if any(each.name.lower().endswith((".csv", ".csv.gz")) for each in files):
            seen.write_csv(self.folder / "rows.csv")
            return self.folder / "rows.csv"
        seen.write_parquet(self.folder / "rows.parquet")
        return self.folder / "rows.parquet"

    def _scored(self, side: str, tracked: Tracked, data: Path, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows' numbers and labels with what a model said of them."""
        said = self.folder / f"{side}.csv"
        self._run(side, _model(self.repository.files(tracked), self.folder / side, tracked.path), data, said)
        files = [DataFile(said.name, said)]
        wanted = [ROW, *(each for each in self.predictions.columns if each != self.predictions.label)]
        frame = scan(files)
        if missing := [each for each in wanted if each not in frame.collect_schema().names()]:
            self._fault(side, f"wrote no column {', '.join(missing)}")
        with reading(files):
            found = frame.select(wanted).collect()
        if found[ROW].dtype != pl.Int64 or not found[ROW].sort().equals(rows[ROW].sort()):
            self._fault(side, f"has to give each {ROW} back once: {len(rows):,} rows were asked for, and {len(found):,} came")
        return rows.select(ROW, self.predictions.label).join(found, on=ROW, how="left", maintain_order="left")

    def _run(self, side: str, model: Path, data: Path, said: Path) -> None:
        more = {"ASSAY_MODEL": str(model), "ASSAY_DATA": str(data), "ASSAY_PREDICTIONS": str(said)}
        try:
            command = shlex.split(self.asked.score)
            program = Watched(command, self.repository.root, {**for_stages(self.environ), **more})
        except (OSError, ValueError) as error:
            _refuse(f"`{self.asked.score}` cannot be started ({error})")
        deadline, hidden, last = time.monotonic() + self.asked.limit.total_seconds(), secrets(self.environ), ""
        with terminations_as_interrupts():
            try:
                for found in program.lines():
                    if found is not None and (line := clean(found[1], hidden)):
                        self.progress.line(line)
                        last = line
                    if time.monotonic() > deadline:
                        program.stop()
                        self._fault(side, f"was stopped after {span(self.asked.limit.total_seconds())}")
            except KeyboardInterrupt:
                program.stop()
                raise
        if code := program.wait():
            self._fault(side, f"ended with exit code {code}" + (f": {last}" if last else ""))
        if not said.is_file():
            self._fault(side, "wrote no predictions to ASSAY_PREDICTIONS")

    def _fault(self, side: str, what: str) -> NoReturn:
        _refuse(f"`{self.asked.score}` {what} (of the {side})")

    def _measured(self, champion: pl.DataFrame, challenger: pl.DataFrame) -> list[MetricFact]:
        said = self.predictions
        columns = {"label": said.label, "score": said.score, "prediction": said.prediction, "positive": said.positive}
        section = Evaluate(predictions=Predictions(path="production", key=[ROW], **columns))
        plan = Plan([each.metric for each in said.metrics], {}, [], [])
        return measure(champion, challenger, section, plan, lambda function, frames: []).metrics


def _model(files: Sequence[DataFile], folder: Path, path: str) -> Path:
    """A copy of a model's bytes under its own name, a file or a folder, which the command may do with as it likes."""
    target = folder / PurePosixPath(path).name
    for each in files:
        place = target / PurePosixPath(each.name).relative_to(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(each.path, place)
    return target


def _written(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


def _refuse(what: str) -> NoReturn:
    raise UserProblem(what, _WHERE, "See docs/retrain.md for what the command is given and gives back")
