"""A work tree of its own for a commit: shares DVC's cache, knows the remotes, and goes back to its commit."""

from pathlib import Path

from actions.repository import Repository
from policy.facts.override import Override
from tests.repositories import Repo


def test_a_clone_has_the_commit_its_data_and_the_cache_and_goes_back(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "origin").with_pipeline(run=False)
    repo.write("params.yaml", "# kept\nprepare:\n  minimum: 2\ntrain:\n  slope: 1.5 # steep\n").commit("a comment")
    repo.write("train.py", "half an edit")
    with Repository.open(repo.root) as opened, opened.clone(repo.sha(), tmp_path / "tree") as tree:
        tree.renew(repo.sha())
        assert (tree.root / "data/raw.csv").read_bytes() == (repo.root / "data/raw.csv").read_bytes()
        assert "half an edit" not in (tree.root / "train.py").read_text()
        assert tree.store.repo.cache.local.path == opened.store.repo.cache.local.path
        assert tree.parameters([Override("train.slope", 0), Override("prepare.minimum", 0)]) == [1.5, 2]

        tree.override([Override("train.slope", 1e-05)])
        (tree.root / "left").write_text("behind")
        (tree.root / "data/raw.csv").unlink()
        assert "\n-  slope: 1.5 # steep\n+  slope: 1.0e-05 # steep\n" in tree.patch(["params.yaml"])
        tree.renew(repo.sha())
        assert tree.patch(["params.yaml"]) == ""
        assert tree.parameters([Override("train.slope", 0)]) == [1.5]
        assert (tree.root / "data/raw.csv").is_file() and not (tree.root / "left").exists()
    assert repo.git("status", "--porcelain").strip() == "M train.py"


def test_a_remote_that_is_named_relative_to_the_repository_is_the_same_one(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "origin")
    repo.write(".dvc/config", "[core]\n    remote = store\n['remote \"store\"']\n    url = ../../remote\n").commit()
    with Repository.open(repo.root) as opened, opened.clone(repo.sha(), tmp_path / "a/b/tree") as tree:
        assert tree.store.repo.cloud.get_remote().path == str(repo.remote)
        assert (tree.dvc_root / ".dvc/config.local").is_file()


def test_a_shallow_clone_and_a_repository_below_the_top_serve_too(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "origin", subdirectory="ml").write("ml/params.yaml", "a: 1\n").commit("one").write("x", "y").commit()
    shallow = repo.clone(tmp_path / "shallow", depth=1)
    with Repository.open(shallow.dvc_root) as opened, opened.clone(shallow.sha(), tmp_path / "tree") as tree:
        assert tree.dvc_root == tmp_path / "tree/ml"
        assert (tree.dvc_root / "params.yaml").read_text() == "a: 1\n"
