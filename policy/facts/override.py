"""One parameter set by a command: `lr=0.1`, or `configs/params.yaml:train.lr=0.1`. Pure, and alike on both sides of a workflow.

A value may end up in the command line of a stage (`cmd: python train.py --lr ${lr}`), where DVC does not quote it. So it is a
number, a truth value, null, a plain word, or a list of these: nothing that a shell, DVC or a runner reads as more than that.
"""

import math
import re
from dataclasses import dataclass
from typing import NoReturn

from policy.problems import UserProblem

DEFAULT_FILE = "params.yaml"
"""The file of a parameter that names none, as DVC has it."""
MOST = 50
"""How many parameters one command may set."""
_LONGEST = 500
_MOST_ITEMS = 100

Scalar = int | float | bool | str | None
Value = Scalar | list[Scalar]

_FILE = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/){0,10}[A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:yaml|yml|json|toml)", re.ASCII)
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*){0,20}", re.ASCII)
_INT = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,18})", re.ASCII)
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30}|[0-9]{1,30}(?=[eE]))(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/@+-]{0,199}", re.ASCII)
_NOT_IN_WORDS = ("..", "::", "://")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_NO_NUMBERS = frozenset({"nan", "inf", "infinity"})


@dataclass(frozen=True)
class Override:
    """A parameter and its value. `file` is a path from the folder that holds `.dvc`; `key` may have dots."""

    key: str
    value: Value
    file: str = DEFAULT_FILE

    @classmethod
    def parse(cls, text: str) -> "Override":
        """Read `[file:]key=value`.

        Raises:
            UserProblem: it is anything else, or too long.
        """
        name, equals, value = text.partition("=")
        if not equals or len(text) > _LONGEST:
            _refuse(text, "is no parameter", "Write it like train.lr=0.1, or params.yaml:train.lr=0.1")
        file, colon, key = name.rpartition(":")
        if colon and not _FILE.fullmatch(file):
            _refuse(text, "names no file of parameters", "Name a YAML, JSON or TOML file: configs/params.yaml:train.lr=0.1")
        if not _KEY.fullmatch(key):
            _refuse(text, "names no parameter", "Join letters, digits, `_` and `-` by dots, like train.lr")
        return cls(key, _value(text, value), file or DEFAULT_FILE)

    def __str__(self) -> str:
        where = "" if self.file == DEFAULT_FILE else f"{self.file}:"
        return f"{where}{self.key}={written(self.value)}"


def written(value: Value) -> str:
    """A value as a command writes it."""
    if isinstance(value, list):
        return f"[{','.join(written(item) for item in value)}]"
    return {True: "true", False: "false", None: "null"}[value] if isinstance(value, bool | None) else str(value)


def _value(text: str, written: str) -> Value:
    if not (written.startswith("[") and written.endswith("]")):
        return _scalar(text, written)
    items = written[1:-1].split(",") if len(written) > 2 else []
    if len(items) > _MOST_ITEMS:
        _refuse(text, f"has more than {_MOST_ITEMS} items", "Set it in the file")
    return [_scalar(text, item) for item in items]


def _scalar(text: str, written: str) -> Scalar:
    """The same types as `dvc exp run -S` gives."""
    lower = written.lower()
    if lower in _WORDS:
        return _WORDS[lower]
    if _INT.fullmatch(written):
        return int(written)
    if _FLOAT.fullmatch(written) and math.isfinite(float(written)):
        return float(written)
    plain = _WORD.fullmatch(written) and not any(each in written for each in _NOT_IN_WORDS)
    if not plain or lower in _NO_NUMBERS or _FLOAT.fullmatch(written):
        what = "has a value that is no number, `true`, `false`, `null`, plain word or list of these"
        _refuse(text, what, "A plain word has letters, digits and `_ . : / @ + -`; set anything else in the file")
    return written


def _refuse(text: str, what: str, advice: str) -> NoReturn:
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    raise UserProblem(what, ascii(shown), advice)
