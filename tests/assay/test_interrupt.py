"""Ctrl-C in the middle: one line, exit code 130, nothing half-written, nothing left running."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.assay.conftest import CONTRACT, Assay
from tests.repositories import Repo, environment

MAIN = Path(__file__).parents[2] / "assay/__main__.py"
SLEEP = "import os, pathlib, time\npathlib.Path({started!r}).write_text(str(os.getpid()))\ntime.sleep(600)\n"


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def interrupted(repo: Repo, started: Path, asked: signal.Signals) -> tuple[int, str, str]:
    """Start a check in a process of its own and, once something of the user's runs in it, interrupt it."""
    temporary = started.parent / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(MAIN), "check", "--no-remote"],
        cwd=repo.root,
        env=environment({"TMPDIR": str(temporary)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (started.is_file() and started.read_text()) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(asked)
    out, err = process.communicate(timeout=60)
    assert started.is_file(), err
    left = [path.name for path in temporary.iterdir() if path.name.startswith("assay")]
    assert not left, left
    return process.returncode, out, err


def ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_while_a_stage_runs_leaves_everything_as_it_was(assay: Assay, mine: Repo, tmp_path: Path) -> None:
    assert assay("check", "--whole", "--no-remote", cwd=mine.root).code == 0
    before = snapshot(mine.root / ".assay")
    kept = {name: (mine.root / name).read_bytes() for name in ("model.txt", "dvc.lock", "metrics.json", "data/prepared.csv")}
    started = tmp_path / "started"
    mine.write("train.py", SLEEP.format(started=str(started))).commit()

    code, out, err = interrupted(mine, started, signal.SIGINT)

    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "assay: stopped; nothing was half-written"
    assert "Traceback" not in err
    assert snapshot(mine.root / ".assay") == before
    assert {name: (mine.root / name).read_bytes() for name in kept} == kept
    assert not (mine.root / ".dvc/tmp/assay/kept").exists()
    assert ended(int(started.read_text()))
    assert "train.py" in mine.dvc("status"), "DVC works, and nobody holds its lock"
    assert mine.git("status", "--short") == ""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_while_a_contract_runs_ends_the_contract_too(mine: Repo, tmp_path: Path) -> None:
    started = tmp_path / "started"
    mine.write("contracts/raw.py", SLEEP.format(started=str(started)) + CONTRACT).commit()
    code, out, err = interrupted(mine, started, signal.SIGINT)
    assert (code, out, err.splitlines()[-1]) == (130, "", "assay: stopped; nothing was half-written")
    assert ended(int(started.read_text()))
    assert not (mine.root / ".assay").exists()


def test_a_disk_that_fills_up_leaves_the_old_report_whole(assay: Assay, mine: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert assay("check", "--whole", "--no-remote", cwd=mine.root).code == 0
    before = snapshot(mine.root / ".assay")
    full = OSError(28, "No space left on device")
    replace = Path.replace

    def fails(path: Path, target: Path) -> Path:
        if Path(target).parent.name == ".assay":
            raise full
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fails)
    mine.write("metrics.json", '{"accuracy": 0.9}').commit()
    done = assay("check", "--no-remote", "--no-train", cwd=mine.root)
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        f"assay: {mine.root / '.assay'}: cannot write (No space left on device). Name another folder with --out",
    )
    assert snapshot(mine.root / ".assay") == before
    shutil.rmtree(mine.root / ".assay")
