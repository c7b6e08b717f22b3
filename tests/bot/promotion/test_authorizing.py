"""There is leave where a request is approved at that very moment, for one run at a time, and inputs are believed in nothing."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import locks, perform
from bot.promotion.asked import LABEL
from bot.promotion.authorizing import NotAuthorized, authorize
from policy import authorization
from policy.authorization import LEASE
from policy.problems import OutsideProblem, UserProblem
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import POLICY, Court


def ready(there: Court) -> int:
    """A request that is approved; staging points to version 2."""
    there.shelf.aliases["staging"] = 2
    number = there.ask()
    there.approve(number, "carol")
    return number


def written(there: Court) -> list[str]:
    return [each for each in there.chat.asked if not each.startswith("GET")]


def lock(there: Court, name: str, owner: str, lease: timedelta | None = None) -> None:
    _, effect = locks.acquire(there.gateway.lock(name), owner, "mona", 1, "the store is being moved", lease)
    perform.perform(there.gateway, [effect] if effect else [])


def test_the_leave_says_what_was_approved_by_whom_and_from_where_the_alias_may_move(there: Court) -> None:
    number = ready(there)
    found = authorize(there.chat.around, number, 4711)
    carol = there.chat.here.github.user("carol").id
    assert (found.version, found.expected, found.approvers, found.glass, found.run) == (3, 2, (carol,), False, 4711)
    assert found.digest.startswith(there.code(number)) and found.subject.request == number
    held = there.gateway.lock("staging").holder
    assert held and (held.owner, held.token) == ("run 4711", found.lock) and held.until
    assert datetime.fromisoformat(held.until) - found.at == LEASE
    assert authorization.authorization(found.model_dump_json().encode()) == found


def test_where_the_alias_points_nowhere_it_is_expected_nowhere(there: Court) -> None:
    number = ready(there)
    there.shelf.aliases.clear()
    assert authorize(there.chat.around, number, 1).expected is None


def test_a_request_that_is_not_approved_is_refused_and_nothing_is_written(there: Court) -> None:
    number = there.ask()
    there.chat.here.github.forget_requests()
    with pytest.raises(NotAuthorized, match="waits for approvals") as caught:
        authorize(there.chat.around, number, 1)
    assert caught.value.exit_code == 1 and written(there) == []


def test_az_14_an_objection_after_the_quorum_holds_it_up(there: Court) -> None:
    number = ready(there)
    there.chat.comment('/reject because "the night flights got worse"', "dan", number)
    with pytest.raises(NotAuthorized, match="is rejected"):
        authorize(there.chat.around, number, 1)
    assert there.gateway.lock("staging").holder is None


def test_az_14_an_objection_while_the_lock_is_taken_holds_it_up_and_frees_it(
    there: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ready(there)
    acquire = locks.acquire

    def slow(*given: object, **more: object) -> object:
        there.chat.comment('/reject because "the night flights got worse"', "dan", number)
        return acquire(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(locks, "acquire", slow)
    with pytest.raises(NotAuthorized, match="is rejected"):
        authorize(there.chat.around, number, 1)
    assert there.gateway.lock("staging").holder is None and there.gateway.lock("staging").lock is not None


def test_az_09_and_az_10_who_lost_the_role_or_a_policy_that_moved_gives_no_leave(there: Court) -> None:
    number = ready(there)
    there.policy(POLICY.replace("[carol, dan]", "[dan]"))
    with pytest.raises(NotAuthorized, match="waits for approvals"):
        authorize(there.chat.around, number, 1)


def test_az_18_an_issue_of_somebody_else_gives_no_leave_whatever_it_says(there: Court) -> None:
    number = ready(there)
    copied = there.chat.here.github.issue(REPOSITORY, body=there.gateway.issue(number).body, author="mona")
    there.gateway.add_label(copied.number, LABEL)
    there.chat.comment(f"/approve {there.code(number)}", "carol", copied.number)
    with pytest.raises(NotAuthorized, match="no request"):
        authorize(there.chat.around, copied.number, 1)


def test_az_18_a_card_that_somebody_wrote_in_our_manner_gives_no_leave(there: Court) -> None:
    number = there.ask()
    there.chat.comment(there.card(number).replace("waits for", "has all"), "mona", number)
    with pytest.raises(NotAuthorized, match="waits for approvals"):
        authorize(there.chat.around, number, 1)


def test_an_approval_that_was_edited_gives_no_leave(there: Court) -> None:
    number = ready(there)
    there.comment(number, "carol").updated_at = "2030-01-01T00:00:00Z"
    with pytest.raises(NotAuthorized, match="waits for approvals"):
        authorize(there.chat.around, number, 1)


def test_a_text_of_the_request_that_was_edited_gives_no_leave(there: Court) -> None:
    number = ready(there)
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    issue.body = (issue.body or "").replace('"version": 3', '"version": 2')
    with pytest.raises(NotAuthorized, match="waits for approvals"):
        authorize(there.chat.around, number, 1)


def test_a_run_that_somebody_started_by_hand_for_anything_else_is_refused(there: Court) -> None:
    ready(there)
    for number in (there.chat.here.number, 404):
        with pytest.raises(NotAuthorized):
            authorize(there.chat.around, number, 1)


def test_a_request_that_is_closed_gives_no_leave(there: Court) -> None:
    number = ready(there)
    there.gateway.close_issue(number, "completed")
    with pytest.raises(NotAuthorized, match="is over"):
        authorize(there.chat.around, number, 1)


def started(there: Court, number: int) -> str:
    """What a run says that the bot started."""
    return f"{number}-{there.code(number)}"


def test_a_run_that_the_bot_started_is_decided_once_with_the_lock_in_hand(there: Court) -> None:
    number = ready(there)
    request = started(there, number)
    there.chat.here.github.forget_requests()
    found = authorize(there.chat.around, number, 4711, request)
    held = there.gateway.lock("staging").holder
    assert held and (held.owner, held.token) == ("run 4711", found.lock) and (found.version, found.expected) == (3, 2)
    kinds = [each.rpartition("/")[2].partition(" ")[0] for each in there.chat.asked]
    assert kinds.count("comments") == 1 and kinds.index("staging.json") < kinds.index("comments")


@pytest.mark.parametrize("key", ["{number}-000000000000", "{number}-"])
def test_whatever_a_run_says_what_is_not_approved_is_refused_and_the_lock_is_free_again(there: Court, key: str) -> None:
    number = there.ask()
    with pytest.raises(NotAuthorized, match="waits for approvals"):
        authorize(there.chat.around, number, 1, key.format(number=number))
    seen = there.gateway.lock("staging")
    assert seen.holder is None and seen.lock is not None


def test_where_the_registry_does_not_answer_a_run_that_was_started_leaves_the_lock_free(
    there: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ready(there)
    request = started(there, number)

    def away(name: str) -> None:
        raise OutsideProblem("the registry cannot be reached", "http://localhost:5000", "Try again")

    monkeypatch.setattr(there.shelf, "lineage", away)
    with pytest.raises(OutsideProblem, match="registry"):
        authorize(there.chat.around, number, 1, request)
    seen = there.gateway.lock("staging")
    assert seen.holder is None and seen.lock is not None


def test_a_run_that_names_another_request_or_one_that_is_closed_takes_no_lock(there: Court) -> None:
    number = there.ask()
    request = started(there, number)
    there.chat.here.github.forget_requests()
    with pytest.raises(NotAuthorized, match="waits for approvals"):
        authorize(there.chat.around, number, 1, f"{number + 1}-000000000000")
    there.gateway.close_issue(number, "completed")
    there.chat.here.github.forget_requests()
    with pytest.raises(NotAuthorized, match="is over"):
        authorize(there.chat.around, number, 1, request)
    assert written(there) == []


def test_lk_03_and_lk_09_what_is_in_the_way_of_a_run_that_was_started_is_told_once_it_is_decided(there: Court) -> None:
    number = there.ask("/promote flight-delay to production")
    lock(there, locks.ALL, "#1")
    with pytest.raises(NotAuthorized, match="cannot be promoted"):
        authorize(there.chat.around, number, 1, started(there, number))
    there.chat.say(f'/break-glass {there.code(number)} because "production answers nothing since noon today"', "alice", number)
    assert authorize(there.chat.around, number, 1, started(there, number)).glass
    held = there.gateway.lock("production").holder
    assert held and "breaking glass" in held.because


def test_az_14_an_objection_after_the_quorum_holds_up_a_run_that_was_started_and_leaves_an_earlier_lock_of_it(
    there: Court,
) -> None:
    number = ready(there)
    request = started(there, number)
    first = authorize(there.chat.around, number, 1, request)
    there.chat.comment('/reject because "the night flights got worse"', "dan", number)
    with pytest.raises(NotAuthorized, match="is rejected"):
        authorize(there.chat.around, number, 1, request)
    held = there.gateway.lock("staging").holder
    assert held and held.token == first.lock, "of an attempt that may still be moving the alias"


def test_lk_01_and_az_12_of_two_runs_at_once_one_is_given_leave(there: Court) -> None:
    number = ready(there)
    given: list[int] = []

    def run(id: int) -> None:
        around = replace(there.chat.around, gateway=there.gateway.of(there.chat.here.as_token(there.chat.here.token)))
        try:
            authorize(around, number, id)
            given.append(id)
        except NotAuthorized:
            pass

    threads = [threading.Thread(target=run, args=(id,)) for id in (1, 2, 3)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert len(given) == 1
    held = there.gateway.lock("staging").holder
    assert held and held.owner == f"run {given[0]}"


def test_lk_02_the_same_run_again_has_the_same_claim_for_longer(there: Court) -> None:
    number = ready(there)
    first = authorize(there.chat.around, number, 1)
    again = authorize(there.chat.around, number, 1)
    assert (again.lock, again.digest) == (first.lock, first.digest)


def test_lk_03_and_lk_09_whoever_else_holds_it_or_everything_is_in_the_way(there: Court) -> None:
    number = ready(there)
    lock(there, "staging", "#1")
    with pytest.raises(NotAuthorized, match="#1 holds staging"):
        authorize(there.chat.around, number, 1)
    freed = locks.release(there.gateway.lock("staging"), "mona", 1)
    perform.perform(there.gateway, [freed] if freed else [])
    lock(there, locks.ALL, "#1")
    with pytest.raises(NotAuthorized, match="#1 holds all"):
        authorize(there.chat.around, number, 1)


def test_lk_04_after_the_lease_of_a_run_that_crashed_the_next_has_another_token(there: Court) -> None:
    number = ready(there)
    lock(there, "staging", "run 1", timedelta(seconds=-1))
    before = there.gateway.lock("staging").lock
    found = authorize(there.chat.around, number, 2)
    assert before and found.lock == before.token + 1


def test_lk_07_a_lock_that_nobody_can_read_is_in_the_way_and_stays_as_it_is(there: Court) -> None:
    number = ready(there)
    there.gateway.put_lock("staging.json", "{", None)
    for _ in range(2):
        with pytest.raises(NotAuthorized, match="cannot be had"):
            authorize(there.chat.around, number, 1)
    assert there.gateway.lock("staging").unreadable


def test_lk_09_an_emergency_goes_past_the_freeze_and_its_lock_says_so(there: Court) -> None:
    number = there.ask("/promote flight-delay to production")
    there.chat.say(f'/break-glass {there.code(number)} because "production answers nothing since noon today"', "alice", number)
    lock(there, locks.ALL, "#1")
    found = authorize(there.chat.around, number, 1)
    assert found.glass and found.approvers == (there.chat.here.github.user("alice").id,)
    held = there.gateway.lock("production").holder
    assert held and "breaking glass" in held.because


def test_lk_10_an_environment_that_can_be_no_lock_is_refused(there: Court) -> None:
    there.policy(POLICY.replace("staging", "1-staging"))
    number = there.ask("/promote flight-delay to 1-staging")
    there.approve(number, "carol")
    with pytest.raises(NotAuthorized, match="no lock's"):
        authorize(there.chat.around, number, 1)


def test_what_was_promoted_already_is_given_leave_again_only_while_it_runs_there(there: Court) -> None:
    number = ready(there)
    first = authorize(there.chat.around, number, 1)
    payload = {"model": "flight-delay", "version": 3, "approvers": [7], "issue": number, "digest": first.digest}
    there.gateway.create_deployment(there.chat.here.base, "staging", "flight-delay", payload)
    with pytest.raises(NotAuthorized, match="something else runs there"):
        authorize(there.chat.around, number, 1)
    there.shelf.aliases["staging"] = 3
    again = authorize(there.chat.around, number, 1)
    assert again.expected == 3 and 7 in again.approvers


@pytest.mark.parametrize("path", ["/comments", "/deployments", "/contents/staging.json"])
def test_where_github_does_not_answer_there_is_no_leave(there: Court, path: str) -> None:
    number = ready(there)
    there.chat.here.github.fail("status", path=path, times=None, status=502)
    with pytest.raises(OutsideProblem):
        authorize(there.chat.around, number, 1)


def test_without_a_registry_or_a_policy_there_is_no_leave(there: Court) -> None:
    number = ready(there)
    with pytest.raises(UserProblem, match="MLFLOW_TRACKING_URI"):
        authorize(replace(there.chat.around, registry=None), number, 1)
    there.chat.here.github.commit(REPOSITORY, {"assay.yml": None})
    with pytest.raises(UserProblem, match="no policy"):
        authorize(there.chat.around, number, 1)
    assert there.gateway.lock("staging").holder is None
