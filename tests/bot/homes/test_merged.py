"""A terminal reads when pull requests were merged by the token of its environment, and writes nothing."""

import pytest

from bot.homes import merged
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY, Scene


def test_it_reads_the_repository_of_the_environment(here: Scene) -> None:
    assert merged.read({"GITHUB_TOKEN": here.token, "GITHUB_API_URL": here.github.url, "GITHUB_REPOSITORY": REPOSITORY}) == {}
    assert [each.method for each in here.github.requests] == ["GET"]


def test_without_a_token_it_is_a_problem(here: Scene) -> None:
    with pytest.raises(UserProblem):
        merged.read({"GITHUB_REPOSITORY": REPOSITORY})
