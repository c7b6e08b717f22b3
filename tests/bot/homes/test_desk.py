"""From a terminal a request is read and nothing is written."""

import pytest

from bot.homes import desk
from policy.approvals import State
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import Court


def test_a_request_is_explained_as_it_is_and_as_it_would_be(there: Court) -> None:
    number = there.ask()
    github = there.chat.here.github
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": github.url,
        "GITHUB_SERVER_URL": github.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_TOKEN": there.chat.here.token,
    }
    github.forget_requests()
    assert desk.explain(environ, number, there.shelf).state is State.PENDING
    assert desk.explain(environ, number, there.shelf, ["carol:/approve"]).state is State.APPROVED
    assert desk.explain(environ, number, there.shelf, ["mona:/approve"]).state is State.PENDING
    assert all(each.startswith("GET") for each in there.chat.asked)
    there.gateway.close_issue(number, "completed")
    with pytest.raises(UserProblem, match="closed"):
        desk.explain(environ, number, there.shelf)
