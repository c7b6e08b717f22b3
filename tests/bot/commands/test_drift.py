"""Drift against another revision, or the base."""

from bot.commands.command import Nothing
from bot.commands.drift import Arguments, decide
from tests.bot.commands.asking import request


def test_without_a_reference_it_is_the_base() -> None:
    order, _ = decide(request(), Arguments(), Nothing())
    assert order.inputs["arguments"] == '{"base": "main"}'


def test_with_a_reference_it_is_that() -> None:
    order, _ = decide(request(), Arguments("v12"), Nothing())
    assert order.inputs["arguments"] == '{"base": "main", "reference": "v12"}'
