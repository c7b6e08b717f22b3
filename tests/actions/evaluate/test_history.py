"""Values at earlier accepted changes."""

from pathlib import Path

import pytest

from actions.evaluate.history import history, label
from actions.repository import Repository
from tests.repositories import Repo


@pytest.mark.parametrize(
    ("subject", "told"),
    [("Merge pull request #31 from a/b", "#31"), ("Better trees (#40)", "#40"), ("Fix #12 at last", "abcdef0"), ("", "abcdef0")],
)
def test_a_point_is_named_by_its_pull_request_or_commit(subject: str, told: str) -> None:
    assert label("abcdef0123", subject) == told


def test_the_last_eight_values_oldest_first_and_broken_files_left_out(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    for number in range(10):
        repo.write("m.json", "{" if number == 8 else f'{{"auc": 0.{number}}}').commit(f"step (#{number})")
    with Repository.open(repo.root) as repository:
        found = history(repository, ["m.json"], ["auc"], "HEAD")
        assert history(repository, ["m.json"], [], "HEAD") == {}
    assert [point.label for point in found["auc"]] == ["#2", "#3", "#4", "#5", "#6", "#7", "#9"]
    assert found["auc"][-1].value == 0.9
