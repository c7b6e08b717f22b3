"""`assay check`: exit codes, files, and what is printed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from policy.facts.commit import read as read_commit
from policy.facts.reading import read
from policy.facts.record import Command
from policy.facts.request import Arguments, Request
from policy.verdict import Verdict
from tests.assay.conftest import Assay, rows, told
from tests.repositories import Repo

FILES = {"facts.json", "verdict.json", "comment.md", "summary.md", "report.html"}


def test_a_change_that_holds_exits_with_0_and_leaves_five_files_that_git_ignores(assay: Assay, project: Repo) -> None:
    project.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").commit()
    done = assay("check", cwd=project.root)
    assert done.code == 0, done.err
    assert done.out.startswith("● Ready to merge")
    assert {each.name for each in (project.root / ".assay").iterdir()} == FILES | {".gitignore"}
    assert ".assay" not in project.git("status", "--short")
    facts = read((project.root / ".assay/facts.json").read_bytes())
    assert facts.revision.base_name == "main"
    assert (project.root / ".assay/comment.md").read_text("utf-8").startswith("<!-- assay:report v1 ")


def test_a_change_that_does_not_hold_exits_with_1_and_says_why_first(assay: Assay, project: Repo) -> None:
    project.write("data/raw.csv", rows(200, "200,-5\n")).dvc_add("data/raw.csv").commit()
    done = assay("check", "--no-remote", cwd=project.root)
    assert done.code == 1
    assert done.out.startswith("● Not ready to merge: ")
    assert "value: greater_than_or_equal_to(0) does not hold" in done.out.splitlines()[0]


def test_json_prints_the_verdict_and_nothing_else(assay: Assay, project: Repo) -> None:
    project.write("README.md", "# Other words\n").commit()
    done = assay("check", "--json", cwd=project.root)
    assert (done.code, done.err) == (0, "")
    assert Verdict.model_validate_json(done.out).passed
    assert json.loads(done.out)["result"]["reason"] == "nothing-to-check"


def test_a_missing_revision_exits_with_2_in_one_line(assay: Assay, project: Repo) -> None:
    done = assay("check", "--base", "nowhere", cwd=project.root)
    assert done.code == 2
    assert "nowhere" in done.err
    assert "Traceback" not in done.err


def test_a_broken_policy_exits_with_2_and_names_file_line_and_key(assay: Assay, project: Repo) -> None:
    project.switch("main").write("assay.yml", "version: 1\ntrain: {budgett: 5 min}\n").commit("broken").branch("other")
    done = assay("check", cwd=project.root)
    assert done.code == 2
    assert "main:assay.yml:2: `train.budgett`: unknown key; did you mean `budget`?" in done.err


def test_a_remote_that_cannot_be_reached_exits_with_3_or_red_but_never_green(assay: Assay, made: Repo, tmp_path: Path) -> None:
    clone = made.clone(tmp_path / "cut-off").branch("change")
    clone.write("data/raw.csv", rows(210)).dvc_add("data/raw.csv")
    config = clone.root / ".dvc/config.local"
    config.write_text("[core]\n    remote = gone\n['remote \"gone\"']\n    url = http://localhost:9/nothing\n")
    clone.commit()
    done = assay("check", cwd=clone.root)
    assert done.code in (1, 3)
    assert "Traceback" not in done.err


def test_outside_a_repository_it_says_where_to_stand(assay: Assay, tmp_path: Path) -> None:
    done = assay("check", cwd=tmp_path)
    assert done.code == 2
    assert done.err.count("\n") == 1, done.err


def test_without_dvc_it_says_how_to_set_it_up(assay: Assay, tmp_path: Path) -> None:
    plain = Repo(tmp_path, dvc=False).write("x", "1").commit()
    done = assay("check", cwd=plain.root)
    assert done.code == 2
    assert "dvc init" in done.err


def test_another_folder_takes_the_files_with_out(assay: Assay, project: Repo, tmp_path: Path) -> None:
    project.write("README.md", "# More\n").commit()
    assert assay("check", "--out", tmp_path / "site", cwd=project.root).code == 0
    assert {each.name for each in (tmp_path / "site").iterdir()} == FILES


def test_a_template_of_the_base_lays_out_the_comment_and_one_of_the_head_does_not(assay: Assay, project: Repo) -> None:
    template = ".assay/templates/comment.md.j2"
    project.switch("main").write(template, "{{ marker }}\nTHE TEAM'S OWN\n").commit("a template").branch("edit")
    project.write(template, "{{ marker }}\nHIJACKED\n").commit()
    assay("check", cwd=project.root)
    assert "THE TEAM'S OWN" in (project.root / ".assay/comment.md").read_text("utf-8")


def test_running_it_twice_gives_the_same_verdict(assay: Assay, project: Repo) -> None:
    project.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").commit()
    first = assay("check", "--json", cwd=project.root)
    parts = {part["name"]: part["status"] for part in json.loads(first.out)["result"]["children"]}
    for prepare in (lambda: None, lambda: project.commit("what dvc repro left").push_data()):
        prepare()
        again = json.loads(assay("check", "--json", cwd=project.root).out)["result"]
        assert {part["name"]: part["status"] for part in again["children"]} == parts


def test_what_a_run_left_is_red_once_it_is_committed_and_not_pushed(assay: Assay, project: Repo) -> None:
    project.write("params.yaml", "prepare: {minimum: 100}\ntrain: {slope: 9}\n").commit()
    assay("check", "--no-remote", cwd=project.root)
    project.commit("what dvc repro left, but without `dvc push`")
    done = assay("data", cwd=project.root)
    assert done.code == 1
    assert "never pushed" in done.out


def asked(project: Repo, command: Command = "train", **given: Any) -> str:
    """The inputs of a workflow for a command on what is checked out."""
    arguments = Arguments.model_validate({"base": "main", **given})
    request = Request(id="4711-0", command=command, pull_request=7, sha=project.sha(), arguments=arguments)
    return json.dumps(request.inputs())


def test_a_parameter_is_tried_and_compared_with_what_is_committed(assay: Assay, project: Repo) -> None:
    done = assay("check", "--set", "train.slope=0.001", "--against", "HEAD", "--no-remote", cwd=project.root)
    assert done.code == 1, done.out + done.err
    assert "accuracy" in done.out
    assert "slope: 0.001" in (project.root / "params.yaml").read_text()
    assert not (project.root / ".assay/commit.json").exists()


@pytest.fixture
def runner(made: Repo, tmp_path: Path) -> Repo:
    """A clone with a remote of its own, which a test may write to."""
    clone = made.clone(tmp_path / "runner")
    clone.remote = tmp_path / "store"
    shutil.copytree(made.remote, clone.remote)
    config = clone.root / ".dvc/config.local"
    config.write_text(f"{config.read_text()}['remote \"store\"']\n    url = {clone.remote}\n")
    return clone


def pushed(repo: Repo, path: str) -> bool:
    """Whether the remote has the file as it is on disk."""
    there = repo.cached((repo.root / path).read_bytes()).relative_to(repo.root / ".dvc/cache")
    return (repo.remote / there).is_file()


def test_what_a_command_made_is_pushed_and_left_to_be_committed(assay: Assay, runner: Repo) -> None:
    done = assay("check", "--request", asked(runner, set=["train.slope=44"], commit=True), cwd=runner.root)
    assert done.code == 0, done.out + done.err
    left = read_commit((runner.root / ".assay/commit.json").read_bytes())
    assert [file.path for file in left.files] == ["dvc.lock", "metrics.json", "params.yaml"]
    assert (left.request, left.sha) == ("4711-0", runner.sha())
    assert pushed(runner, "model.txt")


def test_what_fails_its_gates_is_neither_pushed_nor_left(assay: Assay, runner: Repo) -> None:
    done = assay("check", "--request", asked(runner, set=["train.slope=0.0001"], commit=True), cwd=runner.root)
    assert done.code == 1, done.out + done.err
    assert not (runner.root / ".assay/commit.json").exists()
    assert not pushed(runner, "model.txt")


def test_data_that_cannot_be_pushed_leaves_nothing_to_be_committed(assay: Assay, runner: Repo) -> None:
    store = str(runner.remote)
    breaking = f"import shutil\nshutil.rmtree({store!r})\nopen({store!r}, 'w').close()\n"
    runner.write("evaluate.py", (runner.root / "evaluate.py").read_text() + breaking)
    done = assay("check", "--request", asked(runner, set=["train.slope=45"], commit=True), cwd=runner.root)
    assert done.code == 3, done.out + done.err
    assert "`dvc push` failed: " in done.err
    assert (runner.root / ".assay/facts.json").exists()
    assert not (runner.root / ".assay/commit.json").exists()


def test_tt_07_a_request_for_another_commit_runs_nothing(assay: Assay, project: Repo) -> None:
    request = asked(project, set=["train.slope=9"])
    project.write("README.md", "# pushed meanwhile\n").commit()
    (line,) = told(assay("check", "--request", request, cwd=project.root), 2)
    assert "the command was given for" in line
    assert project.git("status", "--short") == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "train.slope=$(id)"], "has a value that is no number"),
        (["--set", "train.nothing=1"], "params.yaml has no parameter train.nothing"),
        (["--set", "train.slope=1", "--no-train"], "needs a run"),
        (["--single"], "Add --stage NAME"),
        (["--stage", "deploy"], "Stages: prepare, train, evaluate"),
        (["--request", "{}"], "the request is refused"),
        (["--request", "{}", "--set", "train.slope=1"], "Leave the other options out"),
        (["--request", "{}", "--no-train"], "Leave the other options out"),
    ],
)
def test_what_cannot_be_asked_for_is_one_line(assay: Assay, project: Repo, arguments: list[str], said: str) -> None:
    (line,) = told(assay("check", *arguments, cwd=project.root), 2)
    assert said in line
    assert project.git("status", "--short") == ""
