"""Once a run of `/retrain` or `/tune` ended, the answer says what it took; without `cost` nothing is asked of GitHub for that."""

from dataclasses import replace

import pytest

from bot import dispatching, sweeping
from bot.around import RETRAIN, TUNE
from bot.cost import afterwards
from bot.gateway.records import Repository
from bot.receiving.delivery import Delivery
from bot.receiving.swept import Queued
from policy import document
from policy.facts import TokenFacts
from policy.facts.reading import write
from policy.facts.tokens import ModelTokens
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import facts
from tests.bot.talk import Talk, talk, workflow
from tests.loopback.state import Run

PLAIN = (
    "version: 1\nevaluate: {metrics: [metrics.json]}\n"
    "tune: {space: {lr: {from: 0.1, to: 1.0}}, objectives: [{metric: accuracy}]}\n"
)
COST = PLAIN + "cost: {prices: {ubuntu-latest: 0.01}}\n"
SINCE = "2020-01-01T00:00:00Z"


def scene(here: Scene, policy: str = COST) -> Talk:
    chat = talk(here, policy)
    here.github.commit(REPOSITORY, {f".github/workflows/{name}": workflow(name) for name in (RETRAIN, TUNE)})
    return chat


def started(chat: Talk, line: str, number: int | None = None) -> Run:
    """The run that a command started, which takes a bit more than two minutes."""
    chat.say(line, number=number)
    run = list(chat.here.github.repository(REPOSITORY).runs.values())[-1]
    chat.here.github.job(REPOSITORY, run, 130)
    return run


def ended(chat: Talk, run: Run, conclusion: str = "success") -> Reason:
    run.status, run.conclusion = "completed", conclusion
    chat.here.github.forget_requests()
    return chat.happen(run, "completed")


@pytest.mark.parametrize("line", ["/retrain", "/retrain --full", "/tune"])
def test_what_a_run_took_stands_under_its_answer_on_a_pull_request(here: Scene, line: str) -> None:
    chat = scene(here)
    run = started(chat, line)
    assert ended(chat, run) is Reason.PUBLISHED
    assert f"/actions/runs/{run.id}>) ended: `success`. It took 3 min, 0.03 USD. <!-- assay:run" in chat.answer()
    assert len(chat.asked) == 4
    assert chat.happen(run, "completed") is Reason.PUBLISHED and chat.answer().count("It took") == 1


def test_its_tokens_are_in_it_and_those_of_a_search_are_not_known(here: Scene) -> None:
    chat = scene(here, COST.replace("cost: {", "cost: {tokens: {file: u.json, prices: {gpt-x: {input: 2.5, output: 10}}}, "))
    run = started(chat, "/retrain")
    told = TokenFacts(file="u.json", stage="judge", models=[ModelTokens(model="gpt-x", input=400_000)])
    here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": write(facts().model_copy(update={"tokens": told}))})
    ended(chat, run)
    assert "It took 3 min and 400,000 tokens, 1.03 USD." in chat.answer() and len(chat.asked) == 6
    ended(chat, started(chat, "/tune"))
    assert "It took 3 min, 0.03 USD, without the tokens of a run, which are not known." in chat.answer()


def test_on_an_issue_too(here: Scene) -> None:
    chat = scene(here)
    number = here.github.issue(REPOSITORY).number
    ended(chat, started(chat, "/retrain", number), "failure")
    assert "ended: `failure`. It took 3 min, 0.03 USD." in chat.answer(number) and chat.answer() == ""


def test_two_of_one_comment_are_told_each_in_its_line(here: Scene) -> None:
    chat = scene(here)
    chat.say("/retrain\n/tune")
    for run in list(here.github.repository(REPOSITORY).runs.values()):
        here.github.job(REPOSITORY, run, 60)
        ended(chat, run)
    assert chat.answer().count("It took 1 min, 0.01 USD.") == 2


def test_an_answer_that_is_written_anew_keeps_what_it_took(here: Scene) -> None:
    chat = scene(here)
    ended(chat, started(chat, "/retrain"))
    assert chat.handle(chat.comments[-1]) is Reason.RETRAIN_STARTED
    assert "It took 3 min" in chat.answer() and len(chat.orders) == 1


