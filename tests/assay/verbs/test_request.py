"""`assay request` opens the issue that `/promote` opens."""

import json
from pathlib import Path

import pytest

from tests.assay.conftest import Assay, told
from tests.assay.verbs.promoting import Job, here, job, mlflow_server, registry

__all__ = ["here", "job", "mlflow_server", "registry"]


def test_a_promotion_is_asked_for_and_what_stands_is_found(
    assay: Assay, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(left))
    done = assay("request", f"{job.model}@2", "--to", "production", cwd=job.folder)
    assert done.code == 0 and "version 2 to production: asked for in #" in done.out, done.err
    again = assay("request", job.model, "--to", "staging", "--json", cwd=job.folder)
    assert json.loads(again.out) == [{"environment": "staging", "version": 2, "outcome": "stands", "number": job.number}]
    assert left.read_text().splitlines()[1] == f"requests={job.number}"
    assert "nothing to ask for" in assay("request", "--on-merge", "--", "@2", cwd=job.folder).out


def test_it_has_to_be_said_for_which_environment(assay: Assay, job: Job) -> None:
    for arguments in ((), ("--to", "staging", "--on-merge")):
        (line,) = told(assay("request", *arguments, cwd=job.folder), 2)
        assert "say for which environment" in line
    (line,) = told(assay("request", "--to", "nowhere", cwd=job.folder), 2)
    assert "no such environment" in line
