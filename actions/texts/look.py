"""One text: whether its bytes are sound UTF-8, and what it is in a few numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from actions.texts.characters import KINDS, codes, kinds
from actions.texts.language import language

MOST_BYTES = 20_000_000
"""A larger file is not read: it is no text that is one row."""
_SHINGLE = 3
_BLOCK = 50_000
"""Runs of words that are hashed at once."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
# UTF-8 that was read as Latin-1 or Windows-1252. Signs that may well follow a capital letter (quotes, spaces) are left out.
_SIGNS = "\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf\u20ac\u0192\u2020\u2021\u0160\u0161\u0152\u0153\u017d\u017e\u0178\u2122"
_MISREAD = re.compile(f"[\u00c2\u00c3][{_SIGNS}\u0080-\u009f]|\u00e2\u20ac")


class Broken(ValueError):
    """It is no text; the message says why."""


@dataclass(frozen=True)
class Seen:
    """What is known of a text.

    `fault` is what is wrong with its characters, else None. `letters`, `digits` and `punctuation` are shares of its characters.
    `language` is a code of ISO 639-1, None where it cannot be told. `signature` is the SimHash of its words, 32 hex digits; of a
    text without any, of what it has instead; None where it is blank.
    """

    fault: str | None
    characters: int
    words: int
    language: str | None
    letters: float
    digits: float
    punctuation: float
    signature: str | None


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        Broken: it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Broken(f"it is not UTF-8 at byte {error.start:,}") from None


def look(text: str, words: Sequence[str]) -> Seen:
    """Measure a text whose words are `words`."""
    total = max(1, len(text))
    counts = dict(zip(KINDS, np.bincount(kinds(codes(text)), minlength=len(KINDS)).tolist(), strict=True))
    compared = words or text.split()
    return Seen(
        fault=_fault(text),
        characters=len(text),
        words=len(words),
        language=language(text, words),
        letters=(counts["L"] + counts["M"]) / total,
        digits=counts["N"] / total,
        punctuation=counts["P"] / total,
        signature=signature(compared) if compared else None,
    )


def _fault(text: str) -> str | None:
    if "\ufffd" in text:
        return "it has replacement characters"
    if _CONTROL.search(text):
        return "it has control characters"
    return "its encoding is garbled" if _MISREAD.search(text) else None


def signature(words: Sequence[str]) -> str:
    """The SimHash of at least one word: 128 bits, each what most runs of three words have in it, each run counted once.

    Texts that share most of their runs differ in few bits; those that share none, in about 64.
    """
    runs = {" ".join(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1))}
    bits = np.zeros(128, dtype=np.int64)
    ordered = list(runs)
    for start in range(0, len(ordered), _BLOCK):
        hashed = b"".join(blake2b(run.encode(), digest_size=16).digest() for run in ordered[start : start + _BLOCK])
        bits += np.unpackbits(np.frombuffer(hashed, dtype=np.uint8).reshape(-1, 16), axis=1).sum(axis=0, dtype=np.int64)
    return np.packbits(2 * bits > len(runs)).tobytes().hex()
