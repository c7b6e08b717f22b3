"""The example with images runs end to end: each branch gets the verdict that its table promises."""

import json
import subprocess
from pathlib import Path

import pytest

from examples.digits import build as example
from examples.digits.build import BRANCHES, build
from policy import document
from policy.problems import UserProblem
from tests.assay.conftest import Assay, assay
from tests.repositories import environment

__all__ = ["assay"]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("digits") / "made")


@pytest.mark.parametrize("branch", BRANCHES, ids=lambda each: each.name)
def test_a_branch_gets_its_promised_verdict(digits: Path, branch: example.Branch, assay: Assay) -> None:
    for command in (("git", "switch", "--quiet", "--force", branch.name), ("dvc", "checkout", "--quiet", "--force")):
        subprocess.run(command, cwd=digits, env=environment(), check=True, capture_output=True)
    done = assay("check", "--base", "main", "--json", cwd=digits)
    verdict = json.loads(done.out)
    assert verdict["result"]["status"] == branch.status, done.err
    assert done.code == (1 if branch.status == "failed" else 0)
    assert set(branch.shows) <= set(reasons(verdict["result"]))


def reasons(result: dict[str, object]) -> list[str]:
    """The reason codes of a tree."""
    children = result.get("children") or []
    assert isinstance(children, list)
    return [str(result["reason"]), *(code for each in children for code in reasons(each))]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserProblem, match="not empty"):
        build(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_the_policy_is_valid_and_the_readme_lists_every_branch() -> None:
    policy = document.read((example.PROJECT / "assay.yml").read_text("utf-8"))
    assert policy.data[0].images is not None
    readme = (example.PROJECT.parent / "README.md").read_text("utf-8")
    for branch in BRANCHES:
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{branch.name}`"))
        assert f"| {branch.status}:" in row
