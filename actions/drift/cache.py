"""Keeps profiles by the content they describe, so that a data set is read once ever.

An entry is found by the digest of the data and the version of the algorithm; one that is damaged, too large or of another
content is as good as none. The bytes hold no code: a header line, then compressed JSON with arrays as base64.
"""

import base64
import hashlib
import json
import math
import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from actions.drift.categories import LONGEST, Categories
from actions.drift.numbers import Numbers
from actions.drift.profile import Column, Kind, Profile

VERSION = 1
"""Raised with every change of what a profile holds or how it is computed."""
LARGEST_FILE = 64 << 20
LARGEST_TEXT = 512 << 20
_HEADER = f"assay profile {VERSION}\n".encode()
_EXACT = ("below_low", "upto_low")
_INTERVALS = ("below_low", "below_high", "upto_low", "upto_high")


class ProfileCache:
    """Profiles in a directory of their own. Several processes may use it at once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, digest: str) -> Profile | None:
        """The profile of the data with this digest; None where there is none that can be used."""
        try:
            path = self._path(digest)
            if path.stat().st_size > LARGEST_FILE:
                return None
            return decode(path.read_bytes(), digest)
        except (OSError, ValueError):
            return None

    def put(self, digest: str, profile: Profile) -> None:
        """Remember a profile, whole or not at all. A cache that cannot be written is slow, not wrong: that is no error."""
        with suppress(OSError):
            self._directory.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._directory, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(encode(profile, digest))
                Path(name).replace(self._path(digest))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def _path(self, digest: str) -> Path:
        """Where an entry lies. The digest comes from files of the pull request, so it is hashed and never part of a path."""
        return self._directory / f"{hashlib.sha256(f'{VERSION} {digest}'.encode()).hexdigest()[:40]}.profile"


def encode(profile: Profile, digest: str) -> bytes:
    """A profile as bytes; equal profiles give equal bytes."""
    text = json.dumps({"digest": digest, "rows": profile.rows, "columns": [packed(column) for column in profile.columns]})
    return _HEADER + zlib.compress(text.encode(), 1)


def decode(data: bytes, digest: str) -> Profile:
    """A profile from bytes. Raises ValueError for anything that is not one, or is not of this content."""
    if not data.startswith(_HEADER):
        raise ValueError("not a profile of this version")
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(data[len(_HEADER) :], LARGEST_TEXT)
        if not inflate.eof:
            raise ValueError("cut off, or too large")
        found = json.loads(text)
        if found["digest"] != digest:
            raise ValueError("of other content")
        rows = _count(found["rows"])
        return Profile(rows, tuple(unpacked(column, rows) for column in found["columns"]))
    except (zlib.error, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a profile: {error}") from None


def packed(column: Column) -> dict[str, Any]:
    """A column as JSON can hold it; arrays are base64 of little-endian numbers of 64 bits."""
    plain: dict[str, Any] = {"name": column.name, "kind": column.kind, "dtype": column.dtype}
    plain["missing"] = column.missing
    if column.numbers:
        known = column.numbers
        arrays = _EXACT if known.below_low is known.below_high else _INTERVALS
        plain["numbers"] = {"count": known.count, "mean": known.mean, "deviation": known.deviation}
        plain["numbers"] |= {name: _pack(getattr(known, name)) for name in ("points", *arrays)}
    if column.categories:
        kept = column.categories
        plain["categories"] = {"count": kept.count, "distinct": kept.distinct, "largest_unnamed": kept.largest_unnamed}
        plain["categories"] |= {"names": kept.names, "low": _pack(kept.low)}
        if kept.high is not kept.low:
            plain["categories"]["high"] = _pack(kept.high)
    return plain


def unpacked(plain: dict[str, Any], rows: int) -> Column:
    """A column from what `packed` made of it. Raises ValueError, KeyError or TypeError for anything else."""
    kind, missing = plain["kind"], _count(plain["missing"])
    of_numbers, of_categories = plain.get("numbers"), plain.get("categories")
    wants_numbers, wants_categories = kind in ("number", "time"), kind in ("category", "boolean")
    if kind not in get_args(Kind) or (of_numbers is None) is wants_numbers or (of_categories is None) is wants_categories:
        raise ValueError("no such column")
    numbers = _read_numbers(of_numbers) if of_numbers is not None else None
    categories = _read_categories(of_categories) if of_categories is not None else None
    held = numbers.count if numbers else categories.count if categories else rows - missing
    if held + missing != rows or (held == 0 and kind not in ("empty", "other")) or (held > 0 and kind == "empty"):
        raise ValueError("the counts do not add up")
    return Column(str(plain["name"]), kind, str(plain["dtype"]), rows, missing, numbers, categories)


def _read_numbers(plain: dict[str, Any]) -> Numbers:
    count, mean, deviation = _count(plain["count"]), float(plain["mean"]), float(plain["deviation"])
    points, below, upto = _floats(plain["points"]), _ints(plain["below_low"]), _ints(plain["upto_low"])
    below_high = _ints(plain["below_high"]) if "below_high" in plain else below
    upto_high = _ints(plain["upto_high"]) if "upto_high" in plain else upto
    sizes = {len(array) for array in (points, below, below_high, upto, upto_high)}
    sound = (
        sizes == {len(points)}
        and len(points) > 0
        and math.isfinite(mean)
        and math.isfinite(deviation)
        and deviation >= 0
        and np.isfinite(points).all()
        and (points[1:] > points[:-1]).all()
        and all(_rising(low, high, count) for low, high in ((below, upto), (below_high, upto_high)))
        and (below <= below_high).all()
        and (upto <= upto_high).all()
    )
    if not sound:
        raise ValueError("no distribution")
    return Numbers(count, mean, deviation, points, below, below_high, upto, upto_high)


def _rising(below: NDArray[np.int64], upto: NDArray[np.int64], count: int) -> bool:
    """Whether ranks begin at 0 or above, never fall, and end at `count`."""
    ranks = np.column_stack((below, upto)).ravel()
    return bool(ranks[0] >= 0 and (ranks[1:] >= ranks[:-1]).all() and ranks[-1] == count)


def _read_categories(plain: dict[str, Any]) -> Categories:
    names, low = tuple(str(name) for name in plain["names"]), _ints(plain["low"])
    high = _ints(plain["high"]) if "high" in plain else low
    count, distinct, unnamed = _count(plain["count"]), _count(plain["distinct"]), _count(plain["largest_unnamed"])
    sizes = len(names) == len(low) == len(high) == len(set(names)) > 0
    if not sizes or (low < 0).any() or (high < low).any() or int(low.sum()) > count or max(map(len, names)) > LONGEST:
        raise ValueError("no categories")
    return Categories(count, distinct, names, low, high, unnamed)


def _pack(array: NDArray[Any]) -> str:
    return base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()


def _ints(text: str) -> NDArray[np.int64]:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype="<i8").astype(np.int64)


def _floats(text: str) -> NDArray[np.float64]:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype="<f8").astype(np.float64)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise ValueError("no count")
    return value
