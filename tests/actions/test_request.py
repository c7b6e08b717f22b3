"""A command's request, as what is checked."""

from pathlib import Path

import pytest

from actions.check import PARTS, check
from actions.progress import Silent
from actions.repository import Repository
from actions.request import asked, must_be
from policy.facts.record import Command
from policy.facts.request import COMMANDS, Arguments, Request
from policy.problems import UserProblem
from tests.repositories import Repo

SHA = "a" * 40


def request(command: Command, sha: str = SHA, **given: object) -> Request:
    return Request(
        id="4711-0", command=command, pull_request=7, sha=sha, arguments=Arguments.model_validate({"base": "main", **given})
    )


def test_a_check_is_the_one_that_every_pull_request_gets() -> None:
    found = asked(request("check"))
    assert found.base == "origin/main"
    assert (found.options.parts, found.options.against, found.options.experiment) == (frozenset(PARTS), None, False)


def test_training_compares_with_the_commit_itself() -> None:
    found = asked(request("train", set=["train.lr=0.1"], stage="train", single=True, full=True)).options
    assert (found.against, found.stage, found.single, found.full, found.experiment) == (SHA, "train", True, True, True)
    assert [str(each) for each in found.overrides] == ["train.lr=0.1"]
    assert asked(request("train")).options.experiment, "also without any parameter"


@pytest.mark.parametrize(
    ("reference", "against"), [("main~5", "main~5"), ("v12", "v12"), ("refs/heads/a/b", "refs/remotes/origin/a/b")]
)
def test_a_reference_is_compared_with_as_it_is(reference: str, against: str) -> None:
    assert asked(request("compare", reference=reference)).options.against == against
    assert asked(request("drift", reference=reference)).options.parts == {"drift"}


@pytest.mark.parametrize("command", COMMANDS)
def test_only_a_check_judges_whether_the_policy_is_edited(command: Command) -> None:
    given = {"reference": "v1"} if command == "compare" else {}
    assert ("governance" in asked(request(command, **given)).options.parts) == (command == "check")


def test_tt_07_another_commit_than_the_one_that_was_named_is_refused(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    with Repository.open(repo.root) as repository:
        must_be(repository, request("check", repo.sha()))
        with pytest.raises(UserProblem, match=r"#7: .* is checked out, and the command was given for aaaaaaaaaaaa"):
            must_be(repository, request("check"))


def test_the_facts_say_which_command_they_are_for(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("assay.yml", "version: 1\n").commit().clone(tmp_path / "runner")
    found = asked(request("drift", repo.sha(), reference="main"))
    with Repository.open(repo.root) as repository:
        facts = check(repository, found.base, Silent(), found.options).facts
    assert facts.request is not None
    assert (facts.request.id, facts.request.command, facts.request.reference) == ("4711-0", "drift", "main")
    assert facts.revision.pull_request == 7
