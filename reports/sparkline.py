"""Histograms in one line of text: ▂▃▄█▅▁."""

from collections.abc import Sequence
from itertools import pairwise

_BARS = "▁▂▃▄▅▆▇█"
_WIDEST = 12


def sparkline(counts: Sequence[int], *, width: int = _WIDEST) -> str:
    """One bar a bin, at most `width` of them: every bar covers an equal share of the bins. The tallest is a full bar.

    A bin that holds anything stands above the lowest bar, which means empty. No counts, no bars.
    """
    bins = _merged(counts, width)
    top = max(bins, default=0)
    if top <= 0:
        return ""
    return "".join(_BARS[0 if each <= 0 else max(1, round(each / top * 7))] for each in bins)


def pair(base: Sequence[int], head: Sequence[int], *, width: int = _WIDEST) -> str:
    """Base beside head, `main ▸ this`, each scaled by itself: shapes are compared, not sizes."""
    before, after = sparkline(base, width=width), sparkline(head, width=width)
    return f"{before or '·'} ▸ {after or '·'}" if before or after else ""


def trend(values: Sequence[float], *, width: int = _WIDEST) -> str:
    """One bar a value, the last `width` of them, from the lowest value to the highest; values that are all equal lie halfway."""
    shown = values[-width:]
    low, high = min(shown, default=0.0), max(shown, default=0.0)
    # Halves first: the room between two large numbers of opposite signs may be more than a number can hold.
    room = high / 2 - low / 2
    return "".join(_BARS[round((each / 2 - low / 2) / room * 7)] if room else _BARS[3] for each in shown)


def _merged(counts: Sequence[int], width: int) -> Sequence[float]:
    """The counts of `width` equal stretches; a bin that two of them share is divided as it lies, so one hill stays one hill."""
    if len(counts) <= width:
        return counts
    # In units of 1/width of a bin, in which all edges are whole: exact, where fractions would leave crumbs in empty stretches.
    below = [0]
    for count in counts:
        below.append(below[-1] + count * width)

    def up_to(edge: int) -> int:
        whole, part = divmod(edge, width)
        return below[whole] + (counts[whole] * part if part else 0)

    edges = [up_to(stretch * len(counts)) for stretch in range(width + 1)]
    return [after - before for before, after in pairwise(edges)]
