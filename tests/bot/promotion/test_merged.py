"""A merge asks for a promotion by itself where the policy says so, once, and whoever merged it is the one who asks."""

import pytest

from bot.promotion import merged
from bot.promotion.asked import LABEL, read
from bot.promotion.merged import Made
from policy.problems import UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import POLICY, Court
from tests.loopback.world import merge
from tests.policy.test_origin import SOME

ON_MERGE = POLICY.replace("{approved_if: [{role: ml-lead}]}", "{approved_if: [{role: ml-lead}], on_merge: request}")


@pytest.fixture
def asks(there: Court) -> Court:
    """Carol merged the pull request that version 4 came by."""
    there.policy(ON_MERGE)
    github = there.chat.here.github
    github.commit(REPOSITORY, {"params.yaml": "lr: 1"}, branch="lr", author="mona")
    pull = github.pull(REPOSITORY, "lr")
    sha = merge(github.state, github.repository(REPOSITORY), pull, github.user("carol"), "merged")
    assert sha
    there.shelf.origins.append(SOME.model_copy(update={"code_sha": sha, "pull_request": None}))
    return there


def test_a_merge_asks_for_the_environments_whose_policy_says_so_once(asks: Court) -> None:
    (made,) = merged.request(asks.chat.around, "", None)
    assert (made.environment, made.version, made.outcome) == ("staging", 4, "asked") and made.number
    assert merged.request(asks.chat.around, "flight-delay@4", None) == [made]
    assert [each.number for each in asks.gateway.issues(LABEL, "all")] == [made.number]
    wanted = read(asks.gateway.issue(made.number).body)
    assert wanted and (wanted.by, wanted.where) == ("carol", asks.chat.here.number + 1)
    assert "waits for approvals" in asks.state(made.number)


def test_az_06_whoever_merged_it_asked_for_it_and_approves_nothing(asks: Court) -> None:
    (made,) = merged.request(asks.chat.around, "", None)
    assert made.number
    assert asks.approve(made.number, "carol") is Reason.VOTE_OWN_WORK
    assert asks.approve(made.number, "dan") is Reason.VOTE_HEARD


def test_what_nobody_merged_is_asked_for_by_our_own_account(there: Court) -> None:
    there.policy(ON_MERGE)
    (made,) = merged.request(there.chat.around, "flight-delay@3", None)
    assert made.number
    body = there.gateway.issue(made.number).body
    wanted = read(body)
    assert wanted and (wanted.by, wanted.where) == (there.gateway.identity().login, 0) and "in #0" not in body


def test_a_version_that_runs_there_or_is_asked_for_already_is_not_asked_for(there: Court) -> None:
    there.policy(ON_MERGE)
    there.shelf.aliases["staging"] = 3
    assert merged.request(there.chat.around, "", None) == [Made("staging", 3, "runs")]
    there.shelf.aliases = {}
    number = there.ask()
    assert merged.request(there.chat.around, "", None) == [Made("staging", 3, "stands", number)]


def test_a_newer_merge_takes_the_place_of_the_older_request(asks: Court) -> None:
    old = asks.ask("/promote flight-delay@3 to staging")
    (made,) = merged.request(asks.chat.around, "", None)
    assert asks.gateway.issue(old).state == "closed" and made.number != old


def test_where_no_environment_says_so_nothing_is_asked_for(there: Court) -> None:
    assert merged.request(there.chat.around, "", None) == []


@pytest.mark.parametrize(
    ("name", "to", "what"),
    [
        ("", ["nowhere"], "no such environment"),
        ("other@3", ["staging"], "not the model of this repository"),
        ("flight-delay@9", ["staging"], "no such version"),
    ],
)
def test_what_cannot_be_asked_for_is_told(there: Court, name: str, to: list[str], what: str) -> None:
    with pytest.raises(UserProblem, match=what):
        merged.request(there.chat.around, name, to)
    assert there.gateway.issues(LABEL) == []


def test_a_version_that_registering_did_not_make_and_a_broken_policy_are_told(there: Court) -> None:
    there.shelf.origins.append(None)
    with pytest.raises(UserProblem, match=r"assay\.schema"):
        merged.request(there.chat.around, "", ["staging"])
    there.policy("version: 1\n")
    with pytest.raises(UserProblem, match="no model is named"):
        merged.request(there.chat.around, "", ["staging"])
