"""How long runs may take, and took."""

from bot.commands.budget import Arguments, Present, decide, duration, look
from bot.gateway.records import WorkflowRun
from policy import document
from policy.facts import TokenFacts
from policy.facts.reading import write
from policy.facts.tokens import ModelTokens
from tests.bot.commands.asking import reply, request
from tests.bot.gateway.scene import Scene
from tests.bot.material import facts
from tests.bot.talk import talk


def run(name: str, seconds: int, repository: str = "acme/flights", status: str = "completed") -> WorkflowRun:
    began, ended = "2026-03-01T10:00:00Z", f"2026-03-01T10:{seconds // 60:02}:{seconds % 60:02}Z"
    return WorkflowRun(1, name, "", "", "topic", repository, None, 1, "", began, status, "", ended)


def test_the_limit_and_what_was_used() -> None:
    policy = document.read("version: 1\ntrain: {budget: 60 min}\n")
    runs = (run("assay-check", 90), run("assay-check", 30), run("assay-run", 60))
    said = reply(decide(request(policy=policy), Arguments(), Present(runs))).detail.source
    assert "One run may train for 1 h" in said and "took 3 min" in said
    assert "| `assay-check` | 2 | 2 min | 1 min 30 s |" in said


def test_without_a_limit_or_a_run_that_is_said() -> None:
    said = reply(decide(request(), Arguments(), Present(()))).detail.source
    assert "has a limit" in said and "No run of this branch is known." in said


def test_what_has_not_ended_has_no_length() -> None:
    assert duration(run("x", 90, status="in_progress")) is None
    assert duration(run("x", 90)) == 90


def test_with_prices_it_says_what_the_pull_requests_runs_cost(here: Scene) -> None:
    chat = talk(here, "version: 1\ncost: {prices: {ubuntu-latest: 0.5}}\n")
    here.github.job("acme/flights", here.github.run("acme/flights", here.head, "feature"), 600)
    here.github.forget_requests()
    chat.say("/budget")
    assert "Assay's runs for this pull request took 10 min, 5.00 USD." in chat.answer()
    assert len([each for each in chat.asked if "/actions/" in each]) == 3
    chat = talk(here)
    chat.say("/budget")
    assert len([each for each in chat.asked if "/actions/" in each]) == 1


def test_tokens_of_the_pull_requests_runs_are_in_what_they_cost(here: Scene) -> None:
    tokens = "tokens: {file: u.json, prices: {gpt-x: {input: 2.5, output: 10}}}"
    chat = talk(here, f"version: 1\ncost: {{prices: {{ubuntu-latest: 0.5}}, {tokens}}}\n")
    told = TokenFacts(file="u.json", stage="judge", models=[ModelTokens(model="gpt-x", input=400_000)])
    for left in (facts().model_copy(update={"tokens": told}), facts()):
        made = here.github.run("acme/flights", here.head, "feature")
        here.github.job("acme/flights", made, 600)
        here.github.artifact("acme/flights", made, "assay-facts", {"facts.json": write(left)})
    chat.say("/budget")
    said = "took 20 min and 400,000 tokens, 11.00 USD, without the tokens of a run, which are not known."
    assert f"Assay's runs for this pull request {said}" in chat.answer()


def test_a_forks_branch_of_the_same_name_is_another() -> None:
    class Runs:
        def runs(self, query: str) -> list[WorkflowRun]:
            assert query == "branch=topic"
            return [run("mine", 1), run("theirs", 1, "eve/flights")]

    assert [each.name for each in look(Runs(), request(), Arguments()).runs] == ["mine"]
