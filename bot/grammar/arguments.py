"""What a command takes, declared by the fields of its `Arguments` dataclass, and how words are read against it.

    @dataclass(frozen=True)
    class Arguments:
        gate: Annotated[str, Positional(kinds.gate)]
        until: Annotated[date, Option(kinds.date)]
        because: Annotated[str | None, Option(kinds.reason(words=1))] = None

A field without a default is required. Its name is the argument's, with `-` for `_`. Each argument is given once, whatever is not
declared is refused, and nothing in quotes is ever a flag or a name. Names of arguments are written in lower case, as declared.
"""

import dataclasses
import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.grammar import parameters
from bot.grammar.faults import Fault
from bot.grammar.kinds import Kind, Refused
from bot.grammar.names import closest
from bot.grammar.parameters import Override
from bot.grammar.words import Word
from reports.markdown import Markdown, put
from reports.markdown import code as quoted

T = TypeVar("T")


@dataclass(frozen=True)
class Positional:
    """An argument told by its place. `after` is a word that may stand before it for the sentence's sake: `to production`."""

    kind: Kind[Any]
    after: str = ""


@dataclass(frozen=True)
class Option:
    """An argument told by its name: `--until DATE`, `--until=DATE` or `until=DATE`; `bare` also allows `until DATE`."""

    kind: Kind[Any]
    bare: bool = False


@dataclass(frozen=True)
class Flag:
    """Something that is or is not asked for: `--full`."""


@dataclass(frozen=True)
class Overrides:
    """Any number of `PARAM=VALUE`, each with or without DVC's own `-S` before it. With them, options need their hyphens."""


_SET = "-S"
Mark = Positional | Option | Flag | Overrides


@dataclass(frozen=True)
class Parameter:
    """One argument as it was declared."""

    field: str
    mark: Mark
    required: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return self.field.replace("_", "-")

    @property
    def usage(self) -> str:
        """How it is written, in brackets where it may be left out."""
        after = self.mark.after if isinstance(self.mark, Positional) else ""
        written = f"[{after}] {self.written}" if after else self.written
        return written if self.required else f"[{written}]"

    @property
    def written(self) -> str:
        """How it is written, without what may be left out."""
        match self.mark:
            case Positional(kind):
                return kind.label
            case Option(kind, bare):
                return f"{self.name if bare else f'--{self.name}'} {kind.label}"
            case Flag():
                return f"--{self.name}"
            case Overrides():
                return f"[{_SET}] {parameters.override.label} ..."


def declared(arguments: type) -> tuple[Parameter, ...]:
    """What a dataclass declares, in the order of its fields. Raises TypeError for a declaration that cannot be meant."""
    hints = get_type_hints(arguments, include_extras=True)
    found = tuple(_parameter(field, hints[field.name]) for field in dataclasses.fields(arguments))
    optional = False
    for each in found:
        if isinstance(each.mark, Positional):
            if optional and each.required:
                raise TypeError(f"{each.field} is required, and stands behind a place that may be empty")
            optional = optional or not each.required
    return found


def _parameter(field: "dataclasses.Field[Any]", hint: Any) -> Parameter:
    kind, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    if len(marks) != 1 or not isinstance(marks[0], Mark):
        raise TypeError(f"{field.name} says in no way, or in several, how it is given")
    mark = marks[0]
    required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    gives: dict[type, Any] = {Flag: bool, Overrides: tuple[Override, ...]}
    wanted = mark.kind.gives if isinstance(mark, Positional | Option) else gives[type(mark)]
    if isinstance(mark, Flag | Overrides) and required:
        raise TypeError(f"{field.name} needs a default")
    if kind != wanted and not (not required and _without_none(kind) == wanted):
        raise TypeError(f"{field.name} is declared as {kind}, and would be {wanted}")
    return Parameter(field.name, mark, required)


def _without_none(kind: Any) -> Any:
    """`str` for `str | None`."""
    inner = [each for each in get_args(kind) if each is not types.NoneType]
    return inner[0] if get_origin(kind) in (Union, types.UnionType) and len(inner) == 1 else kind


def usage(name: str, arguments: type) -> str:
    """How a command is written: `/train [STAGE] [[-S] PARAM=VALUE ...] [--full]`."""
    return " ".join([f"/{name}", *[each.usage for each in declared(arguments)]])


def read(words: Sequence[Word], arguments: type[T], end: int) -> T:
    """The arguments that the words give. `end` is where the line ends. Raises Fault, which points at what is wrong."""
    return arguments(**_Reader(declared(arguments), words, end).read())


