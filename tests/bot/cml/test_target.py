"""What a comment is written on."""

import pytest

from bot.cml.target import Target, find
from bot.events import NOTHING, Subject
from policy.problems import UserProblem
from tests.bot.cml.conftest import NAME, Scene


def test_a_target_that_is_said_is_taken_without_asking(scene: Scene) -> None:
    gateway = scene.gateway()
    assert find(gateway, "pr/42", NOTHING) == Target("issue", "42")
    assert find(gateway, "issue/7", NOTHING) == Target("issue", "7")
    assert find(gateway, f"commit/{scene.head}", NOTHING) == Target("commit", scene.head)
    assert find(gateway, "commit", Subject("a" * 40)) == Target("commit", "a" * 40)
    assert find(gateway, "auto", Subject("a" * 40, 3)) == Target("issue", "3")
    assert gateway.requests == 0


def test_a_push_is_about_the_pull_request_that_its_commit_heads(scene: Scene) -> None:
    assert find(scene.gateway(), "auto", Subject(scene.head)) == Target("issue", str(scene.number))
    assert find(scene.gateway(), "pr", Subject(scene.head, owner="acme", branch="change")).id == str(scene.number)


def test_a_pull_request_that_only_contains_the_commit_is_not_meant(scene: Scene) -> None:
    scene.github.commit(NAME, {"more": "1"}, "change")
    assert find(scene.gateway(), "auto", Subject(scene.head)) == Target("commit", scene.head)


def test_a_workflow_run_of_a_fork_finds_its_pull_request(scene: Scene) -> None:
    scene.github.fork(NAME, "mona")
    head = scene.github.commit("mona/flights", {"x": "1"}, "patch")
    pull = scene.github.pull(NAME, "mona:patch")
    assert find(scene.gateway(), "pr", Subject(head, owner="mona", branch="patch")) == Target("issue", str(pull.number))


def test_two_pull_requests_with_one_head_are_not_guessed_between(scene: Scene) -> None:
    scene.github.commit(NAME, {"r": "1"}, "release", start="main")
    scene.github.pull(NAME, "change", "release")
    with pytest.raises(UserProblem, match="--target pr/NUMBER"):
        find(scene.gateway(), "auto", Subject(scene.head))


def test_pr_without_a_pull_request_is_an_error_and_auto_is_the_commit(scene: Scene) -> None:
    with pytest.raises(UserProblem, match="no open pull request"):
        find(scene.gateway(), "pr", Subject(scene.base))
    assert find(scene.gateway(), "auto", Subject(scene.base)) == Target("commit", scene.base)


@pytest.mark.parametrize("wish", ["", "branch", "pr/", "pr/x", "issue/-1", "commit/zz", "pr/1/../2"])
def test_anything_else_is_refused(scene: Scene, wish: str) -> None:
    with pytest.raises(UserProblem, match="--target"):
        find(scene.gateway(), wish, Subject(scene.head))


def test_the_page_of_a_comment() -> None:
    assert Target("issue", "3").page(9) == "issues/3#issuecomment-9"
    assert Target("commit", "abc").page(9) == "commit/abc#commitcomment-9"
