"""What is wrong with a file that people write, told with file, line and key, what was found and what would be right."""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from policy import yaml_text
from policy.problems import UserProblem


@dataclass(frozen=True)
class PolicyError:
    """One thing wrong with a file that people write."""

    file: str
    line: int | None
    key: str
    what: str
    right: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" `{self.key}`:" if self.key else ""
        return f"{place}:{key} {self.what}; {self.right}"


class PolicyProblem(UserProblem):
    """The file cannot be used; `errors` are all of its errors, in the order of their lines."""

    def __init__(self, errors: list[PolicyError]) -> None:
        self.errors = errors
        super().__init__(what="\n".join(str(error) for error in errors))


def explain(error: Any, document: yaml_text.Document, file: str, root: type[BaseModel]) -> PolicyError:
    """Turn one of pydantic's errors about a section into words of ours, with the line of the key."""
    path = _in_text(error["loc"], document)
    kind, found = error["type"], _shown(error["input"])
    line = document.line(path)
    if kind == "extra_forbidden":
        return PolicyError(file, line, dotted(path), "unknown key", _known_keys(path, root))
    if kind == "missing":
        return PolicyError(file, document.line(path[:-1]), dotted(path), "the key is missing", "add it")
    message = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    right = message[0].lower() + message[1:]
    return PolicyError(file, line, dotted(path), f"found {found}", right)


def _in_text(location: tuple[str | int, ...], document: yaml_text.Document) -> yaml_text.Path:
    """Drop the parts of pydantic's location that name union members, not keys of the text."""
    path: yaml_text.Path = ()
    if location[-1:] == ("[key]",):  # the key itself is what is wrong
        location = location[:-1]
    for position, part in enumerate(location):
        if (*path, part) in document.lines or position == len(location) - 1:
            path = (*path, part)
    return path


def _known_keys(path: yaml_text.Path, root: type[BaseModel]) -> str:
    model = _model_at(path[:-1], root)
    if model is None:
        return "remove it"
    names = [field.alias or name for name, field in model.model_fields.items()]
    close = difflib.get_close_matches(str(path[-1]), names, n=1)
    return f"did you mean `{close[0]}`?" if close else f"known keys are {', '.join(f'`{name}`' for name in names)}"


def _model_at(path: yaml_text.Path, root: type[BaseModel]) -> type[BaseModel] | None:
    """The section that a path of the text leads to."""
    model: type[BaseModel] | None = root
    for part in path:
        if isinstance(part, int) or model is None:
            continue
        if part in model.model_fields:
            model = next(_models(model.model_fields[part].annotation), None)
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def dotted(path: yaml_text.Path) -> str:
    """A path of keys as people write it."""
    return ".".join(str(part) for part in path)


_SECRET = re.compile(r"://[^\s\"]*[@?#][^\s\"]*")
"""An address that holds more than where something is: a name and a password, or a query with a token."""


def _shown(value: Any) -> str:
    text = _SECRET.sub("://***", json.dumps(value, default=str, ensure_ascii=False))
    return text if len(text) <= 60 else f"{text[:57]}..."
