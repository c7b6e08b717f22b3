"""What git and its lock say of a model, without any of its bytes."""

from pathlib import Path

from actions.registry.source import home_of, source_of
from actions.repository import Repository
from tests.repositories import Repo


def test_the_lock_of_a_commit_is_read_in_a_clone_without_data(template: Repo, tmp_path: Path) -> None:
    clone = template.clone(tmp_path / "clone")
    with Repository.open(clone.root) as repository:
        found = source_of(repository, "model.txt", clone.sha())
        kept_by_git = source_of(repository, "metrics.json", clone.sha())
    assert found.tree == clone.git("rev-parse", "HEAD^{tree}")
    assert found.digest is not None and found.digest.startswith("md5:")
    assert found.made_of is not None and set(found.made_of.data) == {"data/raw.csv", "data/prepared.csv"}
    assert kept_by_git.made_of is None or kept_by_git.digest is not None


def test_a_home_is_named_by_the_digest() -> None:
    assert home_of(f"md5:{'0123456789abcdef' * 2}.dir") == "model-0123456789ab"
