"""A comparison names what with."""

from bot.commands.command import Nothing
from bot.commands.compare import Arguments, decide
from tests.bot.commands.asking import request


def test_the_other_revision_goes_along() -> None:
    order, _ = decide(request(), Arguments("main~5"), Nothing())
    assert (order.inputs["command"], order.inputs["arguments"]) == ("compare", '{"base": "main", "reference": "main~5"}')
