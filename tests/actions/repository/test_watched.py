"""What was seen in production is read in a clone as the bot wrote it."""

from pathlib import Path

import pytest

from actions.repository import watched
from policy import vigil_history
from policy.problems import UserProblem
from policy.vigil_history import BRANCH, look, path
from tests.policy.sightings import MODEL, seen
from tests.repositories import Repo

LOOKS = (look(seen("none")), look(seen("high", 1)))


@pytest.fixture
def origin(tmp_path: Path) -> Repo:
    """A repository with a branch that holds the history of one model."""
    made = Repo(tmp_path / "origin", dvc=False).write("README.md", "x\n").commit()
    made.git("checkout", "--quiet", "--orphan", BRANCH)
    return made.write(path(MODEL), vigil_history.write(LOOKS)).commit("Keep a look")


@pytest.fixture
def clone(origin: Repo, tmp_path: Path) -> Path:
    made = Repo(tmp_path / "clone", dvc=False)
    made.git("remote", "add", "origin", str(origin.root))
    return made.root


def test_looks_come_the_oldest_first_and_stay_for_when_nobody_can_be_asked(clone: Path, origin: Repo) -> None:
    before = watched.looks(clone, MODEL)
    assert [each.severity.value for each in before] == ["none", "high"]
    origin.write(path(MODEL), vigil_history.write([*LOOKS, look(seen("low", 2))])).commit("Keep another")
    assert watched.looks(clone, MODEL, offline=True) == before
    assert len(watched.looks(clone, MODEL)) == 3
    assert len(watched.looks(clone, MODEL, offline=True)) == 3


def test_a_model_that_nobody_looked_at_has_no_looks(clone: Path) -> None:
    assert watched.looks(clone, "another") == ()


@pytest.mark.parametrize(("content", "said"), [(b"{}\n", "line 1 cannot be read"), (b"\n" * 2_000_000, "2,000,000 bytes")])
def test_a_history_that_somebody_spoiled_is_told(clone: Path, origin: Repo, content: bytes, said: str) -> None:
    origin.write(path(MODEL), content).commit("Spoil it")
    with pytest.raises(UserProblem, match=said):
        watched.looks(clone, MODEL)
