"""Champion and challenger are scored by the user's command on the newest labelled rows, matched row by row."""

import json
import os
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from actions.progress import Silent
from actions.repository import Repository
from actions.retrain.newest import gather
from policy import document
from policy.facts.newest import NewestFacts
from policy.newest import Outcome, outcome
from tests.repositories import Repo

AT = datetime(2026, 7, 31, tzinfo=UTC)
POLICY = """\
version: 1
model: {{name: heat, artifact: model.json}}
retrain:
  newest: {newest}
monitor:
  data: {data}
  reference: train.csv
  time: at
  window: 20 days
  least: 100
  predictions: {{label: late, score: chance, metrics: [{{metric: roc_auc, floor: 0.5}}, {{metric: brier, ceiling: 1}}]}}
"""
SCORE = """\
import csv, json, os, random

model = json.load(open(os.environ["ASSAY_MODEL"]))
weight, noise = model["weight"], model["noise"]
rows = list(csv.DictReader(open(os.environ["ASSAY_DATA"])))
assert not {"late", "chance"} & set(rows[0]), "labels are not for the command"
assert "GITHUB_TOKEN" not in os.environ
random.Random(len(rows)).shuffle(rows)
with open(os.environ["ASSAY_PREDICTIONS"], "w", newline="") as file:
    out = csv.writer(file)
    out.writerow(["chance", "assay_row"])
    for row in rows:
        out.writerow([weight * float(row["heat"]) + (1 - weight) * float(row[noise]), row["assay_row"]])
"""


