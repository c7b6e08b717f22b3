"""`assay policy` validates; `assay policy test` runs the cases of users; `assay policy explain` answers "what if"."""

import json
from pathlib import Path

import pytest

from tests.assay.conftest import Assay, told
from tests.assay.verbs.promoting import Job, here, job, mlflow_server, registry

__all__ = ["here", "job", "mlflow_server", "registry"]

POLICY = """\
version: 1
roles: {ml-lead: [carol], model-risk: [alice, bob]}
environments:
  production: {approved_if: [{role: ml-lead}, {role: model-risk}]}
"""
CASE = """\
environment: production
people: {alice: {did: [author]}}
said: [alice: /approve, carol: /approve]
expect: {state: pending, could: [bob]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assay.yml").write_text(POLICY)
    (tmp_path / "tests" / "approvals").mkdir(parents=True)
    (tmp_path / "tests" / "approvals" / "own-work.yml").write_text(CASE)
    return tmp_path


@pytest.mark.parametrize("arguments", [(), ("assay.yml",), ("check",), ("check", "assay.yml")])
def test_a_policy_is_validated_with_and_without_the_word_check(assay: Assay, folder: Path, arguments: tuple[str, ...]) -> None:
    done = assay("policy", *arguments, cwd=folder)
    assert (done.code, done.out) == (0, "assay.yml: 0 data sets, 0 gates, no error\n")


def test_the_schema_is_printed_with_and_without_the_word_check(assay: Assay, folder: Path) -> None:
    assert assay("policy", "--schema", cwd=folder).out == assay("policy", "check", "--schema", cwd=folder).out
    assert "environments" in json.loads(assay("policy", "--schema", cwd=folder).out)["properties"]


def test_a_file_that_is_not_there_is_told_in_one_line(assay: Assay, folder: Path) -> None:
    (line,) = told(assay("policy", "nope.yml", cwd=folder), 2)
    assert line.startswith("assay: nope.yml: cannot read the policy")


def test_cases_that_come_out_as_expected_pass(assay: Assay, folder: Path) -> None:
    done = assay("policy", "test", cwd=folder)
    assert (done.code, done.out) == (0, "✓ tests/approvals/own-work.yml\n1 of 1 come out as expected\n")


def test_a_case_that_does_not_is_shown_with_what_differs_and_the_whole_tree(assay: Assay, folder: Path) -> None:
    (folder / "tests" / "approvals" / "wrong.yml").write_text(CASE.replace("pending", "approved"))
    done = assay("policy", "test", cwd=folder)
    lines = done.out.splitlines()
    assert done.code == 1
    assert lines[1:3] == ["✗ tests/approvals/wrong.yml", "    state: expected approved, came out pending"]
    assert "    |   … 1 × model-risk [pending]: 0 of 1 given; it could be given by bob" in lines
    assert lines[-1] == "1 of 2 come out as expected"


def test_the_outcome_is_given_to_machines(assay: Assay, folder: Path) -> None:
    (folder / "wrong.yaml").write_text(CASE.replace("pending", "approved"))
    done = assay("policy", "test", "wrong.yaml", "--json", cwd=folder)
    (found,) = json.loads(done.out)
    assert (done.code, found["passed"]) == (1, False)
    assert found["differences"] == [{"what": "state", "expected": "approved", "found": "pending"}]
    assert [each["state"] for each in found["decision"]["rules"]] == ["approved", "pending"]
    assert found["decision"]["void"][0]["reason"] == "vote-own-work"


def test_the_policy_under_test_can_be_another(assay: Assay, folder: Path) -> None:
    (folder / "draft.yml").write_text(POLICY.replace(", {role: model-risk}", ""))
    done = assay("policy", "test", "--policy", "draft.yml", cwd=folder)
    assert done.code == 1 and "state: expected pending, came out approved" in done.out


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_no_cases_are_no_pass(assay: Assay, folder: Path, name: str) -> None:
    (folder / "empty").mkdir()
    (line,) = told(assay("policy", "test", name, cwd=folder), 2)
    assert line.startswith(f"assay: {name}: no fixtures.")


def test_a_case_that_cannot_be_read_is_told_with_its_line(assay: Assay, folder: Path) -> None:
    (folder / "tests" / "approvals" / "own-work.yml").write_text(CASE.replace("state", "stat"))
    lines = told(assay("policy", "test", cwd=folder), 2)
    assert lines == [
        "assay: tests/approvals/own-work.yml:4: `expect.stat`: unknown key; did you mean `state`?",
        "assay: tests/approvals/own-work.yml:4: `expect.state`: the key is missing; add it",
    ]


def test_a_case_is_explained_rule_by_rule(assay: Assay, folder: Path) -> None:
    done = assay("policy", "explain", "tests/approvals/own-work.yml", cwd=folder)
    assert done.code == 0
    assert done.out.splitlines()[:4] == [
        "pending: model 1 waits for approvals for production",
        "approved if",
        "  ✓ 1 × ml-lead [approved]: given by carol",
        "  … 1 × model-risk [pending]: 0 of 1 given; it could be given by bob",
    ]


def test_what_if_somebody_said_something_is_answered(assay: Assay, folder: Path) -> None:
    done = assay("policy", "explain", "tests/approvals/own-work.yml", "--as", "bob:/approve", cwd=folder)
    assert done.out.splitlines()[0] == "what if bob said /approve"
    assert done.out.splitlines()[-1] == "that makes it: pending → approved"
    again = assay("policy", "explain", "tests/approvals/own-work.yml", "--as", "alice:/approve", cwd=folder)
    assert again.out.splitlines()[-1] == "that makes it: still pending"
    both = ("--as", "bob:/approve", "--as", 'carol:/reject because "it is slow"')
    rejected = assay("policy", "explain", "tests/approvals/own-work.yml", *both, "--json", cwd=folder)
    assert json.loads(rejected.out)["state"] == "rejected"


def test_what_cannot_be_said_is_told_in_one_line(assay: Assay, folder: Path) -> None:
    (line,) = told(assay("policy", "explain", "tests/approvals/own-work.yml", "--as", "bob approves", cwd=folder), 2)
    assert line == "assay: --as: 'bob approves' says nothing. Write who says what, such as `--as alice:/approve`"


def test_a_request_is_explained_with_what_would_come_of_a_vote(assay: Assay, job: Job) -> None:
    done = assay("policy", "explain", f"#{job.number}", "--as", "carol:/revoke", cwd=job.folder)
    assert done.code == 0 and "what if carol said /revoke" in done.out
    assert "that makes it: approved → pending" in done.out
    found = json.loads(assay("policy", "explain", job.number, "--json", cwd=job.folder).out)
    assert (found["state"], found["environment"]) == ("approved", "staging")
    (line,) = told(assay("policy", "explain", job.number, "--policy", "draft.yml", cwd=job.folder), 2)
    assert "the default branch's policy" in line
    (line,) = told(assay("policy", "explain", job.there.chat.here.number, cwd=job.folder), 2)
    assert "no request" in line
