"""A stopped stage's outs, put back."""

from pathlib import Path

from actions.repository import Repository
from actions.train.keep import Kept
from tests.repositories import Repo

PIPELINE = """\
stages:
  fit:
    cmd: mkdir -p plots && echo whole | tee model.txt metrics.json plots/a.csv log.txt
    outs:
      - model.txt
      - log.txt: {persist: true}
      - plots: {cache: false}
    metrics:
      - metrics.json: {cache: false}
"""


def test_cached_uncached_and_persistent_outs_come_back(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("dvc.yaml", PIPELINE).repro().commit()
    with Repository.open(repo.root) as opened:
        kept = Kept(opened, opened.stages())
        for name in ("model.txt", "metrics.json", "plots/a.csv", "plots/half", "log.txt"):
            repo.write(name, "half")
        kept.put_back("fit")
        kept.drop()
        assert not list(opened.scratch.glob("kept*"))
    found = {name: (repo.root / name).read_text().strip() for name in ("model.txt", "metrics.json", "plots/a.csv", "log.txt")}
    assert found == {"model.txt": "whole", "metrics.json": "whole", "plots/a.csv": "whole", "log.txt": "whole"}
    assert not (repo.root / "plots/half").exists()


def test_what_was_not_there_before_is_removed(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("dvc.yaml", PIPELINE).commit()
    with Repository.open(repo.root) as opened:
        kept = Kept(opened, opened.stages())
        repo.write("model.txt", "half").write("plots/a.csv", "half")
        kept.put_back("fit")
        kept.put_back("a stage nobody knows")
    assert not (repo.root / "model.txt").exists() and not (repo.root / "plots").exists()
