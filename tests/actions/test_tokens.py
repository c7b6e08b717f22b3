"""What a run used of language models counts where its stage was executed in this run; out of the run cache it is nothing."""

from pathlib import Path

import pytest

from actions import tokens
from actions.check import Options, check
from actions.progress import Silent
from actions.repository import Repository
from policy import document
from policy.facts import ErrorFact, TrainingFacts
from policy.facts.tokens import ModelTokens, TokenFacts
from policy.facts.training import StageRun
from policy.reasons import Reason
from policy.result import Result
from policy.verdict import decide
from reports.comment import render
from tests.repositories import PIPELINE, Repo, environment

POLICY = """\
version: 1
train: {targets: [evaluate]}
cost: {tokens: {file: usage.json, prices: {gpt-x: {input: 2.5, output: 10}}}}
"""
JUDGE = """\
import json
import pathlib

slope, rows = pathlib.Path("model.txt").read_text().split()
pathlib.Path("metrics.json").write_text(json.dumps({"accuracy": 1 - 1 / (1 + float(slope) * int(rows))}))
calls = [{"model": "gpt-x", "input": 100_000, "output": 1_000}, {"model": "gpt-x", "input": 300_000, "output": 0}]
pathlib.Path("usage.json").write_text(json.dumps(calls))
"""
COST = document.read(POLICY).cost
SPENT = ModelTokens(model="gpt-x", input=400_000, output=1_000)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A pipeline whose last stage asks a language model and says how much."""
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    made = Repo(tmp_path).with_pipeline(run=False)
    made.write("evaluate.py", JUDGE).write("assay.yml", POLICY)
    made.write("dvc.yaml", PIPELINE.replace("metrics:\n", "outs:\n      - usage.json\n    metrics:\n"))
    return made.repro().commit("a project").push_data().branch("change")


def checked(repo: Repo) -> tuple[TokenFacts | None, Result | None, str]:
    """What the facts say, the line of the verdict, and the comment."""
    with Repository.open(repo.root) as repository:
        found = check(repository, "main", Silent(), Options())
    verdict = decide(found.policy, found.facts)
    lines = [each for each in verdict.result.leaves() if each.name == "tokens"]
    return found.facts.tokens, lines[0] if lines else None, render(found.facts, verdict)


def test_an_executed_stage_counts_and_the_same_out_of_the_run_cache_does_not(repo: Repo) -> None:
    repo.write("params.yaml", "prepare:\n  minimum: 2\ntrain:\n  slope: 2.5\n").commit("steeper")
    told, line, comment = checked(repo)
    assert told == TokenFacts(file="usage.json", stage="evaluate", models=[SPENT])
    assert line is not None and line.reason is Reason.TOKENS_USED and line.values["money"] == 1.01
    assert "language models were given 400,000 tokens and gave back 1,000, for 1.01 `USD`" in comment
    repo.git("checkout", "--", ".")
    repo.git("clean", "-fdq")
    for name in ("model.txt", "usage.json", "metrics.json"):
        (repo.root / name).unlink(missing_ok=True)
    told, line, comment = checked(repo)
    assert told is not None and (told.models, told.problem, line) == ([], "", None) and "tokens" not in comment


def test_ga_what_a_stage_left_that_is_no_such_file_is_said_and_counts_for_nothing(repo: Repo) -> None:
    lie = '[{"model": "gpt-x", "input": true, "output": 1}]'
    repo.write("evaluate.py", JUDGE + f"pathlib.Path('usage.json').write_text({lie!r})\n").commit("worse")
    told, line, comment = checked(repo)
    assert told is not None and told.models == [] and "`input` is no whole number" in told.problem
    assert line is not None and line.reason is Reason.TOKENS_UNKNOWN and "is not known" in comment and "usage.json" in comment


def stages(**outcomes: str) -> TrainingFacts:
    return TrainingFacts(stages=[StageRun(name=name, outcome=outcome) for name, outcome in outcomes.items()])  # type: ignore[arg-type]


def test_ga_what_did_not_come_to_its_end_is_not_known_and_what_did_not_begin_used_nothing(repo: Repo) -> None:
    with Repository.open(repo.root) as repository:
        for outcome in ("failed", "stopped"):
            found = tokens.used(repository, COST, stages(evaluate=outcome))
            assert found is not None and "did not come to its end" in found.problem
        for training in (stages(evaluate="restored"), stages(train="executed", evaluate="not_reached"), None):
            found = tokens.used(repository, COST, training)
            assert found is not None and (found.models, found.problem) == ([], "")
        (repo.root / "usage.json").unlink()
        found = tokens.used(repository, COST, stages(evaluate="executed"))
        assert found is not None and "No such file" in found.problem
        other = document.read("version: 1\ncost: {tokens: {file: other.json}}\n").cost
        found = tokens.used(repository, other, stages(evaluate="executed"))
        assert found is not None and "no stage of dvc.yaml has it among its outs or metrics" in found.problem
        broken = [ErrorFact(part="training", reason=Reason.ERROR, what="x")]
        found = tokens.used(repository, COST, None, broken)
        assert found is not None and found.problem == "the run of the pipeline broke off"
        assert tokens.used(repository, None, stages(evaluate="executed")) is None
        assert tokens.used(repository, document.read("version: 1\ncost: {}\n").cost, None) is None
