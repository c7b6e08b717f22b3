"""Who merged and who approved it as a pull request approves no promotion of it, where the policy says so."""

import pytest

from bot.promotion import shepherds
from bot.promotion.weighing import weigh
from policy.approvals import State
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import POLICY, Court
from tests.loopback.world import merge
from tests.policy.test_origin import SOME


@pytest.fixture
def merged(there: Court) -> Court:
    """Version 1 stands in staging; version 4 came by a pull request that dan approved and carol merged."""
    github = there.chat.here.github
    there.promoted("staging", 3)
    github.commit(REPOSITORY, {"params.yaml": "lr: 1"}, branch="lr", author="mona")
    pull = github.pull(REPOSITORY, "lr")
    pull.reviews = [(github.user("dan"), "APPROVED"), (github.user("alice"), "COMMENTED")]
    sha = merge(github.state, github.repository(REPOSITORY), pull, github.user("carol"), "merged")
    assert sha
    there.shelf.origins.append(SOME.model_copy(update={"code_sha": sha, "pull_request": None}))
    return there


def forbid(there: Court, *parts: str) -> int:
    there.policy(POLICY.replace("[{role: ml-lead}]}", f"[{{role: ml-lead}}], forbid: [{', '.join(parts)}]}}"))
    return there.ask("/promote flight-delay@4 to staging", by="alice")


def test_az_06_whoever_merged_it_is_kept_from_approving_it_where_the_policy_says_so(merged: Court) -> None:
    number = forbid(merged, "merger")
    assert merged.approve(number, "carol") is Reason.VOTE_OWN_WORK
    assert merged.approve(number, "dan") is Reason.VOTE_HEARD


def test_az_06_whoever_approved_the_pull_request_is_kept_from_approving_it_where_the_policy_says_so(merged: Court) -> None:
    number = forbid(merged, "reviewer")
    assert merged.approve(number, "dan") is Reason.VOTE_OWN_WORK
    assert merged.approve(number, "carol") is Reason.VOTE_HEARD


def test_where_the_policy_does_not_ask_neither_do_we(merged: Court) -> None:
    number = merged.ask("/promote flight-delay@4 to staging", by="alice")
    merged.chat.here.github.forget_requests()
    weigh(merged.chat.around, number)
    assert not [each for each in merged.chat.asked if "/pulls" in each]
    assert len(merged.chat.asked) <= 10, merged.chat.asked


def test_of_too_many_commits_nobody_can_tell_and_nothing_is_approved(merged: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shepherds, "MOST_COMMITS", 1)
    number = forbid(merged, "merger", "reviewer")
    merged.approve(number, "dan")
    found = weigh(merged.chat.around, number)
    assert found and found.decision.state is State.BLOCKED
