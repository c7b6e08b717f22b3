"""A waiver names a check that there is, a day that is near, and is nobody's own."""

from datetime import date, timedelta

import pytest

from bot.commands.waive import Arguments, Present, decide, look, most
from bot.effects import Judge
from bot.gateway.commanding import CheckText
from policy import document
from policy.document import Policy
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request, shown

TODAY = date(2026, 3, 1)
THERE = Present(("`roc_auc`", "`roc_auc on carrier=US`"))


def waiver(gate: str = "roc_auc", days: int = 10) -> Arguments:
    return Arguments(gate, TODAY + timedelta(days=days), "the next data mends it")


def test_a_waiver_is_its_comment_and_it_is_judged_again() -> None:
    effects = decide(request(), waiver(), THERE)
    assert Judge(7) in effects
    assert reply(effects).result.why == "roc_auc is waived until 2026-03-11: the next data mends it"


def test_the_author_of_a_change_waives_nothing_of_it() -> None:
    effects = decide(request(actor=5), waiver(), THERE)
    assert reply(effects).result.reason is Reason.WAIVER_BY_AUTHOR
    assert len(effects) == 1


@pytest.mark.parametrize(("days", "reason"), [(-1, Reason.WAIVER_PAST), (91, Reason.WAIVER_TOO_LONG)])
def test_the_day_lies_ahead_and_not_too_far(days: int, reason: Reason) -> None:
    assert reply(decide(request(), waiver(days=days), THERE)).result.reason is reason
    assert reply(decide(request(), waiver(days=90), THERE)).done and reply(decide(request(), waiver(days=0), THERE)).done


def test_how_far_is_the_policys_to_say() -> None:
    policy = document.read("version: 1\ncommands: {waivers_last: 7}\n")
    assert (most(policy), most(Policy(version=1))) == (7, 90)
    assert reply(decide(request(policy=policy), waiver(days=8), THERE)).result.reason is Reason.WAIVER_TOO_LONG


def test_a_check_that_is_not_there_is_answered_with_those_that_are() -> None:
    said = reply(decide(request(), waiver("roc-auc"), THERE)).result
    assert said.reason is Reason.WAIVER_UNKNOWN_CHECK
    assert "roc_auc, roc_auc on carrier=US" in said.advice


def test_without_a_verdict_there_is_nothing_to_waive() -> None:
    assert reply(decide(request(), waiver(), Present(None))).result.reason is Reason.NO_VERDICT


def test_the_names_are_read_from_our_check_runs_alone() -> None:
    class Checks:
        def check_texts(self, sha: str) -> list[CheckText]:
            return [shown("assay / evaluation", "### `roc_auc`\n\nx"), shown("lint", "### `other`\n")]

    assert look(Checks(), request(), waiver()) == Present(("`roc_auc`",))
