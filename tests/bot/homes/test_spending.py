"""A terminal reads what runs cost by the token of its environment, and writes nothing."""

import pytest

from bot.homes import spending
from policy import document
from policy.problems import UserProblem
from policy.pulse.outgoings import Outgoings
from tests.bot.gateway.scene import REPOSITORY, Scene

POLICY = document.read("version: 1\ncost: {}\n")


def test_it_reads_the_repository_of_the_environment(here: Scene) -> None:
    environ = {"GITHUB_TOKEN": here.token, "GITHUB_API_URL": here.github.url, "GITHUB_REPOSITORY": REPOSITORY}
    assert isinstance(spending.read(environ, POLICY), Outgoings)
    assert all(each.method == "GET" for each in here.github.requests)


@pytest.mark.parametrize("unset", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_what_is_not_named_is_a_problem(here: Scene, unset: str) -> None:
    environ = {"GITHUB_TOKEN": here.token, "GITHUB_API_URL": here.github.url, "GITHUB_REPOSITORY": REPOSITORY}
    with pytest.raises(UserProblem) as raised:
        spending.read({name: value for name, value in environ.items() if name != unset}, POLICY)
    assert raised.value.where == unset
