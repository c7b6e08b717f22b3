"""A card that cannot be weighed says so, and since when; it never stays as it was, looking approved."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.promotion.weighing import refresh, weigh
from policy.lineage import Lineage
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from tests.bot.promotion.court import POLICY, Court, Shelf


@dataclass
class Away(Shelf):
    """A registry that does not answer."""

    def lineage(self, name: str) -> Lineage:
        raise OutsideProblem("the registry cannot be reached", "https://mlflow.internal:5000", "Try again")


def later(there: Court, hours: int) -> None:
    clock = there.chat.around.clock
    there.chat.around = replace(there.chat.around, clock=lambda: clock() + timedelta(hours=hours))


def test_az_11_a_card_whose_policy_broke_does_not_look_approved_any_more_and_the_next_look_mends_it(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    approved = there.card(number)
    assert "may be promoted" in there.state(number)
    there.policy("version: 1\nenvironments: {staging: {approved_if: []}}\n")
    assert refresh(there.chat.around, number) is Reason.REQUEST_UNWEIGHED
    card = there.card(number)
    assert there.state(number) == "### 🔴 This request cannot be weighed" and "/approve" not in card and "approved_if" in card
    later(there, 5)
    there.chat.here.github.forget_requests()
    assert refresh(there.chat.around, number) is Reason.REQUEST_UNWEIGHED
    assert there.card(number) == card and all(each.startswith("GET") for each in there.chat.asked)
    there.policy(POLICY)
    assert refresh(there.chat.around, number) is Reason.REFRESHED
    assert there.card(number) == approved


def test_where_the_registry_is_away_the_card_says_so_without_its_address_and_it_is_tried_again(there: Court) -> None:
    number = there.ask()
    standing = there.chat.around
    there.chat.around = replace(standing, registry=Away())
    with pytest.raises(OutsideProblem):
        weigh(there.chat.around, number)
    assert "the registry cannot be reached" in there.card(number) and "mlflow.internal" not in there.card(number)
    there.chat.around = standing
    weigh(standing, number)
    assert "waits for approvals" in there.state(number)


def test_another_problem_keeps_the_time_since_when_it_is_so(there: Court) -> None:
    number = there.ask()
    there.chat.around = replace(there.chat.around, registry=Away())
    with pytest.raises(OutsideProblem):
        weigh(there.chat.around, number)
    since = [line for line in there.card(number).split("\n") if line.startswith("<!-- assay:unweighed")]
    later(there, 3)
    there.policy("version: 1\nnonsense: 1\n")
    with pytest.raises(UserProblem):
        weigh(there.chat.around, number)
    assert "nonsense" in there.card(number) and since[0] in there.card(number)


def test_what_changed_since_a_vote_is_still_told_once_it_is_mended(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    there.policy("version: 1\nnonsense: 1\n")
    refresh(there.chat.around, number)
    there.policy(POLICY.replace("expires: 7 days", "expires: 8 days"))
    refresh(there.chat.around, number)
    assert "since then changed: policy" in there.card(number).replace("`", "")


def test_where_github_is_away_nothing_is_written(there: Court) -> None:
    number = there.ask()
    there.chat.around = replace(there.chat.around, registry=Away())
    there.chat.here.github.fail("drop", "PATCH", "/comments")
    with pytest.raises(OutsideProblem, match="registry"):
        weigh(there.chat.around, number)
