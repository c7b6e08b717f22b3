"""The data files of plots: JSON, YAML, CSV or TSV becomes columns, and columns become points that can be drawn.

The files come from a pull request. Nothing in them is run; what is no number is left out and counted.
"""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from policy import yaml_text
from policy.problems import UserProblem

MOST_BYTES = 10 * 1024 * 1024
SUFFIXES = (".json", ".csv", ".tsv", ".yaml", ".yml")
_MOST_ROWS = 500_000
_MOST_FIELDS = 2_000
_DEEPEST = 10
_LONGEST_LABEL = 80

Row = Mapping[str, Any]


class NotDrawn(Exception):
    """Why something cannot be drawn, in words that go under the picture's title."""


def rows(name: str, content: bytes, *, header: bool = True) -> list[Row]:
    """The rows of a file; its name tells the format. Without a header, fields are called "0", "1", and so on.

    Raises:
        NotDrawn: the file cannot be read.
    """
    suffix = PurePosixPath(name).suffix.lower()
    try:
        text = content.decode("utf-8-sig")
        if suffix in (".csv", ".tsv"):
            found = _separated(text, "," if suffix == ".csv" else "\t", header)
        elif suffix == ".json":
            # Integers as floats: Python refuses integers of more than 4,300 digits, and a picture needs no more.
            found = _merged(json.loads(text, parse_int=float))
        elif suffix in (".yaml", ".yml"):
            found = _merged(yaml_text.read(text, name).data)
        else:
            raise NotDrawn(f"plots are read from {', '.join(SUFFIXES)}, not from {suffix or 'a file without an ending'}")
    except UserProblem as problem:
        raise NotDrawn(f"{name} cannot be read: {problem.what}"[:400]) from None
    except RecursionError:
        raise NotDrawn(f"{name} is nested too deeply") from None
    except (ValueError, csv.Error) as error:
        raise NotDrawn(f"{name} cannot be read: {error}"[:400]) from None
    if not found:
        raise NotDrawn(f"{name} holds no points")
    if len(found) > _MOST_ROWS:
        raise NotDrawn(f"{name} holds {len(found):,} points, more than {_MOST_ROWS:,}")
    return found


def last_field(table: Sequence[Row], other_than: str | None) -> str:
    """The field that DVC draws where none is named: the last, unless that is already the x axis."""
    names = list(table[0])
    return next((name for name in reversed(names) if name != other_than), names[-1] if names else "")


def column(table: Sequence[Row], field: str, path: str) -> list[Any]:
    """One field of every row, None where a row lacks it.

    Raises:
        NotDrawn: no row has it.
    """
    if not any(field in row for row in table):
        known = ", ".join(list(table[0])[:10])
        raise NotDrawn(f"{path} has no field {field[:80]}; it has {known[:200]}")
    return [row.get(field) for row in table]


def number(value: Any) -> float | None:
    """A finite number, also one written as text; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        made = math.nan if isinstance(value, str) and "_" in value else float(value)
    except (ValueError, OverflowError):
        return None
    return made if math.isfinite(made) else None


def label(value: Any) -> str | None:
    """The name of a class or bar; None where there is none."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    return clean(str(value), _LONGEST_LABEL) if isinstance(value, str | int | float) else None


def clean(text: str, most: int) -> str:
    """Text that JSON can carry, cut: escapes and bytes that are no text may have left half characters in it."""
    return text.encode("utf-8", "replace").decode()[:most]


def _separated(text: str, delimiter: str, header: bool) -> list[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] | None = next(lines, []) if header else None
    found: list[Row] = []
    for line in lines:
        if len(line) > _MOST_FIELDS or len(names or []) > _MOST_FIELDS:
            raise NotDrawn(f"a row has more than {_MOST_FIELDS:,} fields")
        if line:
            names = names or [str(index) for index in range(len(line))]
            found.append(dict(zip(names, line, strict=False)))
        if len(found) > _MOST_ROWS:
            break
    return found


def _merged(document: Any) -> list[Row]:
    """The lists of objects in a document, side by side: row i has the fields of every list's object i, as DVC does it."""
    found: list[dict[str, Any]] = []
    for each in _lists(document, 0):
        if each and all(isinstance(row, dict) for row in each):
            found += [{} for _ in range(len(each) - len(found))]
            for into, row in zip(found, each, strict=False):
                into.update((str(key), value) for key, value in row.items())
    return [*found]


def _lists(node: Any, depth: int) -> Iterator[list[Any]]:
    if isinstance(node, list):
        yield node
    elif isinstance(node, dict) and depth < _DEEPEST:
        for value in node.values():
            yield from _lists(value, depth + 1)
