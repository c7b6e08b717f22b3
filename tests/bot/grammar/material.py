"""Commands as they will be declared, hostile texts, and a measure of work that does not depend on the machine."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import FrameType
from typing import Annotated, Any

from bot.grammar import kinds
from bot.grammar.arguments import Flag, Option, Overrides, Positional
from bot.grammar.parameters import Override
from bot.grammar.spoken import Declared, Spoken, read

CODE = "7f3a9c2e51d0"


@dataclass(frozen=True)
class Nothing:
    """Of commands without arguments."""


@dataclass(frozen=True)
class Help:
    """What one command does."""

    command: Annotated[str | None, Positional(kinds.command)] = None


@dataclass(frozen=True)
class Train:
    """A run with other parameters."""

    stage: Annotated[str | None, Positional(kinds.stage)] = None
    parameters: Annotated[tuple[Override, ...], Overrides()] = ()
    full: Annotated[bool, Flag()] = False
    commit: Annotated[bool, Flag()] = False


@dataclass(frozen=True)
class Compare:
    """Against another revision."""

    revision: Annotated[str, Positional(kinds.revision)]


@dataclass(frozen=True)
class Hold:
    """Until somebody lets go."""

    because: Annotated[str | None, Option(kinds.reason(words=1))] = None


@dataclass(frozen=True)
class Waive:
    """A gate, for a while."""

    gate: Annotated[str, Positional(kinds.gate)]
    until: Annotated[date, Option(kinds.date)]
    because: Annotated[str, Option(kinds.reason())]


@dataclass(frozen=True)
class Promote:
    """A model, to an environment."""

    model: Annotated[kinds.Model, Positional(kinds.model)]
    environment: Annotated[str, Positional(kinds.environment, after="to")]
    reason: Annotated[str | None, Option(kinds.reason())] = None
    env: Annotated[str | None, Option(kinds.environment)] = None


@dataclass(frozen=True)
class Approve:
    """What a code names."""

    code: Annotated[str, Positional(kinds.code)]
    because: Annotated[str | None, Option(kinds.reason(words=1), bare=True)] = None


COMMANDS = {
    "help": Declared(Help),
    "train": Declared(Train, aliases=("retrain",)),
    "compare": Declared(Compare),
    "hold": Declared(Hold),
    "unhold": Declared(Nothing),
    "waive": Declared(Waive),
    "promote": Declared(Promote),
    "approve": Declared(Approve),
    "cancel": Declared(Nothing),
}

INJECTIONS = [
    "$(id)",
    "`id`",
    "; rm -rf",
    "${{ secrets.X }}",
    "%0a::set-output name=x::y",
    "../../etc/passwd",
    "-o ProxyCommand=",
    "--upload-pack=x",
]
OTHERS = ["a\nb", "a\x00b", "a|b", "a&b", "a>b", "a  b", "!x", "~/x", "", " "]
"""What prose may hold in part, but no name and no value."""
INVISIBLE = [*"\u202e\u2066\u200b\u200d\ufeff\u00ad\u3164\U000e0041\u2028\x1b\x07\u00a0"]


def said(body: str, **options: Any) -> Spoken:
    """What a comment says to those commands."""
    return read(body, COMMANDS, **options)


def names(body: str) -> list[str]:
    """The names of the commands that a comment runs, in order."""
    return [each.name for each in said(body).commands]


def told(body: str) -> str:
    """What the reply says to the one mistake of a comment."""
    (mistake,) = said(body).said
    return mistake.told.source if hasattr(mistake, "told") else f"no mistake: {mistake}"


def work(of: Callable[[], object]) -> int:
    """How many calls, of Python and of C, something takes: the same on every machine and at every hour."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        of()
    finally:
        sys.setprofile(before)
    return count
