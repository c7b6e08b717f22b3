"""A program in a group of its own: its lines, its use, its end."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from actions.train.process import Watched
from tests.repositories import environment


def start(folder: Path, code: str) -> Watched:
    """A parent that runs a child, as dvc runs a stage."""
    child = folder / "child.py"
    child.write_text(code)
    parent = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-u', {str(child)!r}]).returncode)"
    return Watched([sys.executable, "-u", "-c", parent], folder, environment())


def first_line(program: Watched) -> str:
    return next(found[1] for found in program.lines() if found is not None)


def test_lines_of_output_and_errors_come_in_order(tmp_path: Path) -> None:
    program = start(tmp_path, "import sys\nprint('one'); print('two', file=sys.stderr); print('three ü')")
    assert [found[1] for found in program.lines() if found] == ["one", "two", "three ü"]
    assert program.wait() == 0


def test_memory_and_cpu_are_those_of_the_child(tmp_path: Path) -> None:
    program = start(tmp_path, "import time\nx = bytearray(80_000_000)\nt = time.time()\nwhile time.time() - t < 0.5: pass\n")
    peaks = [used for _ in program.lines() if (used := program.memory())]
    assert program.wait() == 0
    assert 80_000_000 < max(peaks) < 200_000_000
    assert 0.2 < program.cpu() < 5


def test_a_program_that_obeys_is_interrupted(tmp_path: Path) -> None:
    program = start(
        tmp_path,
        "import time\ntry:\n    print('up')\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    open('bye', 'w').close()\n",
    )
    assert first_line(program) == "up"
    program.stop()
    assert (tmp_path / "bye").exists()


def test_a_program_that_does_not_listen_is_killed_with_all_its_children(tmp_path: Path) -> None:
    deaf = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "away = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True)\n"
        "print(os.getpid(), away.pid)\ntime.sleep(60)\n"
    )
    program = start(tmp_path, deaf)
    pids = [int(word) for word in first_line(program).split()]
    began = time.monotonic()
    program.stop(grace=(0.3, 0.3))
    assert time.monotonic() - began < 30
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(alive(pid) for pid in pids):
        time.sleep(0.05)
    assert not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_daemon_that_keeps_the_stream_open_is_not_waited_for(tmp_path: Path) -> None:
    code = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'])\nprint('done')"
    program = start(tmp_path, code)
    assert [found[1] for found in program.lines() if found] == ["done"]
    program.stop()


def test_what_a_program_said_last_is_not_lost_where_its_reader_comes_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Watched._read

    def late(self: Watched) -> None:
        time.sleep(0.5)  # as on a machine whose cores are all taken
        read(self)

    monkeypatch.setattr(Watched, "_read", late)
    program = start(tmp_path, "print('the last words')")
    program.wait()
    assert [found[1] for found in program.lines() if found] == ["the last words"]
