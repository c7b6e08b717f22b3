"""assay-tune.yml itself, run by a real runner: a search finds better parameters, and its second job proposes them."""

import io
import zipfile
from pathlib import Path

import pytest

from bot.around import TUNE
from policy.tuned import read
from tests.actions.tune.projects import project
from tests.e2e.acting import Runner
from tests.e2e.proposing import dispatched, halves, through
from tests.e2e.scene import NAME, Scene
from tests.loopback.server import running
from tests.postgres import postgres_server as postgres_server
from tests.postgres import postgresql as postgresql

pytestmark = pytest.mark.slow

POLICY = """\
version: 1
train: {targets: [train]}
evaluate:
  metrics: [metrics.json]
  gates: [{metric: accuracy, floor: 0.5}]
tune:
  space: {train.slope: {from: 2.0, to: 4.0}}
  objectives: [{metric: accuracy}]
"""


def test_a_search_is_proposed_with_what_led_to_it_and_its_trials_are_kept_for_the_next(tmp_path: Path) -> None:
    (tmp_path / "runner").mkdir()
    with running() as github:
        scene = Scene(github, Runner(tmp_path / "runner"), project(tmp_path / "project", POLICY).root)
        inputs = {"request": "4711-0", "because": '"; touch hacked; "', "trials": "1", "minutes": "5", "workers": "1"}
        searched, proposed = through(scene, TUNE, inputs)
        assert searched.code == 0 and "trial 1 of 1" in searched.log, searched.log[-3000:]
        assert sorted(searched.artifacts) == ["assay-commit", "assay-facts", "assay-tuning"]
        (kept,) = scene.runner.cache.glob("assay-tune-*")
        assert kept.read_bytes().startswith(b"{"), "the journal of trials is cached"
        assert proposed.code == 0, proposed.log[-3000:]
        (pull,) = (each for each in github.repository(NAME).issues.values() if "assay: tune" in each.labels)
        assert pull.state == "open" and "touch hacked" in pull.body and "Ready to merge" in pull.body
        assert "`accuracy` goes from 0.65 to" in pull.body and "1 trials in all" in pull.body
        git = github.repository(NAME).git
        main, tip = git.sha("main"), git.sha(github.repository(NAME).pulls[pull.number].head_ref)
        assert main and tip and {change.path for change in git.diff(main, tip)} == {"dvc.lock", "metrics.json", "params.yaml"}


def test_several_jobs_share_one_search_through_a_database_and_the_last_concludes(tmp_path: Path, postgresql: str) -> None:
    (tmp_path / "runner").mkdir()
    with running() as github:
        scene = Scene(github, Runner(tmp_path / "runner"), project(tmp_path / "project", POLICY).root)
        inputs = {"request": "4711-0", "because": "", "trials": "3", "minutes": "", "workers": "2"}
        first, _ = halves(TUNE)
        secrets = {"ASSAY_TUNE_STORAGE": postgresql}
        ran = scene.runner.run(
            TUNE, "workflow_dispatch", dispatched(scene, inputs), scene.origin, first, secrets=secrets, GITHUB_RUN_ID="4711"
        )
        assert ran.code == 0, ran.log[-3000:]
        assert "[assay-tune/work-1" in ran.log and "[assay-tune/work-2" in ran.log
        with zipfile.ZipFile(io.BytesIO(ran.artifacts["assay-tuning"])) as archive:
            told = read(archive.read("tuning.json"))
        assert (told.trials, told.here) == (3, 0), "the last job counts what the others did, and tries nothing itself"
        assert postgresql not in ran.log
