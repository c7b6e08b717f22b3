"""What a repository is made of."""

from pathlib import Path

from actions.repository import Repository
from actions.setup.sources import find
from tests.repositories import Repo


def test_data_metrics_targets_and_model_of_a_pipeline(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline(run=False)
    with Repository.open(repo.root) as repository:
        found = find(repository)
    assert found.data == ("data/raw.csv",)
    assert found.made == ("data/prepared.csv",)
    assert found.metrics == ("metrics.json",)
    assert found.targets == ("evaluate",)
    assert found.model == "model.txt"


def test_data_in_git_that_a_stage_reads_is_data(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("in.csv", "id\n1\n").write("code.py", "")
    repo.write(
        "dvc.yaml", "stages:\n  a:\n    cmd: 'true'\n    deps: [in.csv, code.py]\n    outs: [out.csv]\nmetrics: [m/scores.json]\n"
    ).commit()
    with Repository.open(repo.root) as repository:
        found = find(repository)
    assert (found.data, found.metrics) == (("in.csv",), ("m/scores.json",))


def test_a_repository_without_anything_has_nothing(tmp_path: Path) -> None:
    with Repository.open(Repo(tmp_path).root) as repository:
        found = find(repository)
    assert (found.data, found.made, found.metrics, found.targets, found.model) == ((), (), (), (), None)


def test_a_group_of_stages_goes_by_its_head(tmp_path: Path) -> None:
    stages = (
        "stages:\n  train:\n    foreach: [a, b]\n    do:\n      cmd: echo ${item} > ${item}.txt\n      outs: ['${item}.txt']\n"
    )
    with Repository.open(Repo(tmp_path).write("dvc.yaml", stages).commit().root) as repository:
        assert find(repository).targets == ("train",)
