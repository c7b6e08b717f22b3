"""What is left of a training that did not come to its end, or that nobody asked to propose: nothing."""

from pathlib import Path

import pytest

from actions.progress import Silent
from actions.repository import Repository
from actions.retrain.anew import Anew, Asking
from policy.facts import ErrorFact, Facts
from policy.facts.commit import digest, read
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import Verdict
from tests.reports import samples
from tests.repositories import Repo

VERDICT = Verdict(base="a", head="a", policy_digest="x", result=Result(name="verdict", status=Status.PASSED, reason=Reason.HOLDS))


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("anew")).with_pipeline(run=False)


@pytest.mark.parametrize(
    ("more", "proposed", "left"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"halted_by": "training"}, True, False),
        ({"errors": [ErrorFact(part="data", reason=Reason.ERROR, what="gone")]}, True, False),
    ],
)
def test_a_record_is_left_where_a_run_came_to_its_end(
    author: Repo, tmp_path: Path, more: dict[str, object], proposed: bool, left: bool
) -> None:
    facts: Facts = samples.facts().model_copy(update={"training": None, "errors": [], "overrides": [], **more})
    target = tmp_path / "commit.json"
    target.write_text("of an earlier run")
    (tmp_path / "facts.json").write_bytes(b"{}")
    with Repository.open(author.root) as repository:
        work = Anew(Asking("7", author.sha()) if proposed else None)
        work.begin(repository, Silent())
        work.end(repository, facts, VERDICT, target, Silent())
    assert target.exists() == left
    assert not left or read(target.read_bytes()).facts == digest(b"{}")


def test_what_was_edited_is_refused_and_what_is_new_is_not(author: Repo, tmp_path: Path) -> None:
    repo = author.copy(tmp_path).write("notes.txt", "new\n")
    with Repository.open(repo.root) as repository:
        Anew(None).begin(repository, Silent())
        repo.write("train.py", "pass\n")
        with pytest.raises(UserProblem, match="edited and not committed"):
            Anew(None).begin(repository, Silent())
