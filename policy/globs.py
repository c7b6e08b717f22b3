"""Patterns of paths: `*` within a folder, `**` across folders, `?` for one character. Pure."""

import re
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_MOST_STARS = 5


def _sparing(pattern: str) -> str:
    if pattern.startswith("/") or "***" in pattern or len(re.findall(r"\*+", pattern)) > _MOST_STARS:
        raise ValueError(f"write a path from the top of the repository, with at most {_MOST_STARS} places of `*` or `**`")
    return pattern


Glob = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_sparing)]
"""A pattern with few stars: each of them multiplies the ways in which a path is tried."""


def matches(pattern: str, path: str) -> bool:
    """Whether a path, with `/` between its folders, is meant by a pattern. A pattern that ends in `/` means all below it."""
    return bool(_compiled(pattern).fullmatch(path))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern + "**" if pattern.endswith("/") else pattern)
    return re.compile("".join(_WILD.get(each) or re.escape(each) for each in pieces), re.DOTALL)


_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
