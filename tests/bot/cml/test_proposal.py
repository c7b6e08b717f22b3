"""A branch, a commit and a pull request, each made once, and nothing merged."""

import pytest

from bot.cml.proposal import Change, Wish, create, merge_when_ready
from bot.gateway.problems import Refused
from bot.gateway.wider import Method, Opened, WiderGateway
from policy.problems import UserProblem
from tests.bot.cml.conftest import NAME, Scene

CHANGES = {"metrics.json": Change(b"{}\n"), "run.sh": Change(b"#!/bin/sh\n", "100755")}


def test_the_pull_request_holds_the_changes_on_top_of_the_commit(scene: Scene) -> None:
    opened = create(scene.gateway(), Wish(target="main"), scene.head, "change", CHANGES)
    git = scene.github.repository(NAME).git
    assert git.run("rev-parse", f"{opened.head_sha}^").decode().strip() == scene.head
    assert git.run("show", f"{opened.head_sha}:metrics.json") == b"{}\n"
    assert scene.gateway().ref(f"heads/main-cml-pr-{scene.head[:8]}") == opened.head_sha


def test_running_again_finds_the_pull_request_that_is_open(scene: Scene) -> None:
    first = create(scene.gateway(), Wish(branch="retrain"), scene.head, "change", CHANGES)
    gateway = scene.gateway()
    assert create(gateway, Wish(branch="retrain"), scene.head, "change", CHANGES) == first
    assert {seen.method for seen in scene.github.requests[-gateway.requests :]} == {"GET"}


def test_a_branch_that_only_ends_like_ours_is_another(scene: Scene) -> None:
    create(scene.gateway(), Wish(branch="my-retrain"), scene.head, "change", CHANGES)
    other = create(scene.gateway(), Wish(branch="retrain"), scene.head, "change", CHANGES)
    assert len(scene.gateway().open_pull_requests("retrain", "change")) == 1
    assert other.number == 3


def test_without_ci_to_skip_the_message_stays_as_it_is(scene: Scene) -> None:
    git = scene.github.repository(NAME).git
    create(scene.gateway(), Wish(branch="a"), scene.head, "change", CHANGES)
    create(scene.gateway(), Wish(branch="b", skip_ci=True, message="m"), scene.head, "change", CHANGES)
    assert b"skip ci" not in git.run("log", "-1", "--format=%s", "a")
    assert git.run("log", "-1", "--format=%s", "b") == b"m [skip ci]\n"


@pytest.mark.parametrize("wish", [Wish(target="nowhere"), Wish(branch="change")])
def test_a_branch_that_is_not_there_or_is_its_own_target_is_refused(scene: Scene, wish: Wish) -> None:
    with pytest.raises(UserProblem, match=r"--target-branch|--branch"):
        create(scene.gateway(), wish, scene.head, "change", CHANGES)


def test_a_detached_head_names_no_target(scene: Scene) -> None:
    with pytest.raises(UserProblem, match="no branch is checked out"):
        create(scene.gateway(), Wish(), scene.head, None, CHANGES)


class WithoutAutoMerge(WiderGateway):
    """A repository that does not allow auto-merge, in the words of GitHub's GraphQL."""

    def merge_when_ready(self, node: str, method: Method) -> None:
        raise Refused("Auto merge is not allowed for this repository")


def test_where_auto_merge_is_refused_nothing_is_merged(scene: Scene) -> None:
    opened = Opened(1, f"{scene.github.host}/{NAME}/pull/1", "node", scene.head)
    with pytest.raises(UserProblem, match="stays open"):
        merge_when_ready(WithoutAutoMerge.of(scene.gateway()), opened, "squash")
    assert scene.github.repository(NAME).pulls[1].merged_at is None