def rows(count: int = 600, unlabelled: int = 50) -> list[dict[str, object]]:
    """A row an hour; whether it was late follows from its heat, and the newest have no label yet."""
    luck = random.Random(7)
    found: list[dict[str, object]] = []
    for number in range(count):
        heat, noise, other = luck.random(), luck.random(), luck.random()
        late = "" if number >= count - unlabelled else int(luck.random() < heat)
        at = datetime(2026, 7, 1 + number // 24, number % 24).isoformat()
        found.append({"id": number, "at": at, "heat": heat, "noise": noise, "other": other, "late": late, "chance": 0.5})
    return found


def text(found: list[dict[str, object]]) -> str:
    return "\n".join([",".join(found[0]), *(",".join(map(str, each.values())) for each in found)]) + "\n"


def model(weight: float, noise: str = "noise") -> str:
    return json.dumps({"weight": weight, "noise": noise})


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    made = Repo(tmp_path_factory.mktemp("newest")).write("score.py", SCORE).write("model.json", model(0.2))
    made.write("train.csv", text(rows(100, 0))).write("live.csv", text(rows()))
    return made.dvc_add("model.json").commit("a model")


@pytest.fixture
def repo(author: Repo, tmp_path: Path) -> Repo:
    """The project, whose model was trained anew and not committed yet."""
    return author.copy(tmp_path / "project").write("model.json", model(0.9))


def compare(repo: Repo, environ: Mapping[str, str] | None = None, data: str = "live.csv", **newest: object) -> NewestFacts | None:
    section = json.dumps({"score": "python3 score.py", **newest})
    policy = document.read(POLICY.format(newest=section, data=data))
    with Repository.open(repo.root) as repository:
        return gather(repository, policy, repo.sha(), Silent(), environ or os.environ, AT)


def problem(repo: Repo, **newest: object) -> str:
    found = compare(repo, **newest)
    assert found is not None and found.metrics == []
    return found.problem


def test_both_are_scored_on_the_same_newest_labelled_rows_with_the_interval_of_the_change(repo: Repo) -> None:
    found = compare(repo, {**os.environ, "GITHUB_TOKEN": "ghs_secret"})
    assert found is not None and found.problem == "" and found.left_out is None
    # The newest twenty days that have labels, and not the newest twenty days.
    assert (found.rows, found.end[:13], found.start[:13]) == (480, "2026-07-23T21", "2026-07-03T22")
    auc, brier = found.metrics
    assert (auc.metric, auc.rows, brier.metric) == ("roc_auc", 480, "brier") and auc.base is not None and auc.head is not None
    assert auc.head > auc.base and outcome(auc) is Outcome.BETTER and outcome(brier) is Outcome.BETTER


def test_the_worse_one_is_called_so_and_one_like_the_other_is_not(author: Repo, tmp_path: Path) -> None:
    repo = author.copy(tmp_path / "project")
    for trained, expected in ((model(0.0), Outcome.WORSE), (model(0.2, "other"), Outcome.NOISE)):
        repo.write("model.json", trained)
        found = compare(repo)
        assert found is not None and outcome(found.metrics[0]) is expected


def test_a_model_that_is_the_committed_one_is_not_compared_with_itself(author: Repo, tmp_path: Path) -> None:
    assert compare(author.copy(tmp_path / "project")) is None


def test_rows_that_either_learned_from_are_left_out_by_their_key(repo: Repo) -> None:
    every = rows()
    repo.write("train.csv", text(every[100:150])).commit("what the champion learned from")
    repo.write("train.csv", text(every[140:200]))
    found = compare(repo, learned_from="train.csv", key=["id"])
    assert found is not None and (found.rows, found.left_out) == (380, 100)
    assert {each.rows for each in found.metrics} == {380}


def test_rows_that_cannot_be_told_apart_are_a_problem(repo: Repo) -> None:
    for train, key, what in (
        ("id,heat\nx,1\n", "id", "the key is {'id': Int64} in production's data and {'id': String} in train.csv"),
        ("name\nx\n", "id", "train.csv: it has no column id"),
        ("id,zone\n1,1\n", "zone", "production's data has no column zone"),
    ):
        repo.write("train.csv", train).commit("other rows")
        assert what in problem(repo, learned_from="train.csv", key=[key])
    repo.remove("train.csv")
    assert "train.csv: it does not exist" in problem(repo, learned_from="train.csv", key=["id"])


def test_too_few_rows_are_said_and_nothing_is_scored(repo: Repo) -> None:
    repo.write("train.csv", text(rows()[: 600 - 90]))
    said = problem(repo, learned_from="train.csv", key=["id"], score="python3 nothing.py")
    assert said == "40 labelled rows, 440 of the window left out are too few: 100 are needed"


def test_data_that_cannot_serve_is_a_problem_and_no_end_of_the_training(repo: Repo) -> None:
    for live, what in (
        (text(rows(200, 200)), "no row of production has a 'late'"),
        ("at,heat\n2026-07-01,1\n", "production's data has no column 'late'"),
        (text([{**each, "assay_row": 1} for each in rows(300)]), "production has a column 'assay_row', which is ours"),
    ):
        repo.write("live.csv", live)
        assert what in problem(repo)
    assert "there is nothing" in problem(repo.remove("live.csv"))


SCRIPTS = [
    ("raise SystemExit('no such column: heat')", "ended with exit code 1: no such column: heat (of the champion)"),
    ("pass", "wrote no predictions to ASSAY_PREDICTIONS (of the champion)"),
    ("out.write('assay_row,score\\n0,1\\n')", "wrote no column chance"),
    ("out.write('assay_row,chance\\n' + '0,1\\n' * 480)", "has to give each assay_row back once"),
    ("out.write('assay_row,chance\\n0,1\\n')", "480 rows were asked for, and 1 came"),
    ("out.write('assay_row,chance\\nx,1\\n')", "has to give each assay_row back once"),
]


def test_a_command_that_does_not_do_as_it_is_told_is_a_problem(repo: Repo) -> None:
    for script, what in SCRIPTS:
        begin = "import os\n" + ("out = open(os.environ['ASSAY_PREDICTIONS'], 'w')\n" if "out." in script else "")
        repo.write("score.py", begin + script + "\n")
        assert what in problem(repo)


def test_a_command_that_is_not_there_or_takes_too_long_is_a_problem(repo: Repo) -> None:
    assert "cannot be started" in problem(repo, score="no-such-program score.py")
    assert "cannot be started" in problem(repo, score="python3 'score.py")
    repo.write("score.py", "import time\ntime.sleep(60)\n")
    assert "was stopped after" in problem(repo, limit="0.2 s")


def test_predictions_that_are_no_numbers_are_named_by_the_metric(repo: Repo) -> None:
    repo.write("score.py", SCORE.replace('weight * float(row["heat"])', "float('nan') + weight * float(row[\"heat\"])"))
    found = compare(repo)
    assert found is not None and [each.problem_head is not None for each in found.metrics] == [True, True]
    assert outcome(found.metrics[0]) is Outcome.UNKNOWN


def test_parquet_is_given_as_parquet_and_a_model_that_is_a_folder_as_a_folder(author: Repo, tmp_path: Path) -> None:
    repo = author.copy(tmp_path / "project").remove("model.json").remove("model.json.dvc")
    repo.write("model.json/weights.txt", "0.2").write("model.json/more/notes.txt", "x").dvc_add("model.json").commit("a folder")
    repo.write("model.json/weights.txt", "0.9")
    pl.read_csv(repo.root / "live.csv").write_parquet(repo.root / "live.parquet")
    script = (
        "import os, pathlib\n"
        "model = pathlib.Path(os.environ['ASSAY_MODEL'])\n"
        "assert (model / 'more/notes.txt').read_text() == 'x' and model.name == 'model.json'\n"
        "assert open(os.environ['ASSAY_DATA'], 'rb').read(4) == b'PAR1'\n"
        "weight = float((model / 'weights.txt').read_text())\n"
        "with open(os.environ['ASSAY_PREDICTIONS'], 'w') as out:\n"
        "    out.write('assay_row,chance\\n' + ''.join(f'{each},{weight}\\n' for each in range(480)))\n"
    )
    repo.write("score.py", script)
    found = compare(repo, data="live.parquet")
    assert found is not None and found.problem == "" and [each.rows for each in found.metrics] == [480, 480]


def test_a_first_model_has_no_champion(repo: Repo) -> None:
    pointer = (repo.root / "model.json.dvc").read_bytes()
    repo.remove("model.json.dvc").commit("nothing yet")
    repo.write("model.json.dvc", pointer)
    assert problem(repo).startswith("model.json: there is no model at ")
