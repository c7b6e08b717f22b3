"""Before a run starts its answer says what it will cost, and a budget lets only its role pass."""

from dataclasses import replace

import pytest

from bot.around import RETRAIN, RUN, TUNE
from bot.commands.train import Present
from bot.cost.foreseeing import Foreseen, weighed
from bot.effects import refused, told
from policy.cost import Cost, Over, estimate
from policy.document import Policy
from policy.facts import TokenFacts
from policy.facts.reading import write
from policy.facts.tokens import ModelTokens
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import facts
from tests.bot.talk import Talk, talk, workflow
from tests.loopback.state import Run

ROLES = "version: 1\nroles: {ml-lead: [alice]}\n"
PRICED = ROLES + "cost: {prices: {ubuntu-latest: 0.5}}\n"
RUN_BUDGET = ROLES + "cost: {prices: {ubuntu-latest: 0.5}, budget: {run: {money: 5, role: ml-lead}}}\n"
MONTH_BUDGET = ROLES + "cost: {prices: {ubuntu-latest: 0.5}, budget: {month: {money: 20, role: ml-lead}}}\n"
FULL = "/train --full"


def before(chat: Talk, *minutes: int, full: bool = True, conclusion: str = "success") -> list[Run]:
    """Runs that went before, each of so many minutes."""
    made = []
    for index, each in enumerate(minutes):
        run = chat.here.github.run(
            REPOSITORY, chat.here.base, "main", "workflow_dispatch", None, conclusion, f".github/workflows/{RUN}"
        )
        run.title = f"assay train #{chat.here.number} {chat.here.head} {index + 1}-0{' full' if full else ''}"
        chat.here.github.job(REPOSITORY, run, each * 60)
        made.append(run)
    chat.here.github.forget_requests()
    return made


def test_the_answer_says_what_such_runs_took(here: Scene) -> None:
    chat = talk(here, PRICED)
    before(chat, 12, 18, 14)
    before(chat, 1, full=False)
    assert chat.say(FULL) is Reason.RUN_STARTED
    assert "It will take about 14 min (12 … 18) and 7.00 USD (6.00 … 9.00), as the last 3 such runs." in chat.answer()
    assert "month" not in chat.answer()
    chat.say("/train train.lr=0.1")
    assert "It will take about 1 min and 0.50 USD, as the last such run." in chat.answer()


def test_without_such_runs_that_is_said_and_blocks_nothing(here: Scene) -> None:
    chat = talk(here, RUN_BUDGET)
    before(chat, 50, conclusion="failure")
    assert chat.say(FULL) is Reason.RUN_STARTED and len(chat.orders) == 1
    assert "What it will cost is not known" in chat.answer()


def test_where_the_policy_has_no_cost_nothing_is_asked_for_it(here: Scene) -> None:
    chat = talk(here, ROLES)
    before(chat, 12)
    chat.say(FULL)
    plain = list(chat.asked)
    assert not [each for each in plain if each.startswith("GET") and "/actions/" in each]
    assert "It will take" not in chat.answer()


def test_a_priced_run_takes_one_request_more_and_one_for_each_run_that_it_is_compared_with(here: Scene) -> None:
    chat = talk(here, PRICED)
    before(chat, *[10] * 9)
    chat.say(FULL)
    read = [each for each in chat.asked if each.startswith("GET") and "/actions/" in each]
    assert len(read) == 1 + 5


def test_az_beyond_the_budget_of_a_run_it_takes_the_role(here: Scene) -> None:
    chat = talk(here, RUN_BUDGET)
    before(chat, 12, 14)
    assert chat.say(FULL) is Reason.OVER_BUDGET and chat.orders == []
    assert "such a run costs about 6.50 USD, from 6.00 to 7.00, and a run may cost 5.00 USD" in chat.answer()
    assert "beyond that it takes `the role ml-lead (alice)`" in chat.answer()
    assert chat.say(FULL, by="alice") is Reason.RUN_STARTED and len(chat.orders) == 1
    assert "beyond the budget of the run, which you may pass" in chat.answer()


