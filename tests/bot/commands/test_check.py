"""A check of one's own head, and of the one commit of a fork that somebody names."""

from bot.commands.check import Arguments, decide
from bot.commands.command import Nothing
from bot.effects import Dispatch
from policy.reasons import Reason
from tests.bot.commands.asking import HEAD, reply, request


def test_the_head_is_checked_again() -> None:
    order, _ = decide(request(), Arguments(), Nothing())
    assert isinstance(order, Dispatch) and order.inputs["sha"] == HEAD


def test_a_forks_code_needs_its_commit_named() -> None:
    effects = decide(request(head_repository="eve/flights"), Arguments(), Nothing())
    assert reply(effects).result.reason is Reason.FORK_NOT_TRUSTED
    assert f"/check {HEAD[:12]}" in reply(effects).result.advice


def test_a_named_commit_of_a_fork_is_checked() -> None:
    order, _ = decide(request(head_repository="eve/flights"), Arguments(HEAD[:12]), Nothing())
    assert order.inputs["sha"] == HEAD


def test_tt_01_a_commit_that_is_not_the_head_any_more_is_not_checked() -> None:
    effects = decide(request(head_repository="eve/flights"), Arguments("f" * 12), Nothing())
    assert reply(effects).result.reason is Reason.HEAD_MOVED
    assert len(effects) == 1
