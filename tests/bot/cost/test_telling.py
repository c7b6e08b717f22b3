"""Once a run ended, its answer says what it took; nothing is asked for where nobody wants that said."""

import pytest

from policy.facts import TokenFacts
from policy.facts.tokens import ModelTokens
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


TOKENS = POLICY + "cost: {tokens: {file: usage.json, prices: {gpt-x: {input: 2.5, output: 10}}}, prices: {ubuntu-latest: 0.01}}\n"


def test_what_it_used_of_language_models_is_told_out_of_the_facts_that_were_read_anyway(here: Scene) -> None:
    asked = []
    for policy in (COST, TOKENS):
        chat = judged(here, policy)
        run = started(chat)
        here.github.job(REPOSITORY, run, 130)
        left = experiment(chat, run)
        if policy is TOKENS:
            models = [ModelTokens(model="gpt-x", input=400_000, output=1_000)]
            left = left.model_copy(update={"tokens": TokenFacts(file="usage.json", stage="train", models=models)})
        here.github.forget_requests()
        ended(chat, run, left)
        asked.append([each.split("/")[-1] for each in chat.asked if "/actions/" in each])
    assert "It took 3 min and 401,000 tokens, 1.04 USD. <!-- assay:run" in chat.answer()
    assert asked[0] == asked[1]


def test_ga_facts_that_tell_nothing_of_it_are_not_taken_for_none(here: Scene) -> None:
    chat = judged(here, TOKENS)
    told(chat)
    assert "It took 3 min, 0.03 USD, without the tokens of a run, which are not known. <!-- assay:run" in chat.answer()


@pytest.mark.parametrize("status", [403, 500])
def test_what_cannot_be_read_is_said_and_the_rest_stands(here: Scene, status: int) -> None:
    chat = judged(here, COST)
    here.github.fail("status", "GET", "/jobs", status=status, times=None)
    told(chat)
    assert "the report has the numbers. What it cost could not be read: " in chat.answer()
