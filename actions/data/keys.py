"""Rows found again by their key, without holding the keys.

Each row's key becomes two 64-bit hashes under seeds drawn anew for every comparison: `hash` finds the row, `check`
proves that the row found has the same key. Two keys that share a `hash` but not a `check` are a collision (about one
comparison in 100,000 at ten million rows); then everything is hashed again under other seeds. What is never seen is a
collision of all 128 bits. So a side costs 17 bytes a row, however wide its keys are.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from actions.data.kinds import DataType, common
from policy.problems import UserProblem

Rows = npt.NDArray[np.int64]
"""Row numbers, from zero."""

ATTEMPTS = 5

Found = TypeVar("Found")


class CollisionError(Exception):
    """Two different keys have the same hash; other seeds will tell them apart."""


@dataclass(frozen=True)
class Seeds:
    """The seeds of one comparison. Nobody can prepare values that collide under them."""

    hash: int
    check: int

    @classmethod
    def draw(cls) -> "Seeds":
        """New seeds. The outcome of a comparison does not depend on them."""
        return cls(hash=secrets.randbits(63), check=secrets.randbits(63))


@dataclass(frozen=True)
class Keys:
    """The keys of one frame, in its row order: columns `hash`, `check` (UInt64) and `null` (whether any part is)."""

    frame: pl.DataFrame
    distinct: int

    @property
    def rows(self) -> int:
        """Rows of the frame."""
        return self.frame.height

    @property
    def duplicates(self) -> int:
        """Rows beyond the first of each key; a null is a key like any other."""
        return self.frame.height - self.distinct

    @property
    def nulls(self) -> int:
        """Rows with a null in any part of the key."""
        return int(self.frame["null"].sum())

    def repeated(self, limit: int) -> Rows:
        """The first `limit` rows, of different keys, whose key an earlier row already has."""
        if not self.duplicates:
            return np.empty(0, dtype=np.int64)
        hashes = self.frame["hash"]
        rows = (~hashes.is_first_distinct()).arg_true()
        first = rows.filter(hashes.gather(rows).is_first_distinct())
        return first.head(limit).cast(pl.Int64).to_numpy()


@dataclass(frozen=True)
class Matches:
    """Which rows of two frames belong together: row `base[i]` with row `head[i]`."""

    base: Rows
    head: Rows
    removed: Rows
    added: int


def key_types(base: Mapping[str, DataType], head: Mapping[str, DataType], key: Sequence[str]) -> dict[str, DataType] | None:
    """The type in which each part of the key compares, or None where a part is missing on one side or has no such type.

    Raises UserProblem where a part is in neither: then the policy is wrong, not the data.
    """
    types: dict[str, DataType] = {}
    for name in dict.fromkeys(key):
        if name not in base and name not in head:
            raise UserProblem(f"the data has no column {name!r}", "key", f"name columns of the data: {_list(head)}")
        kind = common(base[name], head[name]) if name in base and name in head else None
        if kind is None:
            return None
        types[name] = kind
    return types


def read(frame: pl.LazyFrame, types: Mapping[str, DataType], seeds: Seeds) -> Keys:
    """Hash the key of every row, streamed. Raises CollisionError."""
    hashes = frame.select(hashed(types, seeds.hash).alias("hash"), hashed(types, seeds.check).alias("check"), _any_null(types))
    found = hashes.collect(engine="streaming")
    keys = Keys(found, found["hash"].n_unique())
    if keys.duplicates:
        _refuse_mixed(found)
    return keys


def hashed(types: Mapping[str, DataType], seed: int) -> pl.Expr:
    """The 64-bit hash of the named columns, each in the given type."""
    return pl.struct(pl.col(name).cast(kind) for name, kind in types.items()).hash(seed)


def without_collision(attempt: Callable[[Seeds], Found]) -> Found:
    """The outcome of `attempt` under the first seeds that meet no collision."""
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt(Seeds.draw())
        except CollisionError:
            continue
    return attempt(Seeds.draw())


def match(base: Keys, head: Keys) -> Matches:
    """Bring the rows of both sides together by key. Raises CollisionError.

    The n-th row of a key in the base belongs to its n-th row in the head, so that rows which appear more often in
    one of them are removed or added, never lost.
    """
    matches = _in_order(base, head) or _joined(base, head)
    ours, theirs = base.frame["check"].gather(matches.base), head.frame["check"].gather(matches.head)
    if not (ours == theirs).all():
        raise CollisionError
    return matches


def _any_null(types: Mapping[str, DataType]) -> pl.Expr:
    return pl.any_horizontal(pl.col(name).is_null() for name in types).alias("null")


def _refuse_mixed(keys: pl.DataFrame) -> None:
    """Rows that share a hash must share the check: else they are two keys and not one."""
    repeated = keys.filter(pl.col("hash").is_duplicated())
    if repeated.select("hash", "check").n_unique() != repeated["hash"].n_unique():
        raise CollisionError


def _in_order(base: Keys, head: Keys) -> Matches | None:
    """The usual change appends rows or cuts some off: then no join is needed."""
    if base.duplicates or head.duplicates:
        return None
    both = min(base.frame.height, head.frame.height)
    if not (base.frame["hash"].head(both) == head.frame["hash"].head(both)).all():
        return None
    rows = np.arange(both, dtype=np.int64)
    return Matches(rows, rows, np.arange(both, base.frame.height, dtype=np.int64), head.frame.height - both)


def _joined(base: Keys, head: Keys) -> Matches:
    by = ["hash"]
    ours, theirs = base.frame.select("hash"), head.frame.select("hash")
    if base.duplicates or head.duplicates:
        by, nth = ["hash", "nth"], pl.int_range(pl.len()).over("hash").alias("nth")
        ours, theirs = ours.with_columns(nth), theirs.with_columns(nth)
    found = ours.join(theirs.with_row_index("head"), on=by, how="left", maintain_order="left")["head"]
    kept = found.is_not_null()
    rows = kept.arg_true().cast(pl.Int64).to_numpy()
    removed = (~kept).arg_true().cast(pl.Int64).to_numpy()
    return Matches(rows, found.drop_nulls().cast(pl.Int64).to_numpy(), removed, head.frame.height - len(rows))


def _list(names: Mapping[str, DataType]) -> str:
    some = list(names)[:10]
    return ", ".join(some) + (", …" if len(names) > len(some) else "")
