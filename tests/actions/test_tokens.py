"""What a run used of language models counts where its stage was executed in this run; out of the run cache it is nothing."""

import re
from pathlib import Path

import pytest

from actions import tokens
from actions.check import Options, check
from actions.progress import Silent
from actions.repository import Repository
from policy import document
from policy.facts import ErrorFact, Facts, TrainingFacts
from policy.facts.tokens import ModelTokens, TokenFacts
from policy.facts.training import StageRun
from policy.reasons import Reason
from policy.result import Result
from policy.verdict import decide
from reports.comment import render
from tests.repositories import Repo, environment

PAGE = (Path(__file__).parents[2] / "docs/cost.md").read_text("utf-8")
SECTION = PAGE[PAGE.index("## Tokens of language models") : PAGE.index("## How it is reckoned")]
POLICY, PIPELINE, JUDGE = re.findall(r"^```(?:yaml|python)\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
"""The example of the documents, which therefore runs."""
PROMPTS = "".join(f"Is {index} a number?\n" for index in range(4))
COST = document.read(POLICY).cost
SAID = "language models were given 400,000 tokens and gave back 1,000, for 1.01"
SPENT = ModelTokens(model="gpt-x", input=400_000, output=1_000)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A stage that asks a language model and says how much."""
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    made = Repo(tmp_path).write("assay.yml", POLICY).write("dvc.yaml", PIPELINE).write("judge.py", JUDGE)
    return made.write("prompts.txt", "Is 7?\n").repro().commit("a project").push_data().branch("change")


def checked(repo: Repo) -> tuple[Facts, Result | None, str]:
    """What the facts say, the line of the verdict, and the comment."""
    with Repository.open(repo.root) as repository:
        found = check(repository, "main", Silent(), Options())
    verdict = decide(found.policy, found.facts)
    lines = [each for each in verdict.result.leaves() if each.name == "tokens"]
    return found.facts, lines[0] if lines else None, render(found.facts, verdict)


def test_an_executed_stage_counts_and_the_same_out_of_the_run_cache_does_not(repo: Repo) -> None:
    repo.write("prompts.txt", PROMPTS).commit("more prompts")
    found, line, comment = checked(repo)
    assert found.tokens == TokenFacts(file="usage.json", stage="judge", models=[SPENT])
    assert line is not None and line.reason is Reason.TOKENS_USED and line.values["money"] == 1.01
    assert f"{SAID} `USD`" in comment and f"{SAID} USD" in " ".join(SECTION.split())
    repo.git("checkout", "--", ".")
    repo.git("clean", "-fdq")
    for name in ("usage.json", "scores.json"):
        (repo.root / name).unlink(missing_ok=True)
    found, line, comment = checked(repo)
    assert [each.outcome for each in found.training.stages] == ["restored"] if found.training else False
    assert found.tokens == TokenFacts(file="usage.json") and line is None and "tokens" not in comment


def test_ga_what_a_stage_left_that_is_no_such_file_is_said_and_counts_for_nothing(repo: Repo) -> None:
    lie = '[{"model": "gpt-x", "input": true, "output": 1}]'
    repo.write("judge.py", JUDGE + f"Path('usage.json').write_text({lie!r})\n").commit("worse")
    found, line, comment = checked(repo)
    told = found.tokens
    assert told is not None and told.models == [] and "`input` is no whole number" in told.problem
    assert line is not None and line.reason is Reason.TOKENS_UNKNOWN and "is not known" in comment and "usage.json" in comment


def stages(**outcomes: str) -> TrainingFacts:
    return TrainingFacts(stages=[StageRun(name=name, outcome=outcome) for name, outcome in outcomes.items()])  # type: ignore[arg-type]


def test_ga_what_did_not_come_to_its_end_is_not_known_and_what_did_not_begin_used_nothing(repo: Repo) -> None:
    with Repository.open(repo.root) as repository:
        for outcome in ("failed", "stopped"):
            found = tokens.used(repository, COST, stages(judge=outcome))
            assert found is not None and "did not come to its end" in found.problem
        for training in (stages(judge="restored"), stages(prepare="executed", judge="not_reached"), None):
            found = tokens.used(repository, COST, training)
            assert found is not None and (found.models, found.problem) == ([], "")
        (repo.root / "usage.json").unlink()
        found = tokens.used(repository, COST, stages(judge="executed"))
        assert found is not None and "No such file" in found.problem
        other = document.read("version: 1\ncost: {tokens: {file: other.json}}\n").cost
        found = tokens.used(repository, other, stages(judge="executed"))
        assert found is not None and "no stage of dvc.yaml has it among its outs or metrics" in found.problem
        metric = document.read("version: 1\ncost: {tokens: {file: scores.json}}\n").cost
        found = tokens.used(repository, metric, stages(judge="executed"))
        assert found is not None and found.stage == "judge" and "`model` is no name" in found.problem
        broken = [ErrorFact(part="training", reason=Reason.ERROR, what="x")]
        found = tokens.used(repository, COST, None, broken)
        assert found is not None and found.problem == "the run of the pipeline broke off"
        assert tokens.used(repository, None, stages(judge="executed")) is None
        assert tokens.used(repository, document.read("version: 1\ncost: {}\n").cost, None) is None
