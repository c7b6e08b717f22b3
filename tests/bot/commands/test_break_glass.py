"""The comment is the word that is given; what is left to do is to weigh the request."""

from bot.commands.break_glass import Arguments, decide, look
from bot.effects import Weigh
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request


def test_the_request_is_weighed_again() -> None:
    said = Arguments("7f3a9c2e51d0", "production answers nothing")
    effects = decide(request(), said, look(object(), request(), said))
    assert Weigh(7) in effects
    assert reply(effects).result.reason is Reason.VOTE_HEARD
