"""The objective while a run goes on: what the training writes to its metrics file step by step, as DVCLive does."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from actions.evaluate import files
from actions.evaluate.trouble import Undefined

Told = Callable[[Mapping[int, float]], bool]
"""Is told the value of each step since the last time, the newest last; says whether it is enough."""
STEP = "step"
"""The key of a metrics file that says which step its values are of."""
_PAUSE = 0.1
_MOST_STEP = 10_000_000
_MOST_MISSED = 100
"""Steps between two looks that are told at most: the last ones."""


class Live:
    """Looks at the metrics files of a run. What stood there before it began is of another run.

    Of steps that came and went between two looks nothing is known but the value before them, so that is theirs: a training that
    gets better is never taken for a better one than it was, and others are not measured by what came later.
    """

    def __init__(self, root: Path, paths: Sequence[str], metric: str, told: Told) -> None:
        self._places = {path: root / path for path in paths}
        self._metric = metric
        self._told = told
        self._seen = {path: _state(place) for path, place in self._places.items()}
        self._last, self._value = -1, 0.0
        self._next = 0.0

    @property
    def step(self) -> int:
        """The newest step that was told; -1 before the first."""
        return self._last

    def enough(self) -> bool:
        """Whether the run may end, for whoever asks often; it looks at most ten times a second."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + _PAUSE
        return any(self._look(path, place) for path, place in self._places.items())

    def _look(self, path: str, place: Path) -> bool:
        state = _state(place)
        if state is None or state == self._seen[path]:
            return False
        self._seen[path] = state
        try:
            numbers = files.read(path, place.read_bytes()).numbers
        except (Undefined, OSError):  # it is being written at this moment
            return False
        step, value = numbers.get(STEP), numbers.get(self._metric)
        if step is None or value is None or step != int(step) or not self._last < step <= _MOST_STEP:
            return False
        first = max(self._last + 1, int(step) - _MOST_MISSED) if self._last >= 0 else int(step)
        found = dict.fromkeys(range(first, int(step)), self._value) | {int(step): value}
        self._last, self._value = int(step), value
        return self._told(found)


def _state(place: Path) -> tuple[int, int, int] | None:
    """What tells one state of an ordinary file from another; None where there is none, or one that is too large."""
    try:
        found = place.lstat()
    except OSError:
        return None
    ordinary = place.is_file() and not place.is_symlink() and found.st_size <= files.MOST_BYTES
    return (found.st_mtime_ns, found.st_size, found.st_ino) if ordinary else None
