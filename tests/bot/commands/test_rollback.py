"""The comment is the word that is given; whether it holds is decided where it is carried out."""

from bot.commands.rollback import Arguments, decide, look
from bot.effects import GoBack
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request


def test_it_asks_to_go_back_at_this_word() -> None:
    said = Arguments("flight-delay", "production answers nothing")
    effects = decide(request(), said, look(object(), request(), said))
    assert GoBack(7, request().key) in effects
    assert reply(effects).result.reason is Reason.REQUEST_OPENED
