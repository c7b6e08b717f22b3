"""`assay init` in the flights project: what it proposes there, and that a check passes on it."""

import os
import sys
from pathlib import Path

import pytest

from actions.check import check
from actions.progress import Silent
from actions.repository import Repository
from actions.setup.files import write
from actions.setup.setup import wanted
from examples.flights.build import Demo
from examples.flights.clones import clone
from policy import document
from policy.result import Status
from policy.verdict import decide
from tests.examples.flights.shell import run

pytestmark = pytest.mark.slow


def test_the_proposal_finds_keys_predictions_and_gates_and_holds(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    root = clone(demo, "main", tmp_path / "flights")
    run(root, "git", "rm", "-r", "--quiet", "assay.yml", "contracts")
    run(root, "git", "-c", "user.name=Ada", "-c", "user.email=ada@acme.example", "commit", "--quiet", "--message", "no policy")
    with Repository.open(root) as repository:
        for file in wanted(repository, "1.0.0", Silent()).files:
            write(root, file)
    policy = document.read((root / "assay.yml").read_text("utf-8"))
    assert [dataset.path for dataset in policy.data] == ["data/flights.parquet", "data/weather.parquet"]
    assert [dataset.key for dataset in policy.data] == [["carrier", "flight", "time_hour"], ["origin", "time_hour"]]
    assert policy.evaluate is not None
    assert policy.evaluate.predictions is not None
    assert (policy.evaluate.predictions.label, policy.evaluate.predictions.score) == ("late", "p_late")
    with Repository.open(root) as repository:
        checked = check(repository, "HEAD", Silent())
        verdict = decide(checked.policy, checked.facts)
    assert verdict.passed, [cause.why for cause in verdict.result.causes()]
    assert verdict.result.status in (Status.PASSED, Status.WARNED)
