"""Help lists every command, and says one in full."""

from bot.commands import COMMANDS
from bot.commands.command import Nothing
from bot.commands.help import Arguments, decide
from bot.grammar.arguments import usage
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request


def test_all_of_them_with_usage_and_who_may() -> None:
    said = reply(decide(request(), Arguments(), Nothing())).detail.source
    for name, command in COMMANDS.items():
        line = next(line for line in said.split("\n") if line.startswith(f"| `/{name}"))
        assert usage(name, command.Arguments).replace("|", "\\|") in line
        assert f"`{command.WHO}`" in line


def test_one_of_them_in_full() -> None:
    said = reply(decide(request(), Arguments("train"), Nothing())).detail.source
    assert "write permission or more" in said and "on pull requests" in said
    assert "`/train train.learning_rate=0.1`" in said


def test_one_that_is_not_there() -> None:
    assert reply(decide(request(), Arguments("trian"), Nothing())).result.reason is Reason.UNKNOWN_COMMAND
