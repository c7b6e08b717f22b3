"""Repository, host and token."""

import pytest

from bot.cml.place import find
from policy.problems import UserProblem

JOB = {"GITHUB_REPOSITORY": "ada/flights", "GITHUB_TOKEN": "t"}


def test_inside_actions_nothing_needs_to_be_said() -> None:
    place = find({**JOB, "GITHUB_API_URL": "http://localhost:1/", "GITHUB_SERVER_URL": "http://localhost:1"}, None, None, None)
    assert (place.repository, place.api, place.server) == ("ada/flights", "http://localhost:1", "http://localhost:1")


@pytest.mark.parametrize(
    ("repo", "api"),
    [
        ("https://github.com/ada/flights", "https://api.github.com"),
        ("https://github.com/ada/flights.git/", "https://api.github.com"),
        ("https://octo.ghe.com/ada/flights", "https://api.octo.ghe.com"),
        ("https://git.example.org/ada/flights", "https://git.example.org/api/v3"),
        ("http://localhost:8080/ada/flights", "http://localhost:8080/api/v3"),
        ("ada/flights", "https://api.github.com"),
    ],
)
def test_the_api_follows_from_the_host_of_the_repository_ghe_com_too(repo: str, api: str) -> None:
    place = find({"GITHUB_TOKEN": "t"}, repo, None, None)
    assert (place.api, place.repository) == (api, "ada/flights")


def test_the_runners_api_is_not_used_for_another_host() -> None:
    environ = {**JOB, "GITHUB_SERVER_URL": "https://git.example.org", "GITHUB_API_URL": "https://git.example.org/api/v3"}
    assert find(environ, "https://github.com/a/b", None, None).api == "https://api.github.com"
    assert find(environ, "https://git.example.org/a/b", None, None).api == "https://git.example.org/api/v3"


def test_tokens_are_looked_for_in_cmls_order() -> None:
    environ = {**JOB, "REPO_TOKEN": "of the repository"}
    assert find(environ, None, "said", None).token == "said"
    assert find(environ, None, None, None).token == "of the repository"
    assert find({"GH_TOKEN": "gh"}, "a/b", None, None).token == "gh"


def test_the_chosen_token_is_the_only_one_that_is_passed_on_and_is_never_shown() -> None:
    place = find({**JOB, "REPO_TOKEN": "secret-1", "GH_TOKEN": "secret-2"}, None, None, None)
    passed = place.environment({**JOB, "REPO_TOKEN": "secret-1", "GH_TOKEN": "secret-2"})
    assert passed["GITHUB_TOKEN"] == "secret-1"
    assert "secret-2" not in passed.values()
    assert "secret" not in repr(place)


def test_a_password_in_the_address_of_the_repository_is_dropped() -> None:
    place = find({"GITHUB_TOKEN": "t"}, "https://token:hunter2@github.com/ada/flights", None, None)
    assert "hunter2" not in f"{place.server}{place.api}{place.repository}"


@pytest.mark.parametrize("repo", ["", "flights", "git@github.com:a/b", "file:///etc/passwd", "a/b/../../c d", "https://"])
def test_what_names_no_repository_is_refused(repo: str) -> None:
    with pytest.raises(UserProblem, match="--repo"):
        find({"GITHUB_TOKEN": "t"}, repo, None, None)


def test_without_a_token_the_line_to_add_is_told() -> None:
    with pytest.raises(UserProblem, match="GITHUB_TOKEN"):
        find({"GITHUB_REPOSITORY": "a/b"}, None, None, None)


def test_other_providers_are_refused() -> None:
    with pytest.raises(UserProblem, match="gitlab"):
        find(JOB, None, None, "gitlab")
