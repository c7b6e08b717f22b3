"""Workflows that are missing, old, without rights, or not pinned."""

from pathlib import Path

from actions.repository import Repository
from actions.setup.finding import Finding
from actions.setup.workflow_health import look
from actions.setup.workflows import FOR_COMMANDS, Action, wanted
from tests.repositories import Repo

WANTED = wanted("main", Action("assay-ml/assay", "a" * 40, "v1"))
REPORT = ".github/workflows/assay-report.yml"


def of(repo: Repo) -> list[Finding]:
    with Repository.open(repo.root) as repository:
        return list(look(repository, WANTED))


def test_workflows_that_are_not_there_and_those_that_are_current(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    assert {(finding.what.split(" ")[0], finding.level) for finding in of(repo)} == {
        (path, "note" if Path(path).name in FOR_COMMANDS else "warning") for path in WANTED
    }
    for path, text in WANTED.items():
        repo.write(path, text)
    assert {(finding.check, finding.level) for finding in of(repo)} == {("workflow", "ok")}


def test_a_permission_that_a_job_lacks_is_told_as_the_block_to_paste(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write(REPORT, WANTED[REPORT].replace("pull-requests: write", "pull-requests: read"))
    (found,) = (finding for finding in of(repo) if finding.check == "permissions")
    assert found.level == "error"
    assert "lacks pull-requests: write" in found.what
    assert "`permissions: {" in found.cure
    assert "pull-requests: write" in found.cure
    assert found.line is not None


def test_what_is_not_pinned_is_told_with_its_line(tmp_path: Path) -> None:
    steps = "- uses: actions/checkout@v4\n- uses: ./mine\n- uses: a/b@" + "c" * 40 + "\n- uses: assay-ml/assay@" + "0" * 40 + "\n"
    repo = Repo(tmp_path).write(".github/workflows/x.yaml", f"on: push\njobs:\n  a:\n    steps:\n{steps}")
    found = [(finding.what.split(" ")[0], finding.line, finding.level) for finding in of(repo) if finding.check == "pins"]
    assert found == [("actions/checkout@v4", 5, "warning"), (f"assay-ml/assay@{'0' * 40}", 8, "error")]


def test_a_workflow_that_leads_out_of_the_repository_is_a_finding(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write(".github/workflows/a.yml", "on: push\njobs: {a: {steps: []}}\n")
    (tmp_path / "outside.yml").write_text("secret")
    (repo.root / ".github/workflows/b.yml").symlink_to(tmp_path / "outside.yml")
    assert "workflow-unreadable" in {finding.check for finding in of(repo)}
