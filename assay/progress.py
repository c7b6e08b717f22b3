"""Progress while something takes long: a moving line where somebody is looking, one line a step in a log."""

from collections.abc import Iterator
from contextlib import contextmanager

from actions.progress import Progress, Silent


@contextmanager
def shown(quiet: bool = False) -> Iterator[Progress]:
    """Progress while the block runs; nothing where `quiet`."""
    if quiet:
        yield Silent()
        return
    from assay.live import drawn

    with drawn() as told:
        yield told


def printable(text: str) -> str:
    """The text without control characters, which could move the cursor or retitle the window; escapes tell what they were."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
