"""Reads from the lines of `dvc repro` what became of each stage. Pure: it is told the time and the CPU time."""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from policy.facts.training import StageRun
from policy.training import span

_RUNNING = re.compile(r"Running stage '(.+)':")
_RESTORED = re.compile(r"Stage '(.+)' is cached - skipping run, checking out outputs")
_UNCHANGED = re.compile(r"Stage '(.+)' didn't change, skipping")
_FAILED = re.compile(r"ERROR: failed to reproduce '(.+?)'(?:: (.*))?")
_EXIT = re.compile(r"failed to run: (.*), exited with (-?\d+)$")

Outcome = Literal["executed", "restored", "unchanged", "failed", "stopped", "not_reached"]


@dataclass
class _Chapter:
    """What is known of one stage so far."""

    outcome: Outcome | None = None
    begun: float | None = None
    ended: float | None = None
    cpu_begun: float = 0.0
    cpu_ended: float | None = None
    peak: int | None = None
    command: str | None = None
    exit_code: int | None = None
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=30))


class Story:
    """Follows a run line by line.

    `commands` maps each stage that may run to its commands: a stage prints into the same stream as DVC, so the line
    `Running stage 'train':` counts only when the stage is known and its command is echoed right below.
    """

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands
        self._chapters = {name: _Chapter() for name in commands}
        self._announced: str | None = None
        self.current: str | None = None
        """The stage that is running now."""
        self.errors: list[str] = []
        """What DVC itself reported."""
        self.stopping = False
        """Asked to stop: a stage that fails from here on is one that was stopped, and its last words are about that."""
        self._news: list[str] = []

    def line(self, text: str, now: float, cpu: float) -> None:
        """One line, at a time (seconds of any steady clock), with the CPU seconds of DVC's ended children."""
        announced, self._announced = self._announced, None
        if announced and text.startswith("> ") and self._echoes(announced, text[2:]):
            self._begin(announced, text[2:], now, cpu)
            return
        if (match := _RUNNING.fullmatch(text)) and match[1] in self._chapters:
            self._announced = match[1]
            return
        for pattern, outcome in ((_RESTORED, "restored"), (_UNCHANGED, "unchanged")):
            if (match := pattern.match(text)) and match[1] in self._chapters:
                self._settle(match[1], "restored" if outcome == "restored" else "unchanged", now, cpu)
                return
        if match := _FAILED.match(text):
            self._fail(match[1], match[2] or "", now, cpu)
        elif text.startswith("ERROR: "):
            self.errors.append(text.removeprefix("ERROR: "))
        elif self.current and not self.stopping:
            self._chapters[self.current].tail.append(text)

    def news(self) -> list[str]:
        """What became of the stages that ended since this was last asked, a line each."""
        told, self._news = self._news, []
        return told

    def memory(self, peak: int) -> None:
        """The present memory of the running stage's processes, in bytes."""
        if self.current:
            chapter = self._chapters[self.current]
            chapter.peak = max(chapter.peak or 0, peak)

    def end(self, now: float, cpu: float, *, ok: bool, stopped: bool) -> list[StageRun]:
        """The run is over: what became of every stage."""
        if self.current:
            running = self._chapters[self.current]
            if stopped:
                running.outcome = "stopped"
            elif not ok and running.outcome == "executed":
                running.outcome = "failed"
            self._close(now, cpu)
        return [self._told(name, chapter, ok) for name, chapter in self._chapters.items()]

    def _echoes(self, name: str, command: str) -> bool:
        first = self._commands[name][0] if self._commands[name] else ""
        return command.strip() == first.strip() or command.startswith(first[:200])

    def _begin(self, name: str, command: str, now: float, cpu: float) -> None:
        self._close(now, cpu)
        self.current = name
        self._chapters[name] = _Chapter("executed", begun=now, cpu_begun=cpu, command=command)

    def _settle(self, name: str, outcome: Literal["restored", "unchanged"], now: float, cpu: float) -> None:
        self._close(now, cpu)
        self._chapters[name] = _Chapter(outcome)
        if outcome == "restored":
            self._news.append(f"stage {name} was restored from the run cache")

    def _fail(self, name: str, why: str, now: float, cpu: float) -> None:
        if name not in self._chapters:
            self.errors.append(f"failed to reproduce {name}: {why}")
            return
        chapter = self._chapters[name]
        if self.stopping and self.current == name:
            return  # its end says so
        chapter.outcome = "failed"
        if match := _EXIT.search(why):
            chapter.command, chapter.exit_code = match[1], int(match[2])
        else:
            chapter.tail.append(why)
            self.errors.append(why)
        if self.current == name:
            self._close(now, cpu)

    def _close(self, now: float, cpu: float) -> None:
        if self.current:
            chapter = self._chapters[self.current]
            chapter.ended, chapter.cpu_ended = now, cpu
            how = chapter.outcome if chapter.outcome in ("failed", "stopped") else "ended"
            self._news.append(f"stage {self.current} {how} after {span(now if chapter.begun is None else now - chapter.begun)}")
        self.current = None

    def _told(self, name: str, chapter: _Chapter, ok: bool) -> StageRun:
        outcome: Outcome = chapter.outcome or ("unchanged" if ok else "not_reached")
        timed = chapter.begun is not None and chapter.ended is not None
        return StageRun(
            name=name,
            outcome=outcome,
            wall_seconds=round((chapter.ended or 0.0) - (chapter.begun or 0.0), 3) if timed else None,
            cpu_seconds=round(max(0.0, (chapter.cpu_ended or 0.0) - chapter.cpu_begun), 3) if timed else None,
            peak_bytes=chapter.peak,
            command=chapter.command[:2_000] if chapter.command else None,
            exit_code=chapter.exit_code,
            tail=list(chapter.tail) if outcome in ("failed", "stopped") else [],
        )
