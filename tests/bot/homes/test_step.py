"""The home of the steps of a promotion believes its environment only where it is that of a job of the default branch."""

import pytest

from bot.gateway.allowance import Allowance
from bot.homes import step
from bot.promotion.authorizing import NotAuthorized
from bot.promotion.recording import NotRecorded
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import Court


def environ(there: Court, **more: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": there.chat.here.github.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_TOKEN": there.chat.here.token,
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_RUN_ID": "4711",
        **more,
    }


def test_there_is_leave_for_the_run_that_asks(there: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "turn", lambda *given: None)
    number = there.ask()
    there.approve(number, "carol")
    found = step.authorize(environ(there), number, there.shelf)
    assert (found.version, found.run) == (3, 4711)


def test_only_the_prefix_is_heard_where_it_is_asked_for(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    with pytest.raises(NotAuthorized, match="waits"):
        step.authorize(environ(there, ASSAY_PREFIX="true"), number, there.shelf)


@pytest.mark.parametrize("ref", ["", "refs/heads/feature", "refs/tags/main", "refs/pull/1/merge", "main"])
def test_a_job_of_anything_but_the_default_branch_is_refused(there: Court, ref: str) -> None:
    with pytest.raises(NotAuthorized, match="a job of"):
        step.authorize(environ(there, GITHUB_REF=ref), 1, there.shelf)


@pytest.mark.parametrize("run", ["", "0", "-1", "1.5", "run", "٣"])
def test_without_the_number_of_a_run_there_is_none_to_give_leave_to(there: Court, run: str) -> None:
    with pytest.raises(UserProblem, match="no run of Actions"):
        step.authorize(environ(there, GITHUB_RUN_ID=run), 1, there.shelf)


def test_what_came_of_it_is_recorded_by_the_same_run(there: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "turn", lambda *given: None)
    number = there.ask()
    there.approve(number, "carol")
    leave = step.authorize(environ(there), number, there.shelf)
    there.shelf.aliases["staging"] = leave.version
    with pytest.raises(NotRecorded):
        step.record(environ(there, GITHUB_RUN_ID="9"), number, there.shelf, leave, None)
    assert step.record(environ(there), number, there.shelf, leave, None).state == "promoted"
