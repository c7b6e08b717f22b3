"""The home of `assay propose` believes its environment only where it is that of a job of the default branch."""

import pytest

from bot.gateway.allowance import Allowance
from bot.homes import proposals as home
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.proposing.scene import Runs


def environ(here: Scene, run: int, **more: str) -> dict[str, str]:
    token = {"GITHUB_TOKEN": here.token, "GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/heads/main", "GITHUB_RUN_ID": str(run)}
    return {**token, "GITHUB_API_URL": here.github.url, "GITHUB_REPOSITORY": REPOSITORY, **more}


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "turn", lambda *given: None)


def test_what_the_own_run_left_is_proposed(here: Scene) -> None:
    runs = Runs(here).begin()
    run = runs.leave(runs.run())
    done = home.propose(environ(here, run.id), "retrain", "", "assay-commit", "assay-facts")
    assert done.did == "opened" and runs.issue(done.pull).state == "open"


@pytest.mark.parametrize("ref", ["", "refs/heads/feature", "refs/tags/main", "refs/pull/1/merge", "main"])
def test_ga_08_a_job_of_anything_but_the_default_branch_is_refused(here: Scene, ref: str) -> None:
    runs = Runs(here).begin()
    run = runs.leave(runs.run())
    with pytest.raises(UserProblem, match="a job of"):
        home.propose(environ(here, run.id, GITHUB_REF=ref), "retrain", "", "assay-commit", "assay-facts")
    assert runs.tip(run) is None


@pytest.mark.parametrize("run", ["", "0", "x", "²"])
def test_without_a_run_there_is_nothing_to_propose(here: Scene, run: str) -> None:
    with pytest.raises(UserProblem, match="no run"):
        home.propose(environ(here, 1, GITHUB_RUN_ID=run), "retrain", "", "assay-commit", "assay-facts")
