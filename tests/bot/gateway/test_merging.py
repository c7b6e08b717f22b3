"""Whether a pull request can be merged, and the merge."""

import pytest

from bot.gateway.merging import MergeGateway
from bot.gateway.problems import Forbidden, Refused
from tests.bot.gateway.scene import ME, REPOSITORY, Scene


def test_github_says_whether_it_can_be_merged(here: Scene) -> None:
    gateway = MergeGateway.of(here.gateway)
    assert (gateway.mergeable(here.number).state, gateway.mergeable(here.number).merged) == ("clean", False)
    here.github.repository(REPOSITORY).pulls[here.number].blocked = "a review is required"
    assert gateway.mergeable(here.number).state == "blocked"
    here.github.commit(REPOSITORY, {"README.md": "other flights"})
    assert gateway.mergeable(here.number).state == "dirty"


def test_what_github_is_still_finding_out_is_asked_again(here: Scene) -> None:
    pull = here.github.repository(REPOSITORY).pulls[here.number]
    pull.unknown_for = 1
    assert MergeGateway.of(here.gateway).mergeable(here.number).state == "clean"
    assert len(here.waits) == 1
    pull.unknown_for = 9
    assert MergeGateway.of(here.gateway).mergeable(here.number).state == "unknown"
    assert len(here.waits) == 3


def test_only_the_commit_that_is_named_is_merged_and_only_once(here: Scene) -> None:
    gateway = MergeGateway.of(here.gateway)
    with pytest.raises(Refused, match="409"):
        gateway.merge(here.number, here.base, "merge", "Merge it", "because")
    gateway.merge(here.number, here.head, "merge", "Merge it", "because")
    found = gateway.mergeable(here.number)
    assert found.merged and found.pull.state == "closed" and gateway.merged_by(here.number) == type(ME)(ME.login, ME.id)
    git = here.github.repository(REPOSITORY).git
    assert git.commit(str(git.ref("refs/heads/main"))).message.strip() == "Merge it\n\nbecause"
    with pytest.raises(Refused, match="405"):
        gateway.merge(here.number, here.head, "merge", "Merge it", "because")


def test_it_is_merged_as_the_repository_allows(here: Scene) -> None:
    gateway, repository = MergeGateway.of(here.gateway), here.github.repository(REPOSITORY)
    assert gateway.merge_method() == "merge"
    repository.merge_methods = ("rebase",)
    assert gateway.merge_method() == "rebase"
    with pytest.raises(Refused, match="not allowed"):
        gateway.merge(here.number, here.head, "merge", "Merge it", "because")
    gateway.merge(here.number, here.head, "rebase", "Merge it", "because")
    assert gateway.mergeable(here.number).merged


def test_a_token_that_may_not_write_to_branches_may_not_merge(here: Scene) -> None:
    token = here.github.token(REPOSITORY, contents="read", pull_requests="write")
    with pytest.raises(Forbidden) as caught:
        MergeGateway.of(here.as_token(token)).merge(here.number, here.head, "merge", "Merge it", "because")
    assert "contents: write" in caught.value.next
