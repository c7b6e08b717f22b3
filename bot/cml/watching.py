"""`--watch`: when a file has changed and stays so for a moment, it is published again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

EVERY = 0.5
"""Seconds between two looks."""
SETTLED = 2.0
"""Seconds that a file must stay as it is, so that half a report is not published."""

_Stamp = tuple[int, int] | None


def changes(
    file: Path, trigger: Path | None, stopped: Callable[[], bool], pause: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Yields whenever the file changed and settled, or, with a trigger file, whenever that appears (it is then removed).

    Ends once `stopped` is true, after a last look: what was written just before the end is published too.
    """
    published = seen = _stamp(trigger or file)
    quiet = 0.0
    if trigger is None and published is not None:
        yield
    while True:
        ending = stopped()
        now = _stamp(trigger or file)
        quiet = quiet + EVERY if now == seen else 0.0
        seen = now
        fresh = now is not None and (trigger is not None or now != published)
        if fresh and (ending or trigger is not None or quiet >= SETTLED):
            published = now
            yield
            if trigger is not None:
                trigger.unlink(missing_ok=True)
        if ending:
            return
        pause(EVERY)


def _stamp(path: Path) -> _Stamp:
    try:
        told = path.stat()
    except OSError:
        return None
    return (told.st_mtime_ns, told.st_size)
