"""What comes of asking for a promotion."""

from dataclasses import replace

import pytest

from bot.commands.promote import Arguments, Present, decide
from bot.effects import AskFor, StartAgain
from bot.grammar.kinds import Model
from bot.promotion.asked import Asked, read
from policy import document
from policy.problems import UserProblem
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request
from tests.bot.promotion.court import POLICY, Shelf
from tests.policy.test_origin import SOME

SHELF = Shelf([SOME, SOME, None])
ASKS = replace(request(policy=document.read(POLICY)), registry=SHELF)
WANTED = Arguments(Model("flight-delay", "2"), "staging")
FOUND = SHELF.lineage("flight-delay@2")
OTHER = Asked("flight-delay", 1, "staging", "ada", 5, 4, "1-0")


def test_an_issue_asks_for_it() -> None:
    (asks, _) = decide(ASKS, WANTED, Present(FOUND))
    assert isinstance(asks, AskFor) and asks.instead == ()
    assert read(asks.body) == Asked("flight-delay", 2, "staging", "mona", 9, 7, "4711-0")


def test_a_newer_version_takes_the_place_of_an_older_one_of_the_same_environment_only() -> None:
    others = [(11, OTHER), (12, replace(OTHER, environment="production")), (13, replace(OTHER, model="other"))]
    (asks, _) = decide(ASKS, WANTED, Present(FOUND, others))
    assert isinstance(asks, AskFor) and asks.instead == (11,)


def test_what_is_asked_for_already_is_not_asked_for_again() -> None:
    stands = [(11, replace(OTHER, version=2))]
    effects = decide(ASKS, WANTED, Present(FOUND, stands, stood=stands, ever=stands))
    assert effects[0] == StartAgain(11, ASKS.key)
    assert len(effects) == 2 and reply(effects).result.reason is Reason.REQUEST_STANDS and "#11" in reply(effects).detail.source


def test_the_same_asking_handled_once_more_asks_for_the_same() -> None:
    own = replace(OTHER, version=2, by="mona", by_id=9, where=7, key="4711-0")
    first, again = decide(ASKS, WANTED, Present(FOUND)), decide(ASKS, WANTED, Present(FOUND, [(11, own)]))
    assert first == again


@pytest.mark.parametrize(
    ("changed", "arguments", "present", "reason"),
    [
        ({"registry": None}, WANTED, Present(None), Reason.REGISTRY_NONE),
        ({}, replace(WANTED, model=Model("other", "2")), Present(None), Reason.MODEL_UNKNOWN),
        ({"policy": document.Policy(version=1)}, WANTED, Present(None), Reason.MODEL_UNKNOWN),
        ({}, replace(WANTED, environment="prod"), Present(FOUND), Reason.ENVIRONMENT_NOT_THERE),
        ({}, WANTED, Present(UserProblem("the registry knows no such version")), Reason.VERSION_NOT_THERE),
        ({}, WANTED, Present(SHELF.lineage("flight-delay@3")), Reason.VERSION_NOT_THERE),
    ],
)
def test_what_cannot_be_promoted_is_refused(
    changed: dict[str, object], arguments: Arguments, present: Present, reason: Reason
) -> None:
    effects = decide(replace(ASKS, **changed), arguments, present)  # type: ignore[arg-type]
    assert len(effects) == 1 and reply(effects).result.reason is reason and not reply(effects).done
