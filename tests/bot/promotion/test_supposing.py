"""What somebody would say is held against who they are, as if they had said it."""

import pytest

from bot.promotion.deciding import decided
from policy.approvals import State
from policy.problems import UserProblem
from policy.reasons import Reason
from tests.bot.promotion.court import Court


def test_what_would_come_of_a_vote_is_what_comes_of_it(there: Court) -> None:
    number = there.ask()
    supposed = decided(there.chat.around, number, ["carol:/approve"])
    assert supposed and supposed.decision.state is State.APPROVED
    assert [each.login for each in supposed.decision.counted] == ["carol"]
    there.approve(number, "carol")
    for also, state in ((["carol:/revoke"], State.PENDING), (["dan:/reject because it is slow"], State.REJECTED)):
        found = decided(there.chat.around, number, also)
        assert found and found.decision.state is state


def test_a_code_that_is_named_counts_as_it_is(there: Court) -> None:
    found = decided(there.chat.around, there.ask(), ["carol:/approve 000000000000"])
    assert found and [each.reason for each in found.decision.void] == [Reason.VOTE_OTHER_CODE]


@pytest.mark.parametrize("also", ["carol", "carol:hello", "nobody-of-that-name:/approve"])
def test_what_says_nothing_or_of_nobody_is_refused(there: Court, also: str) -> None:
    with pytest.raises(UserProblem):
        decided(there.chat.around, there.ask(), [also])
