"""A hold is its comment; what is left to do is to judge again."""

from bot.commands.command import Nothing
from bot.commands.hold import Arguments, decide
from bot.effects import Judge
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request


def test_it_is_judged_again() -> None:
    effects = decide(request(), Arguments("the labels are being redone"), Nothing())
    assert Judge(7) in effects
    assert reply(effects).result.reason is Reason.HOLD_BEGAN
