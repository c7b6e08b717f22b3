"""One program in a process group of its own: its lines, its CPU time and memory, and how to stop it cleanly."""

import os
import queue
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psutil

from actions.train.output import Lines

# What a stage may need to write its last words, then what its shell may need; after that nothing is asked any more.
GRACE_SECONDS = (10.0, 5.0)
_QUICKEST, _SLOWEST = 0.02, 0.5
_LAST_WORDS = 2.0
"""Seconds that an ended program's stream may stay silent and open: on a busy machine its reader may not have had its turn yet."""


class Watched:
    """A running program. Output and errors come as one stream of lines, as a terminal would show them."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._cpu_before = _ended_children()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._watched = psutil.Process(self._process.pid)
        self._own_cpu = 0.0
        self._known: dict[psutil.Process, bool] = {}
        self._lines: queue.Queue[tuple[float, str] | None] = queue.Queue(maxsize=10_000)
        threading.Thread(target=self._read, daemon=True).start()
        self._pause = _QUICKEST
        self._next_look = 0.0

    def _read(self) -> None:
        stream, lines = self._process.stdout, Lines()
        if stream is None:
            return
        while part := os.read(stream.fileno(), 65_536):
            for line in lines.feed(part):
                self._lines.put((time.monotonic(), line))
        for line in lines.end():
            self._lines.put((time.monotonic(), line))
        self._lines.put(None)

    def lines(self) -> Iterator[tuple[float, str] | None]:
        """Lines with the moment they came (monotonic seconds), and None every now and then so that the caller may look up.

        Ends when the program has ended and its stream is read; a daemon that keeps the stream open is not waited for.
        """
        silent_since: float | None = None
        while True:
            try:
                found = self._lines.get(timeout=self._pause)
            except queue.Empty:
                if self._process.poll() is not None:
                    silent_since = silent_since or time.monotonic()
                    if time.monotonic() - silent_since >= _LAST_WORDS:
                        return
                yield None
                continue
            silent_since = None
            if found is None:
                return
            yield found

    def quicken(self) -> None:
        """Look more often for a while: something short may begin."""
        self._pause, self._next_look = _QUICKEST, 0.0

    def cpu(self) -> float:
        """CPU seconds of the program's ended children, with their children."""
        try:
            times = self._watched.cpu_times()
        except psutil.Error:
            return max(0.0, _ended_children() - self._cpu_before - self._own_cpu)
        self._own_cpu = times.user + times.system
        return float(times.children_user + times.children_system)

    def memory(self) -> int | None:
        """The resident memory of the program's descendants now, in bytes; None where it is not yet time to look again."""
        now = time.monotonic()
        if now < self._next_look:
            return None
        self._pause = min(_SLOWEST, self._pause * 1.3)
        self._next_look = now + self._pause
        try:
            self.cpu()
            return sum(self._resident(child) for child in self._watched.children(recursive=True)) or None
        except psutil.Error:
            return None

    def _resident(self, child: psutil.Process) -> int:
        try:
            # Between fork and exec a child still looks like its parent, memory included.
            if not self._known.get(child):
                self._known[child] = child.cmdline() != self._watched.cmdline()
            return int(child.memory_info().rss) if self._known[child] else 0
        except psutil.Error:
            return 0

    def wait(self) -> int:
        """Wait for the program and return its exit code (negative: the signal that ended it)."""
        return self._process.wait()

    def stop(self, grace: Sequence[float] | None = None) -> None:
        """Ask the whole group to stop: interrupt, then terminate, then kill, with time (default `GRACE_SECONDS`) in between.

        Descendants that left the group are killed at the end, so that nothing of the run lives on.
        """
        family = self._family()
        for asked, patience in zip((signal.SIGINT, signal.SIGTERM), grace or GRACE_SECONDS, strict=True):
            if self._process.poll() is None or any(child.is_running() for child in family):
                self._signal(asked)
                family |= self._family()
                self._await(family, time.monotonic() + patience)
        self._signal(signal.SIGKILL)
        for child in family:
            try:
                child.kill()
            except psutil.Error:
                continue
        self._process.wait()

    def _await(self, family: set[psutil.Process], deadline: float) -> None:
        """Wait for the program, and then for its descendants, which may still be writing their last words."""
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return
        psutil.wait_procs(list(family), timeout=max(0.0, deadline - time.monotonic()))

    def _family(self) -> set[psutil.Process]:
        try:
            return set(self._watched.children(recursive=True))
        except psutil.Error:
            return set()

    def _signal(self, asked: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, asked)
        except (ProcessLookupError, PermissionError):
            return


def _ended_children() -> float:
    """CPU seconds of all our own children that have ended and been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def terminations_as_interrupts() -> Iterator[None]:
    """A runner that cancels a job sends SIGTERM: take it as Ctrl-C, so that the stages stop and the locks are released."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
