"""Times whole commands and watches the memory of their process trees."""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Runs:
    """Wall-clock seconds and peak bytes (resident, the whole process tree) of several runs of one command."""

    seconds: list[float]
    peak_bytes: list[int]

    @property
    def median(self) -> float:
        """Median wall-clock seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> int:
        """Largest peak seen."""
        return max(self.peak_bytes)

    @property
    def spread(self) -> str:
        """Smallest to largest, to show how noisy the machine was."""
        return f"{min(self.seconds):.2f}–{max(self.seconds):.2f}"


def run(
    command: Sequence[str | Path],
    *,
    repeats: int,
    cwd: Path,
    env: dict[str, str] | None = None,
    warm: bool = True,
    exits: tuple[int, ...] = (0,),
) -> Runs:
    """Run a command several times, after one run that fills the file cache.

    Watching the memory takes a share of one of few cores, so it is watched in that first run and the others are only
    timed; without a first run (`warm=False`, for what takes long) the same runs are watched and timed.
    """
    parts, environment = [str(part) for part in command], {**os.environ, **(env or {})}
    if not warm:
        both = [_once(parts, cwd, environment, exits, watched=True) for _ in range(repeats)]
        return Runs([elapsed for elapsed, _ in both], [peak for _, peak in both])
    _, peak = _once(parts, cwd, environment, exits, watched=True)
    return Runs([_once(parts, cwd, environment, exits, watched=False)[0] for _ in range(repeats)], [peak])


def _once(command: list[str], cwd: Path, env: dict[str, str], exits: tuple[int, ...], *, watched: bool) -> tuple[float, int]:
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watch = _Watch(process.pid)
    if watched:
        watch.start()
    output, _ = process.communicate()
    elapsed = time.perf_counter() - started
    if watched:
        watch.stop()
    if process.returncode not in exits:
        raise SystemExit(f"{' '.join(command)} exited with {process.returncode}:\n{output[-2_000:]}")
    return elapsed, watch.peak


class _Watch(threading.Thread):
    """Samples the resident memory of a process tree; a stray moment of a few milliseconds can be missed."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Sample until the process has ended."""
        try:
            root = psutil.Process(self.pid)
        except psutil.NoSuchProcess:
            return
        while not self.done.wait(0.02):
            self.peak = max(self.peak, _tree_bytes(root))

    def stop(self) -> None:
        """End sampling."""
        self.done.set()
        self.join()


def _tree_bytes(root: psutil.Process) -> int:
    total = 0
    try:
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total
