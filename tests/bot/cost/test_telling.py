"""Once a run ended, its answer says what it took; nothing is asked for where nobody wants that said."""

import pytest

from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.handlers.test_workflow_run import ended, experiment, started
from tests.bot.material import POLICY
from tests.bot.talk import Talk, judged

COST = POLICY + "cost: {prices: {ubuntu-latest: 0.01}}\n"


def told(chat: Talk) -> list[str]:
    run = started(chat)
    chat.here.github.job(REPOSITORY, run, 130)
    chat.here.github.forget_requests()
    ended(chat, run, experiment(chat, run))
    return [each for each in chat.asked if each.endswith("/jobs")]


def test_what_a_run_took_stands_under_its_answer(here: Scene) -> None:
    chat = judged(here, COST)
    assert len(told(chat)) == 1
    assert "the report has the numbers. It took 3 min, 0.03 USD. <!-- assay:run" in chat.answer()


def test_without_cost_in_the_policy_nothing_is_asked_for_it(here: Scene) -> None:
    chat = judged(here)
    assert told(chat) == [] and "It took" not in chat.answer()


@pytest.mark.parametrize("status", [403, 500])
def test_what_cannot_be_read_is_said_and_the_rest_stands(here: Scene, status: int) -> None:
    chat = judged(here, COST)
    here.github.fail("status", "GET", "/jobs", status=status, times=None)
    told(chat)
    assert "the report has the numbers. What it cost could not be read: " in chat.answer()