class _Reader:
    """One reading of a line, from left to right."""

    def __init__(self, known: tuple[Parameter, ...], words: Sequence[Word], end: int) -> None:
        self._words, self._end, self._at = words, end, 0
        self._named = {each.name: each for each in known if isinstance(each.mark, Option | Flag)}
        self._places = [(each, each.mark) for each in known if isinstance(each.mark, Positional)]
        self._overrides = next((each for each in known if isinstance(each.mark, Overrides)), None)
        self._known, self._found = known, dict[str, Any]()
        self._overridden: dict[tuple[str, str], Override] = {}

    def read(self) -> dict[str, Any]:
        while word := self._take():
            self._one(word)
        for each in self._known:
            if each.required and each.field not in self._found:
                raise Fault(put("{} is missing", quoted(each.written)), self._end)
        if self._overrides and self._overridden:
            self._found[self._overrides.field] = tuple(self._overridden.values())
        return self._found

    def _take(self) -> Word | None:
        word = self._words[self._at] if self._at < len(self._words) else None
        self._at += 1
        return word

    def _one(self, word: Word) -> None:
        name, equals, _ = word.text[: word.bare].partition("=")
        whole = bool(equals) or not word.quoted
        if whole and self._overrides and word.text == _SET:
            self._override(self._take(), word)
        elif whole and name.startswith("-") and name != "-":
            self._option(word, name, bool(equals))
        elif equals and self._overrides:
            self._override(word, word)
        elif equals:
            self._option(word, name, True)
        elif whole and self._is_bare(name):
            self._option(word, name, False)
        else:
            self._positional(word)

    def _is_bare(self, name: str) -> bool:
        known = self._named.get(name)
        return known is not None and isinstance(known.mark, Option) and known.mark.bare

    def _option(self, word: Word, written: str, equals: bool) -> None:
        known = self._named.get(written.removeprefix("--"))
        if known is None:
            self._unknown(word, written)
        if isinstance(known.mark, Option):
            self._store(known, word, self._value(known, known.mark.kind, word, equals))
        elif equals:
            raise _fault(put("{} takes no value", quoted(f"--{known.name}")), word)
        else:
            self._store(known, word, True)

    def _value(self, known: Parameter, kind: Kind[Any], word: Word, equals: bool) -> Any:
        if equals:
            return _typed(kind, word, word.text.index("=") + 1)
        following = self._take()
        if following is None or (following.bare and following.text.startswith("-")):
            raise _fault(put("{} needs a value, {}", quoted(word.text), quoted(kind.label)), word)
        return _typed(kind, following)

    def _override(self, word: Word | None, at: Word) -> None:
        kind = parameters.override
        if word is None:
            raise _fault(put("{} needs {}, such as {}", quoted(_SET), Markdown(kind.noun), quoted(kind.example)), at)
        found: Override = _typed(kind, word)
        if (found.file, found.key) in self._overridden:
            raise _fault(put("{} is given twice", quoted(found.key)), word)
        self._overridden[found.file, found.key] = found

    def _positional(self, word: Word) -> None:
        if not self._places:
            self._unexpected(word)
        place, mark = self._places.pop(0)
        if mark.after and not word.quoted and word.text == mark.after:
            following = self._take()
            if following is None:
                raise Fault(put("{} is missing", quoted(place.written)), self._end)
            word = following
        self._store(place, word, _typed(mark.kind, word))

    def _store(self, known: Parameter, word: Word, value: Any) -> None:
        if known.field in self._found:
            raise _fault(put("{} is given twice", quoted(known.name)), word)
        self._found[known.field] = value

    def _unknown(self, word: Word, written: str) -> NoReturn:
        close = closest(written.lstrip("-"), self._named)
        suggestion = f"--{close}" if close else ""
        if self._overrides and not close and written.startswith("--") and "=" in word.text:
            suggestion = word.text.removeprefix("--")
        raise _fault(put("There is no option {} here", quoted(written)), word, suggestion)

    def _unexpected(self, word: Word) -> NoReturn:
        close = "" if word.quoted else closest(word.text, self._named)
        advice = "a value of several words stands in quotes" if self._known else "this command takes no arguments"
        raise _fault(put("{} is not expected here: {}", quoted(word.text), Markdown(advice)), word, f"--{close}" if close else "")


def _typed(kind: Kind[Any], word: Word, start: int = 0) -> Any:
    """The value in a word from its character `start` on. What is before it is bare, so places in word and line agree."""
    text = word.text[start:]
    try:
        return kind.read(text)
    except Refused as refused:
        why, example = Markdown(refused.why), quoted(kind.example)
        what = put("{} is not {}: {} (for example {})", quoted(text), Markdown(kind.noun), why, example)
        raise Fault(what, word.start + start, max(1, word.end - word.start - start), refused.suggestion) from None


def _fault(what: Markdown, word: Word, suggestion: str = "") -> Fault:
    return Fault(what, word.start, word.end - word.start, suggestion)
