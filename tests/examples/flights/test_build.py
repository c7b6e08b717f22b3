"""The built repository is what a user would have."""

import json
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from actions.progress import Silent
from examples.flights import source
from examples.flights.branches import BRANCHES
from examples.flights.build import MARKER, Demo, build
from policy.problems import OutsideProblem, UserProblem
from tests.examples.flights.shell import run

CHANGED = {
    "new-months": {"data/flights.parquet.dvc", "data/weather.parquet.dvc"},
    "better-model": {"params.yaml"},
    "worse-model": {"params.yaml"},
    "corrupt-data": {"data/flights.parquet.dvc"},
    "readme-only": {"README.md"},
    "within-noise": {"params.yaml"},
}


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("all of it")
    with pytest.raises(UserProblem, match="not made by the demo"):
        build(tmp_path, Silent())
    assert (tmp_path / "thesis.txt").read_text() == "all of it"


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine")
    with pytest.raises(UserProblem, match="this is a file"):
        build(tmp_path / "demo", Silent())


def test_what_fails_while_building_is_told_with_its_last_lines_and_may_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "no-git-here"))
    with pytest.raises(OutsideProblem, match="git"):
        build(tmp_path / "demo", Silent())
    assert (tmp_path / "demo" / MARKER).is_file()  # so the next try may replace it


@pytest.mark.slow
def test_a_fresh_clone_pulls_everything_and_is_up_to_date(clone: Path) -> None:
    run(clone, "dvc", "pull", "--quiet")
    assert run(clone, "dvc", "status").strip() == "Data and pipelines are up to date."
    assert "in sync" in run(clone, "dvc", "status", "--cloud")
    assert run(clone, "git", "status", "--porcelain") == ""


@pytest.mark.slow
def test_a_real_repro_leaves_exactly_what_was_committed(clone: Path) -> None:
    run(clone, "dvc", "pull", "--quiet")
    run(clone, "dvc", "repro", "--force", "--quiet")
    assert run(clone, "git", "status", "--porcelain") == ""


@pytest.mark.slow
def test_branches_differ_from_main_only_as_they_say(demo: Demo) -> None:
    listed = run(demo.repository, "git", "for-each-ref", "--format=%(refname:short)", "refs/heads").split()
    assert set(listed) == {"main", *CHANGED} == {"main", *(branch.name for branch in BRANCHES)}
    for name, files in CHANGED.items():
        assert set(run(demo.repository, "git", "diff", "--name-only", f"main..{name}").split()) == files
        assert run(demo.repository, "git", "rev-list", "--count", f"main..{name}").strip() == "1"


@pytest.mark.slow
def test_the_metric_has_a_history_that_rises_to_main(demo: Demo) -> None:
    commits = run(demo.repository, "git", "rev-list", "--reverse", "main", "--", "metrics.json").split()
    history = [json.loads(run(demo.repository, "git", "show", f"{commit}:metrics.json"))["roc_auc"] for commit in commits]
    assert len(history) == 4
    assert history == sorted(history)
    assert run(demo.repository, "git", "rev-parse", "champion").strip() == commits[2]


@pytest.mark.slow
def test_every_branch_is_evaluated_on_the_same_flights(clone: Path) -> None:
    def keys(branch: str) -> pl.DataFrame:
        run(clone, "git", "switch", "--quiet", branch)
        run(clone, "dvc", "pull", "--quiet", "data/flights.parquet", "data/weather.parquet")
        run(clone, "python", "stages/prepare.py")
        return pl.read_parquet(clone / "prepared/evaluate.parquet", columns=[*source.KEY, "late"])

    main = keys("main")
    assert main.height == 26_224
    assert not main.select(source.KEY).is_duplicated().any()
    # Every other branch but corrupt-data has the data and the `prepare` parameters of main.
    assert keys("new-months").equals(main)


@pytest.mark.slow
def test_the_runs_of_main_are_in_mlflow_and_not_in_git(demo: Demo) -> None:
    with sqlite3.connect(demo.repository / "mlflow.db") as store:
        values = [value for (value,) in store.execute("select value from metrics where key = 'roc_auc' order by timestamp")]
    assert len(values) == 4
    assert values[-1] == json.loads((demo.repository / "metrics.json").read_text())["roc_auc"]
    assert "mlflow" not in run(demo.repository, "git", "ls-files")


@pytest.mark.slow
def test_an_earlier_demo_is_replaced_whole(demo: Demo) -> None:
    assert sorted(path.name for path in demo.root.iterdir()) == [MARKER, "flights", "remote"]
