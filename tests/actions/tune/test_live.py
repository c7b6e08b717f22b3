"""What a run writes of itself while it goes on: each step once, and nothing of what stood there before."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from actions.tune.live import Live


class Writing:
    """A metrics file, and what was told of it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, enough_at: int = 1_000_000) -> None:
        self.file = folder / "metrics.json"
        self.patch, self.clock = patch, 0.0
        self.told: list[dict[int, float]] = []
        self.enough_at = enough_at
        self.folder = folder
        self.write({"accuracy": 0.9, "step": 99})
        self.live = Live(folder, ["metrics.json", "other.json"], "accuracy", self.tell)

    def tell(self, steps: Mapping[int, float]) -> bool:
        self.told.append(dict(steps))
        return max(steps) >= self.enough_at

    def write(self, content: object) -> None:
        self.file.write_text(content if isinstance(content, str) else json.dumps(content))
        os.utime(self.file, ns=(0, int(self.clock * 1e9) + 1))

    def look(self, content: object = None) -> bool:
        """A while later, perhaps with another content."""
        self.clock += 1.0
        self.patch.setattr("actions.tune.live.time.monotonic", lambda: self.clock)
        if content is not None:
            self.write(content)
        return self.live.enough()


def test_every_step_is_told_once_and_those_between_two_looks_have_the_value_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Writing(tmp_path, monkeypatch, enough_at=5)
    assert not run.look()
    for content in ({"accuracy": 0.5, "step": 0}, None, {"accuracy": 0.6, "step": 3}, {"accuracy": 0.6, "step": 3, "more": 1}):
        assert not run.look(content)
    assert run.told == [{0: 0.5}, {1: 0.5, 2: 0.5, 3: 0.6}]
    assert run.look({"accuracy": 0.7, "step": 5}) and run.live.step == 5
    run.look({"accuracy": 0.8, "step": 500})
    assert run.told[2] == {4: 0.6, 5: 0.7}
    assert (list(run.told[3]), run.told[3][499], run.told[3][500]) == (list(range(400, 501)), 0.7, 0.8)


@pytest.mark.parametrize(
    "content",
    ['{"accuracy": 0.', "", "[]", {"accuracy": 0.5}, {"step": 1}, {"accuracy": "x", "step": 1}, {"accuracy": 0.5, "step": 1.5},
     {"accuracy": 0.5, "step": -1}, {"accuracy": 0.5, "step": 1e12}, '{"accuracy": NaN, "step": 1}'],
)  # fmt: skip
def test_what_says_no_step_or_no_value_is_passed_over(content: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Writing(tmp_path, monkeypatch)
    assert not run.look(content)
    assert run.told == []
    run.look({"accuracy": 0.5, "step": 1})
    assert run.told == [{1: 0.5}]


def test_a_link_or_a_folder_in_its_place_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Writing(tmp_path, monkeypatch)
    run.file.unlink()
    assert not run.look()
    (tmp_path / "else.json").write_text('{"accuracy": 0.5, "step": 1}')
    run.file.symlink_to("else.json")
    (tmp_path / "other.json").mkdir()
    assert not run.look()
    assert run.told == []
