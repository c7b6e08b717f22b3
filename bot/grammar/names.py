"""Whose command a line is: ours, a slip of the pen for one of ours, or somebody else's.

Names are told apart without regard to case, in ASCII alone: a letter of another script or of full width never makes one of our
names, however much it looks like it. What is close to one of ours gets that one as a suggestion, and is not run; all else that
begins with a slash belongs to other bots and is left alone. `/assay train` says whose it is, and can be made the only way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_FIRST = re.compile(r"/(\S+)")
_NEXT = re.compile(r"[ \t]+(\S+)")
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Prefix:
    """The word that may, or must, stand before every command: `/assay train`."""

    name: str = "assay"
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A line that is addressed to us. `name` is empty where we have no such command; arguments begin at `end`.

    `start` is where the name that was written begins; `suggestion` is what to write instead.
    """

    name: str
    start: int
    end: int
    suggestion: str = ""


class Names:
    """The names of commands, with their aliases (alias -> name)."""

    def __init__(self, names: Iterable[str], aliases: Mapping[str, str] | None = None, prefix: Prefix | None = None) -> None:
        self._names = dict(aliases or {}) | {name: name for name in names}
        self._prefix = prefix or Prefix()

    def call(self, line: str) -> Call | None:
        """Whose command the line is; None where it is not for us."""
        first = _FIRST.match(line)
        if not first:
            return None
        if _folded(first[1]) == self._prefix.name:
            following = _NEXT.match(line, first.end())
            if not following:
                return Call("", first.end(), first.end(), f"/{self._prefix.name} help")
            return self._named(following, f"/{self._prefix.name} ")
        if self._prefix.mandatory:
            return None
        call = self._named(first, "/")
        return call if call.name or call.suggestion else None

    def _named(self, written: re.Match[str], lead: str) -> Call:
        name = self._names.get(_folded(written[1]), "")
        close = "" if name else closest(written[1], self._names)
        return Call(name, written.start(1), written.end(1), f"{lead}{close}" if close else "")


def _folded(word: str) -> str:
    # Lower case is for ASCII only: the Kelvin sign and the long s would otherwise become a `k` and an `s`.
    return word.lower() if word.isascii() else word


def closest(written: str, names: Iterable[str]) -> str:
    """The one name that was probably meant; empty where none is near.

    Near is one slip (a letter more, less, other, or two swapped) for each four letters of the name.
    """
    if len(written) > LONGEST_NAME:
        return ""
    word = unicodedata.normalize("NFKC", written).lower()
    ranked = ((_slips(word, name, max(1, len(name) // 4)), name) for name in names if len(name) > 1)
    return min((pair for pair in ranked if pair[0] is not None), default=(0, ""))[1]


def _slips(word: str, name: str, most: int) -> int | None:
    """The distance of Damerau and Levenshtein (optimal string alignment), None above `most`."""
    if abs(len(word) - len(name)) > most or len(set(word) ^ set(name)) > 2 * most:
        return None
    before: list[int] = []
    above = list(range(len(name) + 1))
    for row, letter in enumerate(word, 1):
        current = [row]
        for column, other in enumerate(name, 1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == name[column - 2] and other == word[row - 2]:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1] if above[-1] <= most else None
