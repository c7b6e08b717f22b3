"""How the categories of one column are distributed: exact counts of the most frequent, the rest as one heap.

Up to `KEEP` categories everything is kept and exact. Beyond, the heaviest are kept with the largest count of any that is
not, so a merged count is an interval (a part that does not name a category may hold up to that many of it). This is the
Misra-Gries summary's bound, mergeable in the sense of Agarwal and others, "Mergeable summaries", PODS 2012.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

KEEP = 8_192
LONGEST = 120
"""A longer category is kept as its beginning and a digest: free text would make a profile as large as its data."""


@dataclass(frozen=True)
class Categories:
    """Counts of categories, most frequent first, ties by name.

    `low` and `high` bound each named category's count (equal in a profile of one reading). `largest_unnamed` bounds the
    count of any category that is not named; 0 means that all are. `distinct` counts all categories, at most.
    """

    count: int
    distinct: int
    names: tuple[str, ...]
    low: Ints
    high: Ints
    largest_unnamed: int

    @property
    def complete(self) -> bool:
        """Whether every category is named."""
        return self.largest_unnamed == 0

    @property
    def identifying(self) -> bool:
        """Whether the column rather names rows than groups them: more than half of its values are distinct."""
        return self.distinct > 64 and 2 * self.distinct > self.count


def counted(names: list[str], counts: Ints, *, total: int, distinct: int, largest_unnamed: int = 0) -> Categories:
    """Categories from exact counts, in any order; of `distinct` in the whole column, those not given are unnamed."""
    short = [shortened(name) for name in names]
    order = sorted(range(len(short)), key=lambda at: (-int(counts[at]), short[at]))
    sorted_counts = np.asarray(counts, dtype=np.int64)[order]
    return Categories(total, distinct, tuple(short[at] for at in order), sorted_counts, sorted_counts, largest_unnamed)


def merge(parts: list[Categories]) -> Categories:
    """The categories of several columns together; see the module for what is left of certain."""
    parts = [part for part in parts if part.count]
    if len(parts) == 1:
        return parts[0]
    low: Counter[str] = Counter()
    spare: Counter[str] = Counter()
    """By how much a count may be higher than `low`, counted from the sum of all parts' largest unnamed."""
    unnamed = sum(part.largest_unnamed for part in parts)
    for part in parts:
        for name, least, most in zip(part.names, part.low.tolist(), part.high.tolist(), strict=True):
            low[name] += least
            spare[name] += most - least - part.largest_unnamed
    named = sum(len(part.names) for part in parts)
    distinct = sum(part.distinct for part in parts) - (named - len(low))
    order = sorted(low, key=lambda name: (-low[name], name))
    kept, dropped = order[:KEEP], order[KEEP:]
    most_dropped = max((low[name] + spare[name] + unnamed for name in dropped), default=0)
    return Categories(
        count=sum(part.count for part in parts),
        distinct=distinct,
        names=tuple(kept),
        low=np.array([low[name] for name in kept], dtype=np.int64),
        high=np.array([low[name] + spare[name] + unnamed for name in kept], dtype=np.int64),
        largest_unnamed=max(most_dropped, unnamed),
    )


def shortened(name: str) -> str:
    """A category as it is kept: itself, or where it is long its beginning and a digest of the whole."""
    if len(name) <= LONGEST:
        return name
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{name[: LONGEST - 20]}…{digest}"
