"""Published again when it changed and settled."""

import os
from pathlib import Path

from bot.cml.watching import EVERY, SETTLED, changes


class Clock:
    """Lets things happen between two looks."""

    def __init__(self, events: dict[int, object]) -> None:
        self.events, self.looks = events, 0

    def pause(self, _: float) -> None:
        self.looks += 1
        if callable(event := self.events.get(self.looks)):
            event()


def write(path: Path, text: str, age: int) -> None:
    path.write_text(text)
    os.utime(path, ns=(age, age))


def watch(path: Path, events: dict[int, object], looks: int, trigger: Path | None = None) -> list[int]:
    clock = Clock(events)
    return [clock.looks for _ in changes(path, trigger, lambda: clock.looks >= looks, clock.pause)]


def test_a_report_is_published_at_once_and_again_when_it_settled(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    write(report, "1", 1)
    at = watch(report, {3: lambda: write(report, "22", 2), 5: lambda: write(report, "333", 3)}, 30)
    assert at == [0, 5 + SETTLED / EVERY]


def test_a_report_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    assert len(watch(report, {2: lambda: write(report, "1", 1)}, 30)) == 1
    assert watch(tmp_path / "never", {}, 5) == []


def test_what_was_written_just_before_the_end_is_published(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    write(report, "1", 1)
    assert watch(report, {4: lambda: write(report, "22", 2)}, 4) == [0, 4]


def test_a_trigger_file_is_removed_when_it_was_followed(tmp_path: Path) -> None:
    report, trigger = tmp_path / "report.md", tmp_path / "go"
    write(report, "1", 1)
    assert watch(report, {2: lambda: trigger.touch(), 6: lambda: trigger.touch()}, 20, trigger) == [2, 6]
    assert not trigger.exists()
