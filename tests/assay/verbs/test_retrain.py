"""`assay retrain` on a real repository whose data is an import: what came is trained on, judged, pushed and left."""

import json
import shutil
from pathlib import Path

import pytest

from bot.landing import FILE
from policy.facts.commit import digest
from policy.facts.commit import read as read_commit
from policy.facts.reading import read
from tests.assay.conftest import POLICY, Assay, built, rows, told
from tests.repositories import Repo


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """The project of the other tests, where `data/raw.csv` is an import of a file that somebody else writes."""
    repo = built(tmp_path_factory.mktemp("importing"))
    arrive(repo, rows(200))
    repo.remove("data/raw.csv.dvc").dvc("import-url", "--quiet", "--force", "../../source.csv", "data/raw.csv")
    return repo.commit("an import").push_data()


@pytest.fixture
def runner(author: Repo, tmp_path: Path) -> Repo:
    """A clone with a source and a remote of its own."""
    clone = author.clone(tmp_path / "runner")
    clone.remote = tmp_path / "store"
    shutil.copytree(author.remote, clone.remote)
    config = clone.root / ".dvc/config.local"
    config.write_text(f"{config.read_text()}['remote \"store\"']\n    url = {clone.remote}\n")
    arrive(clone, rows(200))
    return clone


def arrive(repo: Repo, text: str) -> None:
    """More data at the source."""
    (repo.root.parent / "source.csv").write_text(text)


def pushed(repo: Repo, path: str) -> bool:
    """Whether the remote has the file as it is on disk."""
    there = repo.cached((repo.root / path).read_bytes()).relative_to(repo.root / ".dvc/cache")
    return (repo.remote / there).is_file()


def test_new_data_is_trained_on_judged_against_what_is_there_pushed_and_left(
    assay: Assay, runner: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(runner, rows(400))
    monkeypatch.setenv("GITHUB_RUN_ID", "77")
    done = assay("retrain", "--propose", cwd=runner.root)
    assert done.code == 0, done.out + done.err
    facts = read((runner.root / ".assay/facts.json").read_bytes())
    assert facts.revision.base == facts.revision.head == runner.sha() and facts.evaluation is not None
    (accuracy,) = facts.evaluation.metrics
    assert accuracy.base is not None and accuracy.head is not None and accuracy.head > accuracy.base
    left = read_commit((runner.root / ".assay" / FILE).read_bytes())
    assert (left.request, left.sha) == ("77", runner.sha())
    assert left.facts == digest((runner.root / ".assay/facts.json").read_bytes())
    assert [file.path for file in left.files] == ["data/raw.csv.dvc", "dvc.lock", "metrics.json"]
    assert pushed(runner, "model.txt") and pushed(runner, "data/raw.csv")


def test_where_nothing_came_nothing_is_run_and_an_empty_record_says_so(assay: Assay, runner: Repo) -> None:
    done = assay("retrain", "--propose", "--json", cwd=runner.root)
    assert done.code == 0, done.out + done.err
    assert json.loads(done.out)["result"]["reason"] == "nothing-to-check"
    assert read_commit((runner.root / ".assay" / FILE).read_bytes()).files == []


def test_data_that_breaks_its_contract_is_red_trains_nothing_and_leaves_nothing(assay: Assay, runner: Repo) -> None:
    arrive(runner, rows(400, "400,-5\n"))
    done = assay("retrain", "--propose", cwd=runner.root)
    assert done.code == 1, done.out + done.err
    assert "greater_than_or_equal_to(0) does not hold" in done.out
    assert not (runner.root / ".assay" / FILE).exists() and not pushed(runner, "data/raw.csv")


def test_a_model_that_got_worse_is_red_left_as_evidence_and_not_pushed(assay: Assay, runner: Repo) -> None:
    arrive(runner, rows(2))
    done = assay("retrain", "--propose", cwd=runner.root)
    assert done.code == 1, done.out + done.err
    assert "dvc.lock" in [file.path for file in read_commit((runner.root / ".assay" / FILE).read_bytes()).files]
    assert not pushed(runner, "model.txt")


def test_by_hand_nothing_is_left_and_what_was_edited_cannot_be_trained_anew(assay: Assay, runner: Repo) -> None:
    done = assay("retrain", "--no-update", cwd=runner.root)
    assert done.code == 0, done.out + done.err
    assert not (runner.root / ".assay" / FILE).exists()
    runner.write("train.py", "pass\n")
    (line,) = told(assay("retrain", cwd=runner.root), 2)
    assert "train.py" in line and "edited and not committed" in line


def test_a_source_that_is_gone_is_something_outside(assay: Assay, runner: Repo) -> None:
    (runner.root.parent / "source.csv").unlink()
    (line,) = told(assay("retrain", cwd=runner.root), 3)
    assert "`dvc update` failed" in line


SCORE = """\
import csv, os

knows = int(open(os.environ["ASSAY_MODEL"]).read().split()[1]) > 250
with open(os.environ["ASSAY_DATA"]) as rows, open(os.environ["ASSAY_PREDICTIONS"], "w") as out:
    out.write("assay_row,chance\\n")
    for row in csv.DictReader(rows):
        out.write(f"{row['assay_row']},{int(row['value']) / 17 if knows else int(row['id']) % 7 / 7}\\n")
"""
NEWEST = """\
model: {name: flights, artifact: model.txt}
retrain: {newest: {score: python score.py, learned_from: data/raw.csv, key: [id]}}
monitor:
  data: live.csv
  reference: data/raw.csv
  predictions: {label: late, score: chance, metrics: [{metric: roc_auc, floor: 0.5}]}
"""


def test_champion_and_challenger_are_shown_on_what_production_has_labels_of(assay: Assay, runner: Repo) -> None:
    runner.write("assay.yml", POLICY + NEWEST).write("score.py", SCORE).commit("compare both in production")
    live = "".join(f"{row},{row % 17},{int(row % 17 > 8) ^ int(row % 5 == 0)},0.5\n" for row in range(300, 1_000))
    runner.write("live.csv", f"id,value,late,chance\n{live}")
    arrive(runner, rows(400))
    done = assay("retrain", cwd=runner.root)
    assert done.code == 0, done.out + done.err
    assert (
        "On production's newest 600 labelled rows, which no gate judges:\n  ● roc_auc: 0." in done.out
        and ": better\n" in done.out
    )
    found = read((runner.root / ".assay/facts.json").read_bytes()).newest
    assert found is not None and (found.rows, found.left_out, found.problem) == (600, 100, "")
    comment = (runner.root / ".assay/comment.md").read_text()
    assert "600 rows, scored by both. 100 rows that either may have learned from are left out." in comment
    assert "| `roc_auc` |" in comment and "**better**" in comment
