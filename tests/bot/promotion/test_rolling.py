"""One word of somebody who may takes an environment back, whatever freezes; nothing else does, and it is red until reviewed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import locks, perform, sweeping
from bot.around import PROMOTE
from bot.gateway.entering import LedgerGateway
from bot.promotion import past
from bot.promotion.asked import LABEL, read
from bot.promotion.authorizing import NotAuthorized, authorize
from bot.promotion.recording import record
from bot.promotion.reviewing import REVIEW
from bot.promotion.weighing import weigh
from policy.approvals import State
from policy.authorization import Authorization, Outcome
from policy.problems import OutsideProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import POLICY, Court

SAID = '/rollback flight-delay because "production answers nothing since noon"'
AT = datetime(2026, 5, 1, tzinfo=UTC)


def ran(there: Court, *versions: int, environment: str = "production") -> None:
    """Promotions one after another; the alias points to the last."""
    for version in versions:
        origin = there.shelf.origins[version - 1]
        assert origin is not None
        payload = {"model": "flight-delay", "version": version, "approvers": []}
        there.gateway.create_deployment(origin.code_sha, environment, "flight-delay", payload)
    there.shelf.aliases[environment] = versions[-1]


def back(there: Court, line: str = SAID, by: str = "alice") -> int:
    """Somebody rolls back; the number of the request."""
    assert there.chat.say(line, by) is Reason.REQUEST_OPENED, there.chat.answer()
    return newest(there)


def test_where_the_policy_says_who_goes_back_nobody_else_does(there: Court) -> None:
    apart = "    break_glass: {role: model-risk}\n"
    there.policy(POLICY.replace(apart, f"{apart}    rollback: {{role: ml-lead}}\n"))
    ran(there, 1, 2)
    assert there.chat.say(SAID, "alice") is Reason.VOTE_NO_ROLE
    number = back(there, by="carol")
    found = weigh(there.chat.around, number)
    assert found and found.decision.state is State.APPROVED


def newest(there: Court) -> int:
    return max(each.number for each in there.gateway.issues(LABEL))


def done(there: Court, given: Authorization) -> None:
    """What the two steps after the leave do."""
    there.shelf.aliases[given.subject.environment] = given.version
    came = Outcome(digest=given.digest, state="promoted", before=given.expected, now=given.version, at=AT)
    record(there.chat.around, given.subject.request, given.run, given, came)


def said(there: Court) -> Any:
    """The comment that asked."""
    return there.chat.comments[-1]


def test_one_word_starts_it_at_once_and_the_issue_says_what_and_why(there: Court) -> None:
    ran(there, 1, 2, 3)
    number = back(there)
    issue = there.gateway.issue(number)
    asked = read(issue.body)
    assert asked and (asked.version, asked.environment, asked.by, asked.rollback) == (2, "production", "alice", True)
    assert issue.title == "Roll flight-delay back to version 2 in production"
    assert "production answers nothing since noon" in issue.body and "where version 3 runs" in issue.body
    card = there.card(number)
    assert "goes back to version 2" in card and "🔴" in card and "/approve" not in card
    (order,) = there.chat.orders
    assert order["issue"] == str(number) and order["request"] in card
    assert there.chat.reactions() == ["eyes", "rocket"] and f"#{number}" in there.chat.answer()


def test_the_whole_way_ends_in_a_deployment_a_closed_request_and_one_issue_for_its_review(there: Court) -> None:
    ran(there, 1, 2, 3)
    number = back(there)
    given = authorize(there.chat.around, number, 1)
    alice = there.chat.here.github.user("alice").id
    assert (given.version, given.expected, given.glass, given.approvers) == (2, 3, True, (alice,))
    done(there, given)
    last = past.promotions(there.gateway.deployments(), "flight-delay", there.gateway.identity())[-1]
    assert (last.version, last.rollback, last.glass, last.reviewed) == ("2", True, True, False)
    assert there.gateway.issue(number).state == "closed" and there.gateway.lock("production").holder is None
    (review,) = there.gateway.issues(REVIEW)
    assert review.title == "Review the rollback of flight-delay to 2 in production" and given.digest in review.body


def test_it_takes_few_requests(there: Court) -> None:
    ran(there, 1, 2, 3)
    LedgerGateway.of(there.gateway).tail()  # which begins it
    there.chat.here.github.forget_requests()
    assert there.chat.say(SAID, "alice") is Reason.REQUEST_OPENED
    asked = len(there.chat.asked)
    given = authorize(there.chat.around, newest(there), 1)
    done(there, given)
    assert asked <= 17 and len(there.chat.asked) <= 59, (asked, len(there.chat.asked), there.chat.asked)


def test_a_freeze_and_a_lock_on_everything_do_not_hold_it_up(there: Court) -> None:
    there.policy(POLICY.replace("expires: 7 days", 'freeze: ["2020-01-01 - 2099-01-01"]\n    wait: 2 days'))
    ran(there, 1, 2)
    _, effect = locks.acquire(there.gateway.lock(locks.ALL), "#1", "mona", 1, "the store is being moved")
    perform.perform(there.gateway, [effect] if effect else [])
    number = back(there)
    assert authorize(there.chat.around, number, 1).version == 1


@pytest.mark.parametrize("line", ["in staging", "staging to v1"])
def test_the_environment_and_the_version_may_be_named(there: Court, line: str) -> None:
    there.policy(
        POLICY.replace("after: staging\n", "after: staging\n").replace("staging: {", "staging: {break_glass: {role: ml-lead}, ")
    )
    ran(there, 1, 3, environment="staging")
    number = back(there, f'/rollback flight-delay {line} because "it forgets the holidays entirely"', "carol")
    assert authorize(there.chat.around, number, 1).version == 1


REFUSED = [
    (SAID, "carol", Reason.VOTE_NO_ROLE),
    (SAID, "mona", Reason.VOTE_NO_ROLE),
    ('/rollback flight-delay because "no no no"', "alice", Reason.GLASS_WORDS),
    ('/rollback flight-delay in staging because "it forgets the holidays entirely"', "alice", Reason.GLASS_NONE),
    ('/rollback flight-delay in prod because "it forgets the holidays entirely"', "alice", Reason.ENVIRONMENT_NOT_THERE),
    ('/rollback other because "it forgets the holidays entirely"', "alice", Reason.MODEL_UNKNOWN),
    ('/rollback flight-delay to 2 because "it forgets the holidays entirely"', "alice", Reason.ROLLBACK_NEVER),
    ('/rollback flight-delay to 3 because "it forgets the holidays entirely"', "alice", Reason.ROLLBACK_RUNS),
]


def test_az_10_who_may_not_and_what_never_ran_there_is_refused_and_nothing_is_opened(there: Court) -> None:
    ran(there, 1, 3)
    for line, by, reason in REFUSED:
        assert there.chat.say(line, by) is reason
        assert there.chat.reactions() == ["eyes", "confused"]
    assert there.gateway.issues(LABEL) == [] and there.chat.orders == []


def test_where_nothing_ran_before_there_is_nothing_to_go_back_to(there: Court) -> None:
    assert there.chat.say(SAID, "alice") is Reason.ROLLBACK_NOTHING
    ran(there, 3)
    assert there.chat.say(SAID, "alice") is Reason.ROLLBACK_NOTHING


def test_az_02_a_word_that_was_edited_or_deleted_since_gives_no_leave(there: Court) -> None:
    ran(there, 1, 2)
    number = back(there)
    said(there).updated_at = "2030-01-01T00:00:00Z"
    with pytest.raises(NotAuthorized):
        authorize(there.chat.around, number, 1)
    assert "was edited" in _weighed(there, number)
    del there.chat.here.github.repository(REPOSITORY).comments[said(there).id]
    with pytest.raises(NotAuthorized):
        authorize(there.chat.around, number, 1)
    assert "nobody says any more" in _weighed(there, number)


def _weighed(there: Court, number: int) -> str:
    weigh(there.chat.around, number)
    return there.card(number)


def test_az_10_who_lost_the_role_since_gives_no_leave(there: Court) -> None:
    ran(there, 1, 2)
    number = back(there)
    there.policy(POLICY.replace("[alice, bob]", "[bob]"))
    with pytest.raises(NotAuthorized):
        authorize(there.chat.around, number, 1)


FORGED = [
    ('"version": 2', '"version": 1'),
    ('"rollback": true', '"rollback": false'),
    ('"environment": "production"', '"environment": "staging"'),
]


def test_az_18_a_text_that_was_forged_gives_no_leave(there: Court) -> None:
    ran(there, 1, 2, 3)
    number = back(there)
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    text = issue.body or ""
    for old, new in FORGED:
        assert old in text
        issue.body = text.replace(old, new)
        with pytest.raises(NotAuthorized):
            authorize(there.chat.around, number, 1)
    issue.body = text.replace('"by": "alice"', '"by": "bob"')  # a name is only shown: the number of the account decides
    assert authorize(there.chat.around, number, 1).version == 2


def test_az_18_an_issue_of_somebody_else_or_another_comment_is_no_word(there: Court) -> None:
    ran(there, 1, 2, 3)
    number = back(there)
    copied = there.chat.here.github.issue(REPOSITORY, body=there.gateway.issue(number).body, author="alice")
    with pytest.raises(NotAuthorized, match="no request"):
        authorize(there.chat.around, copied.number, 1)
    other = there.chat.comment("/help", "alice")
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    asked = read(issue.body or "")
    assert asked
    issue.body = (issue.body or "").replace(asked.key, f"{other.id}-0")
    with pytest.raises(NotAuthorized):
        authorize(there.chat.around, number, 1)


def test_a_word_that_was_done_is_not_done_again_by_another_request(there: Court) -> None:
    ran(there, 1, 2, 3)
    first = back(there)
    done(there, authorize(there.chat.around, first, 1))
    ran(there, 3)
    second = back(there, SAID, "bob")
    issue = there.chat.here.github.repository(REPOSITORY).issues[second]
    issue.body = there.gateway.issue(first).body
    with pytest.raises(NotAuthorized):
        authorize(there.chat.around, second, 2)


def test_an_old_word_runs_out_and_its_request_is_closed(there: Court) -> None:
    ran(there, 1, 2)
    number = back(there)
    clock = there.chat.around.clock
    object.__setattr__(there.chat.around, "clock", lambda: clock() + timedelta(hours=2))
    found = weigh(there.chat.around, number)
    assert found and found.decision.state is State.EXPIRED
    assert there.gateway.issue(number).state == "closed"


def test_a_version_whose_tags_say_other_things_now_is_not_gone_back_to(there: Court) -> None:
    ran(there, 1, 2)
    origin = there.shelf.origins[0]
    assert origin
    there.shelf.origins[0] = origin.model_copy(update={"code_sha": there.chat.here.base})
    assert there.chat.say(SAID, "alice") is Reason.ROLLBACK_CHANGED


def test_the_same_comment_handled_twice_opens_and_starts_one(there: Court) -> None:
    ran(there, 1, 2)
    number = back(there)
    there.chat.handle(said(there))
    sweeping.sweep(there.chat.around)
    assert len(there.chat.orders) == 1 and newest(there) == number


def test_saying_it_again_takes_the_place_of_the_older_request(there: Court) -> None:
    ran(there, 1, 2)
    first = back(there)
    second = back(there, SAID, "bob")
    assert there.gateway.issue(first).state == "closed" and there.gateway.issue(second).state == "open"


@pytest.mark.parametrize("skip", (0, 2, 3, 5))
def test_after_a_crash_between_any_two_writes_the_same_again_finishes_it(there: Court, skip: int) -> None:
    ran(there, 1, 2)
    there.chat.here.github.fail("status", method="POST|PATCH|PUT", times=None, status=500, skip=skip)
    with pytest.raises(OutsideProblem):
        there.chat.say(SAID, "alice")
    there.chat.here.github.faults.clear()
    there.chat.handle(said(there))
    assert len(there.gateway.issues(LABEL, "all")) == 1 and len(there.chat.orders) == 1
    done(there, authorize(there.chat.around, newest(there), 1))


def test_after_a_crash_that_left_the_alias_moved_the_next_run_finishes_it(there: Court) -> None:
    ran(there, 1, 2, 3)
    number = back(there)
    authorize(there.chat.around, number, 1)
    there.shelf.aliases["production"] = 2
    given = authorize(there.chat.around, number, 1)
    assert given.version == 2
    done(there, given)


def test_going_back_twice_never_comes_back_to_what_was_rolled_back(there: Court) -> None:
    ran(there, 1, 2, 3)
    done(there, authorize(there.chat.around, back(there), 1))
    number = back(there, SAID, "bob")
    assert authorize(there.chat.around, number, 2).version == 1


def test_votes_on_it_are_refused_and_it_holds_up_no_promotion(there: Court) -> None:
    ran(there, 1, 2)
    number = back(there)
    assert there.chat.say("/approve 0123456789ab", "bob", number) is Reason.ROLLBACK_VOTES
    there.ask("/promote flight-delay to production")
    assert there.gateway.issue(number).state == "open"


def test_an_open_request_is_told_that_the_environment_went_back(there: Court) -> None:
    ran(there, 1, 2)
    request = there.ask("/promote flight-delay@3 to production")
    done(there, authorize(there.chat.around, back(there), 1))
    card = _weighed(there, request)
    assert "was rolled back to version" in card and "waits for its review" in card


def test_it_runs_the_workflow_of_the_default_branch(there: Court) -> None:
    ran(there, 1, 2)
    back(there)
    (run,) = there.chat.here.github.repository(REPOSITORY).runs.values()
    assert (run.path, run.head_branch) == (f".github/workflows/{PROMOTE}", "main")


def test_lk_01_and_lk_03_a_run_that_has_the_environment_in_hand_is_waited_for(there: Court) -> None:
    ran(there, 1, 2, 3)
    first = back(there)
    given = authorize(there.chat.around, first, 1)
    with pytest.raises(NotAuthorized, match="run 1 holds production"):
        authorize(there.chat.around, first, 2)
    done(there, given)
    with pytest.raises(NotAuthorized, match="is over"):
        authorize(there.chat.around, first, 2)
