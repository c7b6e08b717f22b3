"""The pipeline as records."""

from pathlib import Path

import pytest

from actions.repository import Repository
from policy.problems import UserProblem
from tests.repositories import PARAMS, Repo


def test_stages_come_upstream_first_with_both_digests(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline().write("params.yaml", PARAMS.replace("1.5", "2")).remove("model.txt")
    with Repository.open(repo.root) as opened:
        prepare, train, evaluate = opened.stages()
    assert (prepare.name, prepare.command, prepare.upstream) == ("prepare", ("python prepare.py",), ())
    assert [dep.path for dep in train.deps] == ["train.py", "data/prepared.csv"]
    assert all(dep.recorded == dep.present for dep in train.deps)
    assert train.parameters == ("params.yaml: train was modified",)
    (model,) = train.outs
    assert model.present is None and model.recorded is not None and model.cached
    assert evaluate.upstream == ("train",)
    (metrics,) = evaluate.outs
    assert metrics.present == metrics.recorded and not metrics.cached


def test_a_pipeline_that_cannot_be_read_is_the_users_problem(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("dvc.yaml", "stages:\n  a: 3\n").commit()
    with Repository.open(repo.root) as opened, pytest.raises(UserProblem, match=r"dvc\.yaml"):
        opened.stages()


def test_stages_of_a_sub_folder_are_called_as_dvc_calls_them_there(tmp_path: Path) -> None:
    inner = "stages:\n  fit:\n    cmd: echo > o\n    outs: [o]\n"
    repo = Repo(tmp_path, subdirectory="ml").write("ml/dvc.yaml", inner).write("ml/more/dvc.yaml", inner).commit()
    with Repository.open(repo.dvc_root) as opened:
        assert sorted((stage.name, stage.file, stage.outs[0].path) for stage in opened.stages()) == [
            ("fit", "ml/dvc.yaml", "ml/o"),
            ("more/dvc.yaml:fit", "ml/more/dvc.yaml", "ml/more/o"),
        ]
