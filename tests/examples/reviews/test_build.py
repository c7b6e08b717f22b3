"""The example with texts runs end to end: each branch gets the verdict that its table promises."""

import json
import subprocess
from pathlib import Path

import pytest

from examples.reviews import build as example
from examples.reviews.build import BRANCHES, build
from policy import document
from policy.problems import UserProblem
from tests.assay.conftest import Assay, assay
from tests.examples.digits.test_build import reasons
from tests.repositories import environment

__all__ = ["assay"]


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("reviews") / "made")


@pytest.mark.parametrize("branch", BRANCHES, ids=lambda each: each.name)
def test_a_branch_gets_its_promised_verdict(reviews: Path, branch: example.Branch, assay: Assay) -> None:
    subprocess.run(
        ["git", "switch", "--quiet", "--force", branch.name], cwd=reviews, env=environment(), check=True, capture_output=True
    )
    done = assay("check", "--base", "main", "--json", cwd=reviews)
    verdict = json.loads(done.out)
    assert verdict["result"]["status"] == branch.status, done.err
    assert done.code == (1 if branch.status == "failed" else 0)
    assert set(branch.shows) <= set(reasons(verdict["result"]))


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserProblem, match="not empty"):
        build(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_the_policy_is_valid_and_the_readme_lists_every_branch() -> None:
    policy = document.read((example.PROJECT / "assay.yml").read_text("utf-8"))
    assert policy.data[0].text is not None
    readme = (example.PROJECT.parent / "README.md").read_text("utf-8")
    for branch in BRANCHES:
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{branch.name}`"))
        assert f"| {branch.status}:" in row
