"""The comment is the word that is given; what is left to do is to weigh the request."""

from bot.commands.reject import Arguments, decide, look
from bot.effects import Weigh
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request


def test_the_request_is_weighed_again() -> None:
    said = Arguments("the night flights got worse")
    effects = decide(request(), said, look(object(), request(), said))
    assert Weigh(7) in effects
    assert reply(effects).result.reason is Reason.VOTE_HEARD
