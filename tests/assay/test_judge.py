"""What a verdict leaves on GitHub's runner, and only there."""

import json
from pathlib import Path

import pytest

from policy.facts.reading import read
from tests.actions.test_runner import heard, read_outputs
from tests.assay.conftest import Assay, rows
from tests.repositories import Repo


@pytest.fixture
def on_runner(assay: Assay, project: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the runner's files, for a pull request of the project."""
    (tmp_path / "event.json").write_text('{"pull_request": {"number": 12}}')
    told = {"OUTPUT": "outputs", "STEP_SUMMARY": "job.md", "EVENT_PATH": "event.json", "WORKSPACE": "clone/work"}
    for name, file in told.items():
        monkeypatch.setenv(f"GITHUB_{name}", str(tmp_path / file))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/flights")
    return tmp_path


def test_a_change_that_does_not_hold_is_annotated_on_the_line_of_its_contract(
    assay: Assay, project: Repo, on_runner: Path
) -> None:
    project.write("data/raw.csv", rows(200, "200,-5\n")).dvc_add("data/raw.csv").commit()
    done = assay("check", "--no-remote", cwd=project.root)
    assert done.code == 1, done.err
    errors = [line for line in heard(done.out) if line.startswith("::error ")]
    assert errors[0].startswith("::error file=contracts/raw.py,line=4,title=data%3A contract::")
    assert "● Not ready to merge" in done.out
    outputs = read_outputs((on_runner / "outputs").read_text("utf-8"))
    assert outputs["verdict"] == "failed"
    assert "data/contract" in json.loads(outputs["failed-gates"])
    facts = read(Path(outputs["facts"]).read_bytes())
    assert (facts.revision.repository, facts.revision.pull_request) == ("acme/flights", 12)
    assert Path(outputs["report"]).is_file()
    assert "Not ready to merge" in (on_runner / "job.md").read_text("utf-8")


def test_groups_of_the_log_open_and_close(assay: Assay, project: Repo, on_runner: Path) -> None:
    project.write("README.md", "# Other words\n").commit()
    done = assay("check", cwd=project.root)
    assert done.code == 0, done.err
    groups = [line.partition(" ")[0].split("::")[1] for line in heard(done.out)]
    assert groups
    assert groups == ["group", "endgroup"] * (len(groups) // 2)
    assert read_outputs((on_runner / "outputs").read_text("utf-8"))["verdict"] == "passed"


def test_json_stays_json_on_a_runner(assay: Assay, project: Repo, on_runner: Path) -> None:
    project.write("README.md", "# Other words\n").commit()
    done = assay("check", "--json", cwd=project.root)
    assert json.loads(done.out)["result"]["status"] == "passed"
    assert heard(done.err)


def test_a_question_that_cannot_be_asked_is_an_error_on_a_runner_too(assay: Assay, project: Repo, on_runner: Path) -> None:
    project.switch("main").write("assay.yml", "version: 1\ntrain: {budgett: 5 min}\n").commit("broken").branch("other")
    done = assay("check", cwd=project.root)
    assert done.code == 2
    assert [line for line in heard(done.out) if line.startswith("::error file=assay.yml,line=2")]
    assert read_outputs((on_runner / "outputs").read_text("utf-8")) == {"verdict": "error"}