def test_az_tokens_of_language_models_count_to_the_budget(here: Scene) -> None:
    chat = talk(here, RUN_BUDGET.replace("cost: {", "cost: {tokens: {file: u.json, prices: {gpt-x: {input: 2.5, output: 10}}}, "))
    for run, tokens in zip(before(chat, 2, 2, 2), (1_200_000, 2_400_000, None), strict=True):
        if tokens is not None:
            told = TokenFacts(file="u.json", stage="judge", models=[ModelTokens(model="gpt-x", input=tokens)])
            here.github.artifact(
                REPOSITORY, run, "assay-facts", {"facts.json": write(facts().model_copy(update={"tokens": told}))}
            )
    assert chat.say(FULL, by="alice") is Reason.RUN_STARTED
    said = "It will take about 2 min, 1,800,000 tokens (1,200,000 … 2,400,000) and 5.50 USD (4.00 … 7.00)"
    assert f"{said}, as the last 3 such runs (the tokens of 1 are not known)." in chat.answer()
    here.github.repository(REPOSITORY).runs.clear()
    for run in before(chat, 2, 2):
        here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": write(facts().model_copy(update={"tokens": told}))})
    assert chat.say(FULL) is Reason.OVER_BUDGET
    assert "such a run costs about 7.00 USD, and a run may cost 5.00 USD" in chat.answer()


def test_within_the_budget_anybody_who_may_train_does(here: Scene) -> None:
    chat = talk(here, RUN_BUDGET)
    before(chat, 10)
    assert chat.say(FULL) is Reason.RUN_STARTED
    assert not [each for each in chat.asked if "/teams/" in each]


def test_az_beyond_the_budget_of_the_month_it_takes_the_role(here: Scene) -> None:
    chat = talk(here, MONTH_BUDGET)
    before(chat, 10, 10, 10)
    assert chat.say(FULL) is Reason.RUN_STARTED
    assert "This month so far: 30 min, 15.00 USD, of 20.00 USD." in chat.answer()
    started = next(each for each in here.github.repository(REPOSITORY).runs.values() if each.inputs)
    started.status, started.conclusion = "completed", "cancelled"
    before(chat, 1, full=False)
    assert chat.say(FULL) is Reason.OVER_BUDGET and len(chat.orders) == 1
    assert "this month has cost 15.50 USD and such a run costs about 5.00 USD more" in chat.answer()


def test_az_what_is_under_way_counts_so_that_nobody_passes_a_budget_by_asking_at_once(here: Scene) -> None:
    chat = talk(here, MONTH_BUDGET)
    before(chat, 10)
    said = [chat.say(FULL) for _ in range(4)]
    assert said == [Reason.RUN_STARTED] * 3 + [Reason.OVER_BUDGET] and len(chat.orders) == 3
    assert "this month has cost 5.00 USD, what is under way about 15.00 USD more and such a run costs about" in chat.answer()


def test_az_several_in_one_comment_count_one_after_the_other(here: Scene) -> None:
    chat = talk(here, MONTH_BUDGET)
    before(chat, 10)
    assert chat.say("\n".join([f"{FULL} lr={each}" for each in range(4)])) is Reason.OVER_BUDGET and chat.orders == []
    assert "what is under way about 15.00 USD more" in chat.answer()
    assert chat.say("\n".join([f"{FULL} lr={each}" for each in range(3)])) is Reason.RUN_STARTED and len(chat.orders) == 3
    assert chat.handle(chat.comments[-1]) is Reason.RUN_STARTED and len(chat.orders) == 3


