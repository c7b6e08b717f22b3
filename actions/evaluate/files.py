"""DVC metrics files: JSON, YAML or TOML becomes flat names and numbers, and whatever is no number becomes a reason.

The files come from a pull request. Nothing in them is run or dropped: NaN, infinity, numbers too large for a float, text
and booleans are named; a file that says two things under one name, nests without end or is far too large is refused.
"""

import json
import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from actions.evaluate.trouble import Undefined
from policy.reasons import Reason

MOST_BYTES = 1024 * 1024
MOST_METRICS = 5_000
DEEPEST = 20
_LONGEST = 500


@dataclass(frozen=True)
class Contents:
    """What one file says: numbers, and why other entries are none."""

    numbers: dict[str, float] = field(default_factory=dict)
    problems: dict[str, Undefined] = field(default_factory=dict)


def read(name: str, content: bytes) -> Contents:
    """The metrics of a file; its name tells the format.

    Raises:
        Undefined: the file as a whole cannot be read.
    """
    if len(content) > MOST_BYTES:
        raise _refused(f"{len(content):,} bytes are more than the {MOST_BYTES:,} of a metrics file")
    try:
        document = _parse(PurePosixPath(name).suffix.lower(), content.decode("utf-8-sig"))
    except Undefined:
        raise
    except RecursionError:
        raise _refused("it is nested too deeply") from None
    except Exception as error:  # three parsers, each with errors of its own, on bytes that anyone may have written
        raise _refused(str(error).splitlines()[0][:300] if str(error) else type(error).__name__) from None
    if not isinstance(document, dict):
        raise _refused("it holds no names, only a value")
    return _flat(document)


def _refused(why: str) -> Undefined:
    return Undefined(Reason.UNREADABLE_METRIC, f" ({why})")


def _parse(suffix: str, text: str) -> Any:
    if suffix == ".json":
        return json.loads(text, object_pairs_hook=_once, parse_int=_integer)
    if suffix in (".yaml", ".yml"):
        return _yaml(text)
    if suffix == ".toml":
        return tomllib.loads(text)
    raise _refused("metrics files end in .json, .yaml, .yml or .toml")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise Undefined(Reason.DUPLICATE_METRIC, f" (the key {twice[:100]!r} stands twice)")
    return found


def _integer(digits: str) -> float:
    """Integers as floats: Python refuses integers of more than 4,300 digits, and facts hold floats anyway."""
    return float(digits)


def _yaml(text: str) -> Any:
    import re

    import yaml

    class Loader(yaml.SafeLoader):
        """Safe, refuses repeated keys, and reads 1e-5 as YAML 1.2 and DVC do: as a number."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            if len(set(keys)) < len(keys):
                raise Undefined(Reason.DUPLICATE_METRIC, f" (a key stands twice{node.start_mark})".replace("\n", " ")[:300])
            mapping: dict[Any, Any] = super().construct_mapping(node, deep)
            return mapping

    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:float", re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789")
    )
    return yaml.load(text, Loader)  # noqa: S506 - it is a SafeLoader


def _flat(document: dict[Any, Any]) -> Contents:
    contents = Contents()
    count = 0
    for name, value in _leaves(document, (), 1):
        count += 1
        if count > MOST_METRICS:
            raise _refused(f"it holds more than {MOST_METRICS:,} entries")
        if len(name) > _LONGEST:
            raise _refused(f"a name is longer than {_LONGEST} characters")
        if name in contents.numbers or name in contents.problems:
            contents.numbers.pop(name, None)
            contents.problems[name] = Undefined(Reason.DUPLICATE_METRIC)
            continue
        number = _number(value)
        if number is None:
            contents.problems[name] = Undefined(Reason.NOT_A_NUMBER, f" (it is {_kind(value)})")
        else:
            contents.numbers[name] = number
    return contents


def _leaves(node: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[str, Any]]:
    if depth > DEEPEST:
        raise _refused(f"it is nested more than {DEEPEST} levels deep")
    if isinstance(node, dict) and (node or not path):
        for key, value in node.items():
            yield from _leaves(value, (*path, str(key)), depth + 1)
    else:
        yield ".".join(path) or "(empty name)", node


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _kind(value: Any) -> str:
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else "infinite"
    names = {bool: "true or false", int: "too large", str: "text", list: "a list", dict: "empty", type(None): "null"}
    return names.get(type(value), "something else")
