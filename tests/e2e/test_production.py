"""Production is watched by the workflow files alone: spring says nothing, July opens the one issue, and spring closes it."""

import subprocess
from pathlib import Path

import pytest

from examples.flights.build import Demo
from tests.e2e.acting import Runner
from tests.e2e.flights import Flights
from tests.e2e.production import Production
from tests.e2e.promoting import open_door
from tests.loopback.server import running

pytestmark = pytest.mark.slow
SPRING, JULY = (1, 2, 3, 4, 5), (7,)


def test_july_opens_the_issue_about_production_and_spring_closes_it(own_demo: Demo, tmp_path: Path) -> None:
    with running() as github:
        open_door(github)
        (tmp_path / "runner").mkdir()
        there = Production(Flights(github, Runner(tmp_path / "runner"), own_demo), tmp_path / "live.parquet")
        clone = tmp_path / "clone"
        subprocess.run(("git", "clone", "--quiet", str(there.flights.scene.origin), str(clone)), check=True)
        there.begin(clone)

        quiet = there.look(SPRING)
        assert quiet.code == 0 and there.watched == [], quiet.log[-3000:]
        found = there.look(JULY)
        assert found.code == 0, found.log[-3000:]
        ((issue, said),) = there.watched
        assert (issue.state, issue.title, said) == ("open", "flight-delay in production: severity medium", [])
        assert issue.author.login == "github-actions[bot]" and "`temp` moved far" in issue.body and "xychart-beta" in issue.body

        swept = there.sweep()
        assert swept.code == 0, swept.log[-3000:]
        ((pulse, _),) = there.pulse
        assert pulse.state == "open" and "no registry is named" in pulse.body
        assert len(there.watched) == 1, "a sweep opens no second one"

        again = there.look(SPRING, seed=1)
        assert again.code == 0, again.log[-3000:]
        ((issue, said),) = there.watched
        assert issue.state == "closed" and len(said) == 1