def test_retraining_is_held_to_the_same_budget_by_what_it_cost_itself(here: Scene) -> None:
    chat = talk(here, RUN_BUDGET)
    here.github.commit(REPOSITORY, {f".github/workflows/{RETRAIN}": workflow(RETRAIN)})
    before(chat, 2)
    for title, minutes in (("assay retrain 1-0", 4), ("assay retrain 2-0 full", 40)):
        made = here.github.run(REPOSITORY, here.base, "main", "workflow_dispatch", path=f".github/workflows/{RETRAIN}")
        made.title = title
        here.github.job(REPOSITORY, made, minutes * 60)
    assert chat.say("/retrain") is Reason.RETRAIN_STARTED
    assert "It will take about 4 min and 2.00 USD, as the last such run." in chat.answer()
    assert chat.say("/retrain --full") is Reason.OVER_BUDGET and len(chat.orders) == 1
    assert chat.say("/retrain --full", by="alice") is Reason.RETRAIN_STARTED
    assert [each.title for each in here.github.repository(REPOSITORY).runs.values()][-1].endswith("-0 #1 full")


def test_a_search_is_held_to_the_budget_too(here: Scene) -> None:
    tune = "evaluate: {metrics: [metrics.json]}\ntune: {space: {lr: {from: 0.1, to: 1.0}}, objectives: [{metric: accuracy}]}\n"
    chat = talk(here, RUN_BUDGET + tune)
    here.github.commit(REPOSITORY, {f".github/workflows/{TUNE}": workflow(TUNE)})
    made = here.github.run(REPOSITORY, here.base, "main", "workflow_dispatch", path=f".github/workflows/{TUNE}")
    made.title = "assay tune 1-0"
    here.github.job(REPOSITORY, made, 40 * 60)
    assert chat.say("/tune") is Reason.OVER_BUDGET and chat.orders == []
    assert chat.say("/tune", by="alice") is Reason.TUNE_STARTED
    assert "It will take about 40 min and 20.00 USD, as the last such run." in chat.answer()


def test_what_was_let_pass_is_not_refused_when_it_is_handled_again(here: Scene) -> None:
    chat = talk(here, MONTH_BUDGET)
    before(chat, 10)
    chat.say(FULL)
    (line,) = [each for each in chat.answer().split("\n") if each.startswith("It will take")]
    started = next(each for each in here.github.repository(REPOSITORY).runs.values() if each.inputs)
    here.github.job(REPOSITORY, started, 6_000)
    assert chat.handle(chat.comments[-1]) is Reason.RUN_STARTED and len(chat.orders) == 1
    assert line.partition(" This month")[0] in chat.answer()


def test_pp_whose_roles_cannot_be_found_out_passes_no_budget(here: Scene) -> None:
    chat = talk(here, RUN_BUDGET.replace("[alice]", '["@acme/leads"]'))
    before(chat, 20)
    here.github.fail("status", "GET", "/teams/", status=403, times=None)
    assert chat.say(FULL) is Reason.PERMISSION_UNKNOWN and chat.orders == []


def test_a_token_that_may_not_read_runs_keeps_nobody_from_training(here: Scene) -> None:
    chat = talk(here, RUN_BUDGET)
    before(chat, 20)
    here.github.fail("status", "GET", "/jobs", status=403, times=None)
    assert chat.say(FULL) is Reason.RUN_STARTED and len(chat.orders) == 1
    assert "What it will cost could not be read: " in chat.answer()


def test_a_fork_is_refused_for_what_it_is_and_not_for_its_price() -> None:
    effects = [refused(Reason.FORK_ONLY_CHECKED, line="/check")]
    assert weighed(request(), Foreseen(Cost()), effects) == effects
    assert weighed(request(), None, effects) == effects


@pytest.mark.parametrize("may", [True, False, None])
def test_only_who_may_pass_a_limit_passes_it(may: bool | None) -> None:
    cost = Cost(budget={"run": {"money": 0, "role": "admin"}})  # type: ignore[arg-type]
    assert cost.budget.run is not None
    over = Over("run", cost.budget.run, 1)  # type: ignore[arg-type]
    found = Foreseen(cost, estimate([]), None, over, may)
    asked = replace(request(FULL), policy=Policy(version=1, cost=cost))
    said = reply(weighed(asked, found, [told(Reason.RUN_STARTED, command="train", sha="a")])).result.reason
    assert said is {True: Reason.RUN_STARTED, False: Reason.OVER_BUDGET, None: Reason.PERMISSION_UNKNOWN}[may]
    assert Present().foreseen is None
