"""What came of a promotion is recorded once, whatever crashes between, and only by the run that holds the leave and the lock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import locks, perform
from bot.promotion import past
from bot.promotion.authorizing import NotAuthorized, authorize
from bot.promotion.recording import REVIEW, NotRecorded, Recorded, record, truth
from policy import digests
from policy.authorization import Authorization, Outcome
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.gateway.test_entering import chain
from tests.bot.promotion.court import Court
from tests.policy.test_origin import SOME

RUN = 4711
AT = datetime(2026, 5, 1, tzinfo=UTC)


def leave(there: Court, run: int = RUN) -> Authorization:
    """Leave to promote version 3 to staging, which points to version 2."""
    there.shelf.aliases["staging"] = 2
    number = there.ask()
    there.approve(number, "carol")
    return authorize(there.chat.around, number, run)


def emergency(there: Court) -> Authorization:
    number = there.ask("/promote flight-delay to production")
    there.chat.say(f'/break-glass {there.code(number)} because "production answers nothing since noon today"', "alice", number)
    return authorize(there.chat.around, number, RUN)


def came(given: Authorization, state: str = "promoted", **more: Any) -> Outcome:
    found = {"before": given.expected, "now": given.version if state == "promoted" else given.expected, "at": AT, **more}
    return Outcome(digest=given.digest, state=state, **found)  # type: ignore[arg-type]


def moved(there: Court, given: Authorization) -> None:
    there.shelf.aliases[given.subject.environment] = given.version


def recorded(there: Court, given: Authorization, outcome: Outcome | None, run: int = RUN) -> Recorded:
    return record(there.chat.around, given.subject.request, run, given, outcome)


def said(there: Court, number: int) -> list[str]:
    every = there.chat.here.github.comments(REPOSITORY, number)
    return [each.body for each in every if " record v1 " in each.body.split("\n")[0]]


def state(there: Court, given: Authorization) -> tuple[Any, ...]:
    """Everything that recording leaves: deployments with their states, comments, issues, the lock."""
    made = there.chat.here.github.repository(REPOSITORY).deployments.values()
    return (
        [(each.environment, each.payload["digest"], [one["state"] for one in each.statuses]) for each in made],
        said(there, given.subject.request),
        there.gateway.issue(given.subject.request).state,
        [each.title for each in there.gateway.issues(REVIEW, "all")],
        there.gateway.lock(given.subject.environment).holder,
    )


def test_a_promotion_becomes_a_deployment_a_comment_and_the_end_of_the_request(there: Court) -> None:
    given = leave(there)
    number = given.subject.request
    moved(there, given)
    assert recorded(there, given, came(given, url="https://models.example/flight-delay")) == Recorded("promoted", 3)
    (made,) = there.chat.here.github.repository(REPOSITORY).deployments.values()
    assert (made.sha, made.environment) == (given.subject.commit, "staging")
    (status,) = made.statuses
    page = f"https://github.com/{REPOSITORY}/actions/runs/{RUN}"
    assert (status["state"], status["log_url"]) == ("success", page)
    assert status["environment_url"] == "https://models.example/flight-delay"
    assert made.payload == {
        "model": "flight-delay", "version": 3, "approvers": list(given.approvers), "glass": False, "reviewed": False,
        "code": there.code(number), "digest": given.digest, "issue": number,
        "artifact": given.subject.artifact,
    }  # fmt: skip
    (told,) = said(there, number)
    assert "points to version 3; before, it pointed to version 2" in told and page in told
    assert there.gateway.issue(number).state == "closed"
    assert there.gateway.lock("staging").holder is None
    (before,) = past.promotions(there.gateway.deployments(), "flight-delay", there.gateway.identity())
    assert (before.environment, before.version, before.approvers) == ("staging", "3", frozenset(given.approvers))


def test_an_emergency_opens_one_issue_that_asks_for_its_review(there: Court) -> None:
    given = emergency(there)
    moved(there, given)
    recorded(there, given, came(given))
    (review,) = there.gateway.issues(REVIEW)
    assert f"#{given.subject.request}" in review.body and given.digest in review.body
    (before,) = past.promotions(there.gateway.deployments(), "flight-delay", there.gateway.identity())
    assert before.glass and not before.reviewed


@pytest.mark.parametrize("skip", range(8))
def test_after_a_crash_between_any_two_effects_the_same_again_finishes_it_and_doubles_nothing(there: Court, skip: int) -> None:
    given = emergency(there)
    moved(there, given)
    there.chat.here.github.fail("status", method="POST|PATCH|PUT", times=None, status=500, skip=skip)
    if skip < 7:
        with pytest.raises(OutsideProblem):
            recorded(there, given, came(given))
        assert there.gateway.lock("production").holder is not None, "the lock is given back last"
    else:
        recorded(there, given, came(given))
    there.chat.here.github.faults.clear()
    assert recorded(there, given, came(given)).state == "promoted"
    deployments, comments, issue, reviews, holder = state(there, given)
    assert deployments == [("production", given.digest, ["success"])]
    assert (len(comments), issue, len(reviews), holder) == (1, "closed", 1, None)


def test_after_a_crash_the_whole_job_again_finishes_it_too(there: Court) -> None:
    given = leave(there)
    moved(there, given)
    there.chat.here.github.fail("status", method="POST", path="/comments", times=None, status=500)
    with pytest.raises(OutsideProblem):
        recorded(there, given, came(given))
    there.chat.here.github.faults.clear()
    again = authorize(there.chat.around, given.subject.request, RUN)
    assert (again.lock, again.expected, again.digest) == (given.lock, 3, given.digest)
    recorded(there, again, came(again))
    deployments, comments, issue, _, holder = state(there, given)
    assert (len(deployments), len(comments), issue, holder) == (1, 1, "closed", None)


@pytest.mark.parametrize("skip", range(3))
def test_whatever_dies_and_whatever_changes_then_there_is_no_deployment_that_the_ledger_does_not_know(
    there: Court, skip: int
) -> None:
    given = leave(there)
    moved(there, given)
    there.chat.here.github.fail("status", method="POST|PATCH|PUT", times=None, status=500, skip=skip)
    with pytest.raises(OutsideProblem):
        recorded(there, given, came(given))
    there.chat.here.github.faults.clear()
    there.chat.here.github.repository(REPOSITORY).issues[given.subject.request].body += " and more"
    with pytest.raises(NotAuthorized):  # it is another request now, so the job again does not finish it
        authorize(there.chat.around, given.subject.request, RUN)
    entries = [each.entry for each in chain(there.chat.here)]
    promoted = [each.subject.number for each in entries if each.decision == "promoted"]
    made = [each.payload["issue"] for each in there.chat.here.github.repository(REPOSITORY).deployments.values()]
    assert set(made) <= set(promoted) == ({given.subject.request} if skip else set())


def test_cut_off_when_all_is_done_but_the_lock_the_whole_job_again_gives_it_back(there: Court) -> None:
    given = leave(there)
    moved(there, given)
    there.chat.here.github.fail("status", method="PUT", path="/contents/staging.json", times=None, status=500)
    with pytest.raises(OutsideProblem):
        recorded(there, given, came(given))
    there.chat.here.github.faults.clear()
    number = given.subject.request
    assert there.gateway.issue(number).state == "closed" and there.gateway.lock("staging").holder
    with pytest.raises(NotAuthorized, match="is over"):
        authorize(there.chat.around, number, RUN + 1)
    assert there.gateway.lock("staging").holder, "it is another run's"
    with pytest.raises(NotAuthorized, match="is over"):
        authorize(there.chat.around, number, RUN)
    assert there.gateway.lock("staging").holder is None


def test_what_is_recorded_is_said_again_and_nothing_written(there: Court) -> None:
    given = leave(there)
    moved(there, given)
    recorded(there, given, came(given))
    there.chat.here.github.forget_requests()
    assert recorded(there, given, came(given)).state == "promoted"
    assert all(each.startswith("GET") for each in there.chat.asked)


@pytest.mark.parametrize("how", ["refused", "unknown"])
def test_where_nothing_was_promoted_the_comment_says_what_is_and_how_to_finish(there: Court, how: str) -> None:
    given = leave(there)
    number = given.subject.request
    assert recorded(there, given, came(given, how, said="the model's bytes are not what was approved")).state == how
    deployments, (told,), issue, _, holder = state(there, given)
    assert (deployments, issue, holder) == ([], "open", None)
    assert "points to version 2, as it did before" in told and "/promote flight-delay@3 to staging" in told
    assert "bytes are not what was approved" in told.replace("`", "")
    again = authorize(there.chat.around, number, RUN + 1)
    moved(there, again)
    assert recorded(there, again, came(again), RUN + 1).state == "promoted"
    assert ["promoted for" in each for each in said(there, number)] == [True], "the one comment says what holds now"


def test_tt_08_an_alias_that_somebody_moved_is_no_promotion_and_the_comment_says_where_it_points(there: Court) -> None:
    given = leave(there)
    there.shelf.aliases["staging"] = 1
    found = recorded(there, given, came(given, "refused", now=1, said="it points to 1, not to 2"))
    assert (found.state, found.now) == ("refused", 1)
    assert "points to version 1; before, it pointed to version 2" in said(there, given.subject.request)[0]


def test_an_outcome_that_says_more_than_the_registry_is_not_believed(there: Court) -> None:
    given = leave(there)
    assert recorded(there, given, came(given)).state == "unknown"
    assert state(there, given)[0] == [] and there.gateway.issue(given.subject.request).state == "open"


def test_without_an_outcome_the_registry_says_what_came_of_it(there: Court) -> None:
    given = leave(there)
    assert recorded(there, given, None).state == "refused"
    again = authorize(there.chat.around, given.subject.request, RUN)
    moved(there, again)
    assert recorded(there, again, None).state == "promoted"
    assert len(state(there, given)[0]) == 1


def test_lk_04_whoever_lost_the_lock_records_nothing(there: Court) -> None:
    given = leave(there)
    moved(there, given)
    freed = locks.release(there.gateway.lock("staging"), "mona", 1)
    perform.perform(there.gateway, [freed] if freed else [])
    _, taken = locks.acquire(there.gateway.lock("staging"), "run 9", "mona", 1, "", timedelta(hours=1))
    perform.perform(there.gateway, [taken] if taken else [])
    there.chat.here.github.forget_requests()
    with pytest.raises(NotRecorded, match="does not hold") as caught:
        recorded(there, given, came(given))
    assert caught.value.exit_code == 1 and all(each.startswith("GET") for each in there.chat.asked)


def test_an_old_decision_does_nothing_in_another_run_nor_with_another_token(there: Court) -> None:
    given = leave(there)
    moved(there, given)
    with pytest.raises(NotRecorded, match="for run 4711"):
        recorded(there, given, came(given), RUN + 1)
    for forged in (given.model_copy(update={"run": RUN + 1}), given.model_copy(update={"lock": given.lock + 1})):
        with pytest.raises(NotRecorded):
            recorded(there, forged, came(forged), forged.run)
    assert state(there, given)[0] == []


FORGED: dict[str, Any] = {
    "version": "2", "environment": "production", "model": "other", "repository": 1, "request": 1, "commit": "f" * 40,
    "artifact": "md5:0",
}  # fmt: skip


def test_a_decision_that_somebody_made_by_hand_is_refused(there: Court) -> None:
    given = leave(there)
    there.chat.here.github.forget_requests()
    for part, value in FORGED.items():
        subject = given.subject.model_copy(update={part: value})
        forged = given.model_copy(update={"subject": subject, "digest": digests.digest(subject, given.bind)})
        with pytest.raises(NotRecorded):
            record(there.chat.around, given.subject.request, RUN, forged, came(forged))
    assert all(each.startswith("GET") for each in there.chat.asked)


def test_the_issue_of_somebody_else_is_never_closed_by_it(there: Court) -> None:
    given = leave(there)
    copied = there.chat.here.github.issue(REPOSITORY, body=there.gateway.issue(given.subject.request).body, author="mona")
    subject = given.subject.model_copy(update={"request": copied.number})
    forged = given.model_copy(update={"subject": subject, "digest": digests.digest(subject, given.bind)})
    with pytest.raises(NotRecorded, match="no request"):
        record(there.chat.around, copied.number, RUN, forged, came(forged))


def test_a_registry_that_says_other_things_now_or_nothing_records_nothing(there: Court) -> None:
    given = leave(there)
    there.shelf.origins[2] = SOME
    with pytest.raises(NotRecorded, match="other things"):
        recorded(there, given, came(given))
    there.shelf.origins[2] = None
    with pytest.raises(NotRecorded):
        recorded(there, given, came(given))
    there.shelf.origins.pop()
    with pytest.raises(UserProblem, match="no such version"):
        recorded(there, given, came(given))


def test_an_address_that_is_none_is_left_out(there: Court) -> None:
    given = leave(there)
    moved(there, given)
    recorded(there, given, came(given, url="javascript:alert(1)"))
    (made,) = there.chat.here.github.repository(REPOSITORY).deployments.values()
    assert not made.statuses[0].get("environment_url") and "javascript" not in said(there, given.subject.request)[0]


def test_az_12_two_runs_for_one_request_make_one_release(there: Court) -> None:
    first = leave(there)
    with pytest.raises(NotAuthorized, match="run 4711 holds staging"):
        authorize(there.chat.around, first.subject.request, RUN + 1)
    moved(there, first)
    recorded(there, first, came(first))
    with pytest.raises(NotAuthorized, match="is over"):
        authorize(there.chat.around, first.subject.request, RUN + 1)
    assert there.approve(first.subject.request, "dan") is Reason.REQUEST_CLOSED
    assert len(state(there, first)[0]) == 1


LEAVE = Authorization.model_construct(subject=digests.Subject.model_construct(version="3"), expected=2)


@given(st.sampled_from(["promoted", "refused", "unknown", None]), st.sampled_from([None, 1, 2, 3]))
def test_nothing_is_called_promoted_unless_the_alias_points_there(how: str | None, now: int | None) -> None:
    outcome = Outcome(digest="a" * 64, state=how, before=2, now=now, at=AT) if how else None  # type: ignore[arg-type]
    found = truth(LEAVE, outcome, now)
    assert found.now == now
    assert (found.state == "promoted") == (now == 3 and how in (None, "promoted"))
