"""An evaluation takes nothing."""

from bot.commands.command import Nothing
from bot.commands.evaluate import Arguments, decide
from tests.bot.commands.asking import request


def test_the_head_is_measured_again() -> None:
    order, _ = decide(request(), Arguments(), Nothing())
    assert (order.inputs["command"], order.inputs["arguments"]) == ("evaluate", '{"base": "main"}')
