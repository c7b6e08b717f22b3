"""The list of commands: each is what the list says, and says of itself what people need to know."""

import re
from pathlib import Path

import pytest

from bot.commands import COMMANDS, DECLARED
from bot.commands.command import Nothing, nothing, purpose
from bot.grammar import spoken
from policy.roles import LEVELS
from tests.bot.commands.asking import request

NAMES = list(COMMANDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_a_file_of_its_name(name: str) -> None:
    file = Path(str(COMMANDS[name].__file__)).stem  # type: ignore[attr-defined]
    assert file == name.replace("-", "_")


@pytest.mark.parametrize("name", NAMES)
def test_a_command_says_what_it_does_who_may_and_where(name: str) -> None:
    command = COMMANDS[name]
    assert re.fullmatch(r"[A-Z].*\.", purpose(command))
    assert command.WHO in LEVELS and command.WHERE in ("pull request", "anywhere")


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_a_command_of_that_name(name: str) -> None:
    for example in COMMANDS[name].EXAMPLES:
        found = spoken.read(example, DECLARED)
        assert not found.mistakes, (example, [each.what for each in found.mistakes])
        assert [each.name for each in found.commands] == [name]


def test_what_looks_at_nothing_gets_nothing() -> None:
    assert nothing(object(), request(), None) == Nothing()
