"""What differs between two texts, line by line, in time that grows with their length alone: both may come from strangers."""

import difflib
from collections.abc import Sequence

_MOST = 80
"""Lines in a row, past what both texts begin and end with, that are matched with each other."""


def changed(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The lines that only one of two texts has, as a diff marks them: `-` before, `+` after, without what stays."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if max(len(old), len(new)) > _MOST:
        # To match them takes time that grows with the square: they are shown as what went and what came.
        return [*(f"-{line}" for line in old), *(f"+{line}" for line in new)]
    return _matched(old, new)


def _matched(old: Sequence[str], new: Sequence[str]) -> list[str]:
    told: list[str] = []
    for kind, first, last, begin, stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            told += [f"-{line}" for line in old[first:last]] + [f"+{line}" for line in new[begin:stop]]
    return told
