"""Facts speak for a proposal only where they are about it, under the policy of the default branch."""

from typing import Any

import pytest

from bot.proposing.evidence import look
from policy.facts.commit import CommitFacts, digest
from policy.facts.record import OverrideFact, RequestFacts
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.proposing.scene import FILES, Runs


def about(runs: Runs, facts: str | None = None) -> CommitFacts:
    """What is to be proposed."""
    return CommitFacts(request="1", sha=runs.sha, facts=facts)


def test_they_are_judged_again_and_named_by_what_github_says(runs: Runs) -> None:
    run = runs.leave(runs.run(), facts=runs.facts(0.4, repository=None))
    found = look(runs.gateway(), "retrain", run.id, about(runs), "main")
    assert not found.verdict.passed and found.facts.revision.repository == REPOSITORY
    assert found.facts.revision.base_name == "main"
    assert {each.name for each in found.verdict.result.children} == {"data", "drift", "training", "evaluation", "fairness"}
    data = look(runs.gateway(), "refresh", run.id, about(runs), "main")
    assert {each.name for each in data.verdict.result.children} == {"data", "drift"}


LR = OverrideFact(file="params.yaml", key="lr", before="1", after="2")


@pytest.mark.parametrize(
    ("claimed", "more", "said"),
    [
        ({"repository": "mallory/flights"}, {}, "another repository"),
        ({"pull_request": 7}, {}, "a pull request"),
        ({}, {"request": RequestFacts(id="1-0", command="train")}, "a pull request"),
        ({"head": "b" * 40}, {}, "does not compare with"),
        ({"base": "b" * 40}, {}, "does not compare with"),
        ({}, {"policy": None}, "another assay.yml"),
        ({}, {"overrides": [LR]}, "other parameters"),
    ],
)
def test_ga_02_facts_about_something_else_are_refused(
    runs: Runs, claimed: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    facts = runs.facts(**claimed)
    if "policy" in more:
        more = {"policy": facts.policy.model_copy(update={"digest": "sha256:0"})}
    run = runs.leave(runs.run(), facts=facts.model_copy(update=more))
    with pytest.raises(UserProblem, match=said):
        look(runs.gateway(), "retrain", run.id, about(runs), "main")


def test_a_search_may_have_set_parameters(runs: Runs) -> None:
    run = runs.leave(runs.run(), facts=runs.facts().model_copy(update={"overrides": [LR]}))
    assert look(runs.gateway(), "tune", run.id, about(runs), "main").facts.overrides == [LR]


def test_without_facts_nothing_speaks_for_it(runs: Runs) -> None:
    run = runs.run()
    runs.here.github.artifact(REPOSITORY, run, "assay-commit", {"commit.json": FILES["dvc.lock"].encode()})
    with pytest.raises(UserProblem, match="nothing speaks for it"):
        look(runs.gateway(), "retrain", run.id, about(runs), "main")


def test_ga_03_what_is_no_such_record_is_refused(runs: Runs) -> None:
    run = runs.run()
    for content in ({"facts.json": b"{"}, {"facts.json": b"{}", "more": b""}, {"../facts.json": b"{}"}):
        runs.here.github.artifact(REPOSITORY, run, "assay-facts", content)
        with pytest.raises(UserProblem):
            look(runs.gateway(), "retrain", run.id, about(runs), "main")


def test_ga_02_what_is_of_another_attempt_of_the_run_is_no_evidence(runs: Runs) -> None:
    run = runs.leave(runs.run())
    right = digest(runs.facts().model_dump_json().encode())
    assert look(runs.gateway(), "retrain", run.id, about(runs, right), "main").verdict.passed
    with pytest.raises(UserProblem, match="another attempt"):
        look(runs.gateway(), "retrain", run.id, about(runs, digest(b"{}")), "main")