def test_without_cost_in_the_policy_nothing_is_asked_for_it(here: Scene) -> None:
    chat = scene(here, PLAIN)
    run = started(chat, "/retrain")
    assert "#" not in (run.title or "") and ended(chat, run) is Reason.NOT_OURS and chat.asked == []
    chat.here.github.forget_requests()
    sweeping.sweep(chat.around)
    assert not [each for each in chat.asked if RETRAIN in each or TUNE in each]


def test_where_cost_was_taken_out_meanwhile_nothing_is_told(here: Scene) -> None:
    chat = scene(here)
    run = started(chat, "/retrain")
    for policy in (PLAIN, "version: [\n"):
        here.github.commit(REPOSITORY, {"assay.yml": policy})
        assert ended(chat, run) is Reason.NOT_OURS and len(chat.asked) == 1
    assert "It took" not in chat.answer()


def test_its_beginning_says_nothing(here: Scene) -> None:
    chat = scene(here)
    run = started(chat, "/retrain")
    chat.here.github.forget_requests()
    assert chat.happen(run, "in_progress") is Reason.NOT_OURS and chat.asked == []


@pytest.mark.parametrize("change", ["event", "file"])
def test_az_a_run_that_only_calls_itself_so_writes_nothing(here: Scene, change: str) -> None:
    chat = scene(here)
    run = started(chat, "/retrain")
    if change == "event":
        run.event = "push"
    else:
        run.title = (run.title or "").replace("retrain", "tune")
    assert ended(chat, run) is Reason.NOT_OURS and chat.asked == []


def test_az_a_run_of_a_fork_is_not_believed_its_title(here: Scene) -> None:
    chat = scene(here)
    started(chat, "/retrain")
    (own,) = chat.gateway.workflow_runs(RETRAIN, "workflow_dispatch")
    assert afterwards.asked(chat.around, own) is not None
    assert afterwards.asked(chat.around, replace(own, head_repository="eve/flights")) is None


@pytest.mark.parametrize("status", [403, 500])
def test_what_cannot_be_read_is_said(here: Scene, status: int) -> None:
    chat = scene(here)
    run = started(chat, "/retrain")
    here.github.fail("status", "GET", "/jobs", status=status, times=None)
    ended(chat, run)
    assert "ended: `success`. What it cost could not be read: " in chat.answer()


def test_an_end_that_nobody_heard_of_is_told_by_a_sweep(here: Scene) -> None:
    chat = scene(here)
    run = started(chat, "/retrain")
    sweeping.sweep(chat.around)
    assert "It took" not in chat.answer()
    run.status, run.conclusion = "completed", "success"
    sweeping.sweep(chat.around)
    assert "It took 3 min, 0.03 USD." in chat.answer()
    chat.here.github.forget_requests()
    sweeping.sweep(chat.around)
    assert not [each for each in chat.asked if not each.startswith("GET")]


def test_pp_a_token_that_may_not_list_runs_is_told_by_the_sweep_and_keeps_nothing_else(here: Scene) -> None:
    chat = scene(here)
    here.github.fail("permission", "GET", RETRAIN, times=None)
    said = sweeping.sweep(chat.around)
    assert "; what runs took: " in said and "the pulse" not in said


def test_where_the_answer_is_gone_there_is_nothing_to_write_under(here: Scene) -> None:
    chat = scene(here)
    run = started(chat, "/retrain")
    comments = here.github.repository(REPOSITORY).comments
    for id in [id for id, each in comments.items() if "assay:said" in each.body]:
        del comments[id]
    ended(chat, run)
    sweeping.sweep(chat.around)
    assert chat.answer() == ""


def test_a_service_puts_it_behind_what_is_in_hand_of_its_issue(here: Scene) -> None:
    chat = scene(here)
    run = started(chat, "/retrain")
    run.status, run.conclusion = "completed", "success"
    (found,) = afterwards.missed(chat.around, document.read(COST), SINCE)
    queue: list[Delivery] = []
    known = chat.around.repository
    hands = Queued(
        queue.append, Repository(known.id, known.full_name, known.default_branch, known.private), 9, chat.around.clock()
    )
    for _ in range(2):
        hands.conclude(found)
    assert queue[0] == queue[1] and queue[0].partition == f"{known.id}/{here.number}"
    assert dispatching.handle(chat.around, queue[0].event, queue[0].payload) is Reason.PUBLISHED
    assert "It took 3 min, 0.03 USD." in chat.answer()
    assert afterwards.missed(chat.around, document.read(COST), SINCE) == []
