"""Metrics files are found wherever a dvc.yaml declares them."""

from pathlib import Path

from actions.repository import Repository
from actions.repository.metrics import read_metrics
from tests.repositories import Repo

STAGES = "stages:\n  a:\n    cmd: 'true'\n    metrics: [own.json: {cache: false}]\nmetrics: [top/all.json]\n"


def test_metrics_of_stages_and_of_the_top_of_every_file(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("dvc.yaml", STAGES).write("sub/dvc.yaml", STAGES).commit()
    with Repository.open(repo.root) as repository:
        found = read_metrics(repository.store, repository.root, repository.dvc_root)
    assert found == ["own.json", "sub/own.json", "sub/top/all.json", "top/all.json"]
