"""Text of people in a page that is otherwise generated: what stands between two marks is kept, byte for byte.

`<!-- assay:keep NAME -->…<!-- /assay:keep -->`. Nothing that `reports.markdown` makes can hold such a mark, so only people
and the generator write one.
"""

import re
from collections.abc import Mapping

_OPEN = "<!-- assay:keep "
_CLOSE = "<!-- /assay:keep -->"
_BLOCK = re.compile(rf"{_OPEN}([a-z][a-z0-9_-]{{0,39}}) -->(.*?){_CLOSE}", re.DOTALL)


def slot(name: str) -> str:
    """The place of a text in a page that is not filled yet."""
    return f"{_OPEN}{name} -->{_CLOSE}"


def find(page: str) -> dict[str, str]:
    """What people wrote in a page, by the name of its place.

    Raises ValueError, in words, where a place is not closed, holds another, has no name or is there twice: then nobody can tell
    what is to be kept.
    """
    found: dict[str, str] = {}
    for block in _BLOCK.finditer(page):
        name, text = block.groups()
        if _OPEN in text:
            raise ValueError(f"`{_OPEN}{name} -->` is not closed with `{_CLOSE}`")
        if name in found:
            raise ValueError(f"`{_OPEN}{name} -->` is there twice")
        found[name] = text
    rest = _BLOCK.sub("", page)
    if _OPEN in rest or _CLOSE in rest:
        raise ValueError(f"a line with `{_OPEN if _OPEN in rest else _CLOSE}` has no counterpart, or no plain name")
    return found


def fill(page: str, kept: Mapping[str, str], defaults: Mapping[str, str]) -> str:
    """A page with its places filled: with what was kept, else with a default. What has no place any more stands at the end."""
    names = [block[1] for block in _BLOCK.finditer(page)]
    filled = _BLOCK.sub(lambda block: _filled(block[1], kept.get(block[1], defaults.get(block[1], ""))), page)
    others = [_filled(name, text) for name, text in kept.items() if name not in names]
    return "\n\n".join([filled.rstrip("\n"), *others]) + "\n" if others else filled


def _filled(name: str, text: str) -> str:
    return f"{_OPEN}{name} -->{text}{_CLOSE}"
