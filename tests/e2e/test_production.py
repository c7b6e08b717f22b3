"""Production is watched by the workflow files alone: July opens the one issue, and a model that was trained anew closes it."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.around import RETRAIN
from examples.flights.build import Demo
from tests.e2e.acting import Runner
from tests.e2e.flights import Flights
from tests.e2e.production import JULY, MAY, Production
from tests.e2e.promoting import open_door
from tests.e2e.scene import NAME
from tests.loopback.server import running
from tests.repositories import environment

pytestmark = pytest.mark.slow


def test_july_opens_the_issue_about_production_and_a_model_that_knows_july_closes_it(own_demo: Demo, tmp_path: Path) -> None:
    with running() as github:
        open_door(github)
        (tmp_path / "runner").mkdir()
        there = Production(Flights(github, Runner(tmp_path / "runner"), own_demo), tmp_path / "live.parquet")
        clone = tmp_path / "clone"
        subprocess.run(("git", "clone", "--quiet", str(there.flights.scene.origin), str(clone)), check=True)
        there.begin(clone)

        quiet = there.look(MAY)
        assert quiet.code == 0 and there.watched == [], quiet.log[-3000:]
        found = there.look(JULY)
        assert found.code == 0, found.log[-3000:]
        ((issue, said),) = there.watched
        assert (issue.state, issue.title, said) == ("open", "flight-delay in production: severity medium", [])
        assert issue.author.login == "github-actions[bot]" and "`temp` moved far" in issue.body and "xychart-beta" in issue.body

        orders = github.repository(NAME).dispatches
        assert [each.name for each in orders] == [RETRAIN] and "the severity in production rose" in orders[0].payload["because"]
        assert f"was started; the run is called `{orders[0].payload['request']}`" in issue.body

        swept = there.sweep()
        assert swept.code == 0, swept.log[-3000:]
        ((pulse, _),) = there.pulse
        assert pulse.state == "open" and "no registry is named" in pulse.body
        assert len(there.watched) == 1 == len(orders), "a sweep opens no second one, and starts no second training"

        there.arrive(clone)
        trained, proposed = there.retrain('July"; touch hacked; "')
        # Another test of this process may have trained on the same flights, with the run cache that they share.
        assert trained.code == 0 and re.search("stage train (ended|was restored)", trained.log), trained.log[-3000:]
        assert proposed.code == 0, proposed.log[-3000:]
        ((pull, said),) = there.issues("assay: retrain")
        assert (pull.state, said) == ("open", []) and "touch hacked" in pull.body and "Ready to merge" in pull.body
        there.merge(pull.number)
        there.crown(clone)
        again = there.look(JULY, seed=1)
        assert again.code == 0, again.log[-3000:]
        ((issue, said),) = there.watched
        assert issue.state == "closed" and len(said) == 1

        elsewhere = tmp_path / "elsewhere"
        subprocess.run(("git", "clone", "--quiet", str(there.flights.scene.origin), str(elsewhere)), check=True)
        subprocess.run(("dvc", "pull", "--quiet", "model"), cwd=elsewhere, env=environment(), check=True, capture_output=True)
        assert (elsewhere / "model").is_dir(), "what the proposal names was pushed"
