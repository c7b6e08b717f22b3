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


def test_with_the_token_of_an_app_nobody_has_to_click_and_without_its_name_that_is_asked_for(here: Scene) -> None:
    runs, github = Runs(here).begin(), here.github
    app = github.app("assay-office", actions="read", contents="write", pull_requests="write")
    github.install(app, [REPOSITORY])
    run, nameless = runs.leave(runs.run()), runs.leave(runs.run())
    given = environ(here, run.id, GITHUB_TOKEN=github.app_token(app, REPOSITORY), ASSAY_APP_SLUG="assay-office")
    done = home.propose(given, "retrain", "", "assay-commit", "assay-facts")
    assert done.did == "opened" and "No check has run" not in runs.issue(done.pull).body
    assert home.propose(given, "retrain", "", "assay-commit", "assay-facts").did == "stands"
    with pytest.raises(UserProblem, match="ASSAY_APP_SLUG"):
        home.propose(
            {**given, "GITHUB_RUN_ID": str(nameless.id), "ASSAY_APP_SLUG": ""}, "retrain", "", "assay-commit", "assay-facts"
        )


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
