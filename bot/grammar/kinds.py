"""What the values of arguments may be: for each kind, what it is called, what it looks like, and why a text is none.

Every kind is an allow-list of ASCII, so nothing that a shell, git, YAML, a workflow file or a path could act on passes one. Case
counts, except where the thing itself has none: SHAs and environments become lower case.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

from bot.grammar.names import closest
from reports.markdown import visible

T = TypeVar("T")


@dataclass
class Refused(Exception):
    """Why a text is not of a kind, in words of ours, never those that were written; `suggestion` is what may have been meant."""

    why: str
    suggestion: str = ""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A kind of value: `label` in the usage, `noun` with an article, an `example`, the type it `gives`, and how it is read.

    `read` raises Refused.
    """

    label: str
    noun: str
    example: str
    gives: type
    read: Callable[[str], T]


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the registry; `version` is a number or an alias, and empty where none was named."""

    name: str
    version: str = ""


_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_LETTERS = "it may hold letters, digits, `_`, `-` and `.`, and begins with a letter or digit"


def _fits(text: str, pattern: str, why: str, most: int = 100) -> str:
    """The text, if it is all of the pattern. Length comes first, so that no pattern works on a long text."""
    if not text:
        _refuse("it is empty")
    if len(text) > most:
        _refuse(f"it has more than {most} characters")
    if ".." in text:
        _refuse("it holds `..`")
    if not re.fullmatch(pattern, text):
        _refuse(why)
    return text


def _refuse(why: str, suggestion: str = "") -> NoReturn:
    raise Refused(why, suggestion)


_REVISION = re.compile(r"(?P<name>[A-Za-z0-9_][A-Za-z0-9_./@#+,-]*)(?P<steps>(?:~[0-9]{0,4}|\^[0-9]?){0,20})")
_HEX = re.compile(r"[0-9a-fA-F]+")
_SHORTEST_SHA = 12


def _revision(text: str) -> str:
    why = "it may hold letters, digits and `_ . / @ # + , -`, and steps such as `~2` or `^` at its end"
    _fits(text, _REVISION.pattern, why, 250)
    found = _REVISION.fullmatch(text)
    name, steps = (found["name"], found["steps"]) if found else (text, "")
    if _HEX.fullmatch(name) and 4 <= len(name) < _SHORTEST_SHA:
        _refuse(f"a SHA that short may mean several commits; give {_SHORTEST_SHA} digits of it, or `refs/heads/…` for a branch")
    parts = name.split("/")
    if any(not part or part.startswith(".") or part.endswith((".", ".lock")) for part in parts):
        _refuse("no part of it may be empty, begin or end with a dot, or end with `.lock`")
    return name.lower() + steps if _HEX.fullmatch(name) and len(name) >= _SHORTEST_SHA else text


def _sha(text: str) -> str:
    if _HEX.fullmatch(text) and len(text) < _SHORTEST_SHA:
        _refuse(f"it has {len(text)} digits, and fewer than {_SHORTEST_SHA} may mean several commits")
    return _fits(text, r"[0-9a-fA-F]+", "it may hold the digits 0 to 9 and a to f", 64).lower()


def _code(text: str) -> str:
    return _fits(text, r"[0-9a-fA-F]{12,64}", "it is the 12 digits, 0 to 9 and a to f, that stand on the card", 64).lower()


def _stage(text: str) -> str:
    path = rf"(?:{_NAME}/)*{_NAME}\.ya?ml:"
    why = "it may hold letters, digits, `_` and `-`, after a file such as `models/dvc.yaml:`, and before an `@` and its item"
    return _fits(text, rf"(?:{path})?[A-Za-z0-9_][A-Za-z0-9_-]*(?:@{_NAME})?", why)


def _gate(text: str) -> str:
    word = rf"{_NAME}(?:[/:=]-?{_NAME})*"
    why = "it is written as the report has it, of letters, digits and `_ - . / : =`, and in quotes where it has blanks"
    return _fits(text, rf"{word}(?: {word})*", why, 200)


def _model(text: str) -> Model:
    why = f"{_LETTERS}; after an `@` there is a version or an alias"
    _fits(text, rf"{_NAME}(?:@{_NAME})?", why, 150)
    name, _, version = text.partition("@")
    return Model(name, version)


def _version(text: str) -> int:
    return int(_fits(text, r"v?[1-9][0-9]{0,8}", "it is a number of the registry, such as 2", 10).removeprefix("v"))


def _amount(text: str) -> int:
    return int(_fits(text, r"[1-9][0-9]{0,4}", "it is a whole number from 1 to 99999", 5))


def _few(text: str) -> int:
    return int(_fits(text, r"[1-8]", "it is a whole number from 1 to 8", 5))


def _environment(text: str) -> str:
    # GitHub's environments have no case, so `Prod` and `prod` are one: one lock, one protection.
    why = "it may hold letters, digits, `_` and `-`, and begins with a letter or digit"
    return _fits(text, r"[A-Za-z0-9][A-Za-z0-9_-]*", why, 64).lower()


def _date(text: str) -> datetime.date:
    _fits(text, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "it is written as year-month-day")
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        _refuse("the calendar has no such day")


def _login(text: str) -> str:
    why = "it is the name of a person on GitHub, of letters, digits and single hyphens"
    return _fits(text.removeprefix("@"), r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*", why, 60)


def _command(text: str) -> str:
    return _fits(text.removeprefix("/"), r"[A-Za-z][A-Za-z-]*", "it is the name of a command", 40).lower()


revision = Kind("REF", "a git revision", "main~5", str, _revision)
"""A branch, tag or SHA as git knows them, with steps such as `~5`; a part of a SHA has at least 12 digits."""
sha = Kind("SHA", "the SHA of a commit", "9ab41d0fe33a", str, _sha)
"""At least 12 hexadecimal digits of a SHA, in lower case."""
code = Kind("CODE", "a decision code", "7f3a9c2e51d0", str, _code)
"""The digits that name what is decided upon, in lower case."""
stage = Kind("STAGE", "the name of a stage", "train", str, _stage)
"""A stage of `dvc.yaml`, as `dvc repro` takes it."""
gate = Kind("GATE", "the name of a gate", "roc_auc", str, _gate)
"""A gate, as the report names it: `roc_auc`, or `roc_auc on carrier=US`."""
model = Kind("MODEL[@VERSION]", "a model", "delays@12", Model, _model)
"""A model of the registry, with or without a version or alias."""
named = Kind("MODEL", "the name of a model", "delays", str, lambda text: _fits(text, _NAME, _LETTERS))
"""A model of the registry, without a version."""
version = Kind("VERSION", "the number of a version", "12", int, _version)
"""A version of a model by its number in the registry."""
amount = Kind("N", "a number", "20", int, _amount)
"""So many of something, at least one."""
few = Kind("N", "a small number", "4", int, _few)
"""How many jobs work side by side, from 1 to 8."""
environment = Kind("ENVIRONMENT", "an environment", "production", str, _environment)
"""Where models are deployed, or what a lock is on, in lower case."""
date = Kind("DATE", "a date", "2026-03-31", datetime.date, _date)
"""A day of the calendar. Whether it lies ahead, only a clock can say."""
login = Kind("LOGIN", "a login", "ada", str, _login)
"""A person of GitHub, with or without `@`."""
command = Kind("COMMAND", "a command", "train", str, _command)
"""The name of a command, with or without its slash, in lower case."""


def one_of(label: str, *choices: str) -> Kind[str]:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in choices:
            _refuse(f"it is one of {', '.join(f'`{each}`' for each in choices)}", closest(text, choices))
        return text

    return Kind(label, f"a {label.lower()}", choices[0], str, read)


_PROSE = re.compile(r"[^\W_]|[\"'(\[“‘]")
_MOST_PROSE = 500


def reason(words: int = 3) -> Kind[str]:
    """Prose of at least so many words, in one line."""

    def read(text: str) -> str:
        told = " ".join(text.split())
        if sum(any(each.isalnum() for each in word) for word in told.split(" ")) < words:
            _refuse(f'it takes at least {words} words, together in quotes: `"…"`' if words > 1 else "it is empty")
        if len(told) > _MOST_PROSE:
            _refuse(f"it has more than {_MOST_PROSE} characters")
        if visible(told) != told:
            _refuse("it holds characters that cannot be seen")
        if not _PROSE.match(told) or any(each in told for each in ("`", "$(", "${", "{{")):
            _refuse("it is told in plain words, without back-ticks, `$(`, `${` and braces, and begins with a letter or digit")
        return told

    return Kind('"REASON"', "a reason", "the upstream data arrives on Friday", str, read)
