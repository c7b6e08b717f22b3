"""Puts the demo repository together: run by `build` in a process and an environment of its own.

The stages run one after the other in this interpreter instead of under `dvc repro`, so that LightGBM and MLflow are
imported once and not eight times; `dvc commit` then records their outcome. What results is what `dvc repro` leaves.
"""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
from dvc.repo import Repo

from examples.flights import source
from examples.flights.branches import BRANCHES, CHAMPION, HISTORY, Branch, Edit
from examples.flights.build import STEP

PROJECT = Path(__file__).parent / "project"
MONTHS = 5
NEW_MONTHS = 7

_CONFIG = """\
[core]
    remote = storage
    analytics = false
['remote "storage"']
    url = {remote}
"""


class Assembly:
    """The demo repository in the making; the process stands in its work tree."""

    def __init__(self, work: Path, remote: Path) -> None:
        self.work = work
        self.remote = remote
        self.commits = 0
        self.flights = source.flights(NEW_MONTHS)
        self.weather = source.weather(NEW_MONTHS)

    def found(self) -> None:
        """The first commit: the project, and the data of the first months."""
        say("flights and weather of January to May")
        shutil.copytree(PROJECT, self.work, ignore=shutil.ignore_patterns("__pycache__"))
        self.remote.mkdir()
        os.chdir(self.work)
        git("init", "--quiet", "--initial-branch=main")
        Repo.init(str(self.work)).close()
        Path(".dvc/config").write_text(_CONFIG.format(remote=self.remote), encoding="utf-8")
        self.write_data(self.flights.filter(pl.col("month") <= MONTHS), self.weather.filter(pl.col("month") <= MONTHS))
        self.commit("Flights and weather of January to May (#27)")

    def accept_history(self) -> None:
        """The changes that were accepted before, each trained, evaluated and committed."""
        sys.path.insert(0, str(self.work / "stages"))
        run_stage("prepare")
        final = Path("params.yaml").read_text(encoding="utf-8")
        listed = HISTORY[-1].features
        for accepted in HISTORY:
            say(f"training: {accepted.message}")
            dropped = [Edit("params.yaml", f"  - {name}\n", "") for name in listed if name not in accepted.features]
            Path("params.yaml").write_text(final, encoding="utf-8")
            apply(*dropped)
            run_stage("train")
            run_stage("evaluate")
            with Repo() as repo:
                repo.commit(force=True)
            self.commit(accepted.message)
            if accepted.message.endswith(CHAMPION):
                git("tag", "champion")

    def branch(self, branch: Branch) -> None:
        """A change on a branch of its own: only the change, nothing trained."""
        say(f"branch {branch.name}")
        git("switch", "--quiet", "--create", branch.name, "main")
        apply(*branch.edits)
        if branch.data == "new-months":
            self.write_data(self.flights, self.weather)
        elif branch.data == "corrupt":
            self.write_data(source.corrupt(self.flights.filter(pl.col("month") <= MONTHS)))
        self.commit(branch.message)
        git("switch", "--quiet", "main")

    def write_data(self, flights: pl.DataFrame, weather: pl.DataFrame | None = None) -> None:
        """New data under DVC; without weather, that of the last time stays."""
        Path("data").mkdir(exist_ok=True)
        frames = {"data/flights.parquet": flights} | ({"data/weather.parquet": weather} if weather is not None else {})
        for path, frame in frames.items():
            Path(path).unlink(missing_ok=True)
            frame.write_parquet(path)
        with Repo() as repo:
            repo.add(list(frames))

    def finish(self) -> None:
        """Everything to the remote, and the work tree back on main."""
        say("pushing the data of every commit")
        with Repo() as repo:
            repo.push(all_commits=True, run_cache=True)
            repo.checkout(force=True)

    def commit(self, message: str) -> None:
        """A commit of everything, an hour after the one before."""
        moment = f"2024-03-04T{8 + self.commits:02}:00:00Z"
        self.commits += 1
        git("add", "--all")
        git("commit", "--quiet", "--message", message, GIT_AUTHOR_DATE=moment, GIT_COMMITTER_DATE=moment)


def assemble(target: Path) -> None:
    """Build `target/flights` (the repository) and `target/remote` (its DVC remote)."""
    assembly = Assembly(target / "flights", target / "remote")
    assembly.found()
    assembly.accept_history()
    for branch in BRANCHES:
        assembly.branch(branch)
    assembly.finish()


def apply(*edits: Edit) -> None:
    """Replace each old text, which must stand exactly once, by its new one."""
    for edit in edits:
        text = Path(edit.path).read_text(encoding="utf-8")
        if text.count(edit.old) != 1:
            raise ValueError(f"{edit.path} must hold {edit.old!r} once")
        Path(edit.path).write_text(text.replace(edit.old, edit.new), encoding="utf-8")


def run_stage(name: str) -> None:
    """What `python stages/<name>.py` does."""
    runpy.run_path(f"stages/{name}.py", run_name="__main__")


def git(*arguments: str, **environment: str) -> None:
    """Run git here."""
    subprocess.run(("git", *arguments), check=True, env=os.environ | environment)


def say(text: str) -> None:
    """One step of progress for whoever started us."""
    print(f"{STEP}{text}", flush=True)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
