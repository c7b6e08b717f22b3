"""`assay doctor`: a sound repository, a sick one, and machines that read the findings."""

import json
from pathlib import Path

import pytest

from tests.assay.conftest import Assay
from tests.loopback.server import running
from tests.repositories import Repo

BAD = """\
on: issue_comment
permissions: write-all
jobs:
  train:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: refs/pull/${{ github.event.issue.number }}/head
"""


def checks(out: str, level: str) -> list[str]:
    return [finding["check"] for finding in json.loads(out) if finding["level"] == level]


def test_a_repository_that_was_set_up_is_healthy(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline().push_data()
    assay("init", cwd=repo.root)
    repo.commit()
    done = assay("doctor", cwd=repo.root)
    assert done.code == 0, done.out
    assert "● assay.yml is valid" in done.out
    assert "● all 3 stages are up to date" in done.out
    assert "there is no GITHUB_TOKEN" in done.out
    assert not checks(assay("doctor", "--json", cwd=repo.root).out, "warning")


def test_every_finding_has_its_cure_and_an_error_exits_with_1(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path, remote=False).write(".github/workflows/train.yml", BAD).commit()
    done = assay("doctor", "--json", cwd=repo.root)
    assert done.code == 1
    assert set(checks(done.out, "error")) == {"dvc-remote", "policy", "untrusted-checkout", "comment-race"}
    found = json.loads(done.out)
    assert all(finding["cure"] for finding in found if finding["level"] in ("warning", "error"))
    (race,) = (finding for finding in found if finding["check"] == "comment-race")
    assert (race["file"], race["line"]) == (".github/workflows/train.yml", 9)
    assert "pins" in checks(done.out, "warning")


def test_with_a_token_github_is_asked_whether_the_default_branch_is_protected(
    assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = Repo(tmp_path / "here")
    repo.git("remote", "add", "origin", "https://github.example/acme/flights.git")
    with running() as github:
        github.repository("acme/flights")
        github.commit("acme/flights", {"README.md": "flights"})
        monkeypatch.setenv("GITHUB_API_URL", github.url)
        monkeypatch.setenv("GITHUB_TOKEN", github.token("acme/flights", "read"))

        def level() -> str:
            found = json.loads(assay("doctor", "--json", cwd=repo.root).out)
            return next(finding["level"] for finding in found if finding["check"] == "protection")

        assert level() == "warning"
        github.protect("acme/flights", "main")
        assert level() == "ok"
        monkeypatch.setenv("GITHUB_REPOSITORY", "acme/gone")
        assert level() == "note"


def test_outside_of_a_repository_that_is_the_finding(assay: Assay, tmp_path: Path) -> None:
    done = assay("doctor", cwd=tmp_path)
    assert done.code == 1
    assert done.out.splitlines()[1].strip() == "Run inside one, or start one with `git init`"
