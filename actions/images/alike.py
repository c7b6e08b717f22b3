"""Finds what is alike: images or texts whose hashes differ in few bits, and those that are like them in turn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1_024
"""Hashes that are compared with all others of their bucket at once."""


def groups(signatures: Sequence[str], within: int) -> list[list[int]]:
    """The positions that are alike, in groups of two or more, the largest first, else in order.

    Hashes of 128 bits that differ in at most `within` of them are equal in at least one of `within + 1` pieces: only those that
    share a piece are compared.
    """
    if len(signatures) < 2:
        return []
    known, first = np.unique(np.array(signatures), return_inverse=True)
    bits = np.frombuffer(bytes.fromhex("".join(known)), dtype=np.uint64).reshape(-1, 2)
    parents = np.arange(len(known))
    if within:
        _join(bits, parents, within)
    found: dict[int, list[int]] = {}
    for position, index in enumerate(first):
        found.setdefault(_root(parents, int(index)), []).append(position)
    return sorted((group for group in found.values() if len(group) > 1), key=lambda group: (-len(group), group))


def _join(bits: NDArray[np.uint64], parents: NDArray[np.intp], within: int) -> None:
    """Join the hashes that are near each other, piece by piece."""
    plain = np.unpackbits(bits.view(np.uint8), axis=1)
    for piece in np.array_split(np.arange(plain.shape[1]), within + 1):
        packed = np.packbits(plain[:, piece], axis=1)
        _, bucket = np.unique(packed, axis=0, return_inverse=True)
        order = np.argsort(bucket.ravel(), kind="stable")
        for members in np.split(order, np.flatnonzero(np.diff(bucket.ravel()[order])) + 1):
            if len(members) > 1:
                _compare(bits, members, parents, within)


def _compare(bits: NDArray[np.uint64], members: NDArray[np.intp], parents: NDArray[np.intp], within: int) -> None:
    for start in range(0, len(members), _BLOCK):
        mine, others = members[start : start + _BLOCK], members[start:]
        differ = np.bitwise_count(bits[mine][:, None, :] ^ bits[others][None, :, :]).sum(axis=2)
        for one, other in zip(*np.nonzero(differ <= within), strict=True):
            low, high = _root(parents, int(mine[one])), _root(parents, int(others[other]))
            parents[max(low, high)] = min(low, high)


def _root(parents: NDArray[np.intp], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = int(parents[index])
    return index
