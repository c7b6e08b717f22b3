"""The command line in this process, and a small project to run it on."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.cli import run
from tests.repositories import Repo, environment

POLICY = """\
version: 1
data:
  - {path: data/raw.csv, contract: contracts/raw.py:Raw, key: [id], drift: {warn: 0.5, fail: 2}}
train: {targets: [evaluate]}
evaluate:
  metrics: [metrics.json]
  gates: [{metric: accuracy, better: higher, floor: 0.5, may_lose: 0.01}]
"""
CONTRACT = "import pandera.polars as pa\n\n\nclass Raw(pa.DataFrameModel):\n    id: int\n    value: int = pa.Field(ge=0)\n"
PROGRESS = re.compile(r" *\d+\.\d s  \S| {10}")


def rows(count: int, extra: str = "") -> str:
    """A CSV file of so many rows."""
    return "id,value\n" + "".join(f"{index},{index % 17}\n" for index in range(count)) + extra


@dataclass(frozen=True)
class Done:
    """How a command line ended."""

    code: int
    out: str
    err: str


Assay = Callable[..., Done]


def told(done: Done, code: int) -> list[str]:
    """What a command that could not do its work said: nothing but lines of `assay: ...`, beside progress."""
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    assert not done.out
    return [line for line in done.err.splitlines() if not PROGRESS.match(line)]


def red(done: Done, code: int = 1) -> tuple[str, str]:
    """Why a change may not be merged, and what to do next: a line each."""
    assert done.code == code, done.out + done.err
    assert "Traceback" not in done.out + done.err
    first, second = done.out.splitlines()[:2]
    assert first.startswith("● Not ready to merge: ")
    assert second.startswith("  next: ")
    return first.removeprefix("● Not ready to merge: "), second.removeprefix("  next: ")


@pytest.fixture
def assay(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Assay:
    """Run a command line in this process, in a user's environment."""
    users = environment()
    for name in set(os.environ) - set(users):
        monkeypatch.delenv(name)
    for name, value in users.items():
        monkeypatch.setenv(name, value)

    def command(*arguments: str | Path, cwd: Path) -> Done:
        monkeypatch.chdir(cwd)
        capsys.readouterr()  # what DVC said while a fixture worked
        with pytest.raises(SystemExit) as ended:
            run([str(each) for each in arguments])
        out, err = capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return command


def built(folder: Path) -> Repo:
    """A project with a policy, reproduced and pushed, on `main`."""
    repo = Repo(folder).with_pipeline(run=False)
    repo.write("data/raw.csv", rows(200)).dvc_add("data/raw.csv")
    repo.write("assay.yml", POLICY).write("contracts/raw.py", CONTRACT).write("README.md", "# A project\n")
    return repo.repro().commit("a project").push_data()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """The project. Clone it before changing it."""
    return built(tmp_path_factory.mktemp("made"))


@pytest.fixture
def mine(made: Repo, tmp_path: Path) -> Repo:
    """A copy of the project, data and cache included, on a branch `change`; in a folder with spaces and other letters."""
    return made.copy(tmp_path / "größe & maß").branch("change")


@pytest.fixture(scope="session")
def cloned(made: Repo, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A clone of the project with a branch `change` checked out, and its data there. Copy it before changing it."""
    clone = made.clone(tmp_path_factory.mktemp("cloned"))
    clone.branch("change").dvc("pull", "--quiet")
    return clone


@pytest.fixture
def project(cloned: Repo, tmp_path: Path) -> Repo:
    """Such a clone of one's own."""
    return cloned.copy(tmp_path / "clone")
