"""What the run cache would restore, found as DVC finds it."""

from collections.abc import Mapping
from pathlib import Path

from actions.repository import Repository, Stage
from actions.repository.runcache import RunCache
from tests.repositories import PARAMS, Repo


def known(stage: Stage) -> dict[str, str]:
    return {dep.path: dep.present for dep in stage.deps if dep.present}


def outcome(repo: Repo, name: str, *, remotely: bool = False, given: Mapping[str, str] | None = None) -> Mapping[str, str] | None:
    with Repository.open(repo.root) as opened:
        stage = next(stage for stage in opened.stages() if stage.name == name)
        return RunCache(opened.store, remotely=remotely).outcome(stage, given or known(stage))


def test_an_earlier_run_with_the_same_inputs_is_found(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    with Repository.open(repo.root) as opened:
        first = opened.tracked("model.txt")
    repo.write("params.yaml", PARAMS.replace("1.5", "2")).repro()
    repo.write("params.yaml", PARAMS)
    assert first is not None
    assert outcome(repo, "train") == {"model.txt": first.digest}
    repo.write("params.yaml", PARAMS.replace("1.5", "99"))
    assert outcome(repo, "train") is None


def test_an_outcome_whose_objects_are_gone_does_not_count(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    content = (repo.root / "model.txt").read_text()
    assert outcome(repo, "train") is not None
    repo.cached(content).unlink()
    assert outcome(repo, "train") is None


def test_the_remotes_run_cache_is_asked_without_downloading(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline().push_data()
    stage_inputs = {}
    with Repository.open(repo.root) as opened:
        stage_inputs = known(next(stage for stage in opened.stages() if stage.name == "train"))
    clone = repo.clone(tmp_path / "runner")
    (clone.root / "dvc.lock").unlink()
    assert outcome(clone, "train", given=stage_inputs) is None
    assert outcome(clone, "train", given=stage_inputs, remotely=True) is not None
    assert not list((clone.root / ".dvc").glob("cache/**/*"))


def test_a_damaged_entry_is_as_good_as_none(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    (repo.root / "dvc.lock").unlink()
    assert outcome(repo, "train") is not None
    for entry in (repo.root / ".dvc/cache/runs").glob("*/*/*"):
        entry.chmod(0o644)
        entry.write_text("outs: [")
    assert outcome(repo, "train") is None
    for entry in (repo.root / ".dvc/cache/runs").glob("*/*/*"):
        entry.write_text("[1, 2]")
    assert outcome(repo, "train") is None
