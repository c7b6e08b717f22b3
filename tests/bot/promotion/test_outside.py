"""What happens in the registry around the process is told once, set back where the policy says so, and closed when it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import locks, perform, sweeping
from bot.gateway.requesting import Issue
from bot.promotion import outside, past, told
from bot.promotion.outside import Seen
from bot.promotion.told import LABEL
from policy.ledger import Decision
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.gateway.test_entering import chain
from tests.bot.promotion.court import POLICY, Court

REVERTING = POLICY.replace("    expires: 7 days\n", "    expires: 7 days\n    on_outside_move: revert\n")


def look(there: Court) -> Seen:
    return outside.look(there.chat.around)


def issues(there: Court, state: str = "all") -> list[Issue]:
    return there.gateway.issues(LABEL, state)  # type: ignore[arg-type]


def said(there: Court, number: int) -> list[str]:
    return [each.body for each in there.chat.here.github.comments(REPOSITORY, number)]


def taken(there: Court, owner: str, name: str = "production", lease: timedelta | None = None) -> None:
    _, effect = locks.acquire(there.gateway.lock(name), owner, "mona", 7, lease=lease)
    assert effect is not None
    perform.perform(there.gateway, [effect])


def released(there: Court, name: str = "production") -> None:
    effect = locks.release(there.gateway.lock(name), "mona", 7)
    assert effect is not None
    perform.perform(there.gateway, [effect])


@pytest.fixture
def promoted(there: Court) -> Court:
    """Version 2 runs in production."""
    there.promoted("production", 2)
    there.shelf.aliases["production"] = 2
    return there


def test_where_all_is_as_promoted_nothing_is_written_and_little_is_read(promoted: Court) -> None:
    look(promoted)
    promoted.chat.here.github.forget_requests()
    assert look(promoted).reason is Reason.REGISTRY_AS_PROMOTED
    assert len(promoted.chat.asked) <= 3 and all(each.startswith("GET") for each in promoted.chat.asked)


def test_tt_08_an_alias_that_was_moved_around_the_process_is_an_incident_once(promoted: Court) -> None:
    promoted.shelf.aliases["production"] = 3
    seen = look(promoted)
    assert seen.reason is Reason.REGISTRY_OUTSIDE and "production pointed to 3, and 2 was promoted" in seen.said
    (found,) = issues(promoted)
    assert found.number in seen.issues and found.labels == ("assay: incident", LABEL)[::-1]
    assert "flight-delay@production points to version 3" in found.title
    look(promoted)
    assert issues(promoted) == [found] and promoted.shelf.aliases["production"] == 3


def test_it_is_closed_once_the_alias_is_right_and_opened_again_where_it_is_not(promoted: Court) -> None:
    promoted.shelf.aliases["production"] = 3
    look(promoted)
    promoted.shelf.aliases["production"] = 2
    look(promoted)
    (found,) = issues(promoted)
    assert found.state == "closed" and "points to what was promoted last" in said(promoted, found.number)[-1]
    promoted.shelf.aliases["production"] = 3
    look(promoted)
    (found,) = issues(promoted)
    assert found.state == "open" and "again" in said(promoted, found.number)[-1]
    promoted.promoted("production", 3)
    assert look(promoted).reason is Reason.REGISTRY_AS_PROMOTED
    assert [each.state for each in issues(promoted)] == ["closed"]
    del promoted.shelf.aliases["production"]
    look(promoted)
    assert "points to nothing" in issues(promoted, "open")[0].title


def incidents(there: Court) -> list[tuple[str, str, Any, Any]]:
    found = [each.entry for each in chain(there.chat.here) if each.entry.decision is Decision.INCIDENT]
    return [(e.subject.version, e.subject.environment, e.inputs["promoted"], e.subject.number) for e in found]


def test_an_incident_is_entered_once_for_each_time_that_it_happens(promoted: Court) -> None:
    promoted.shelf.aliases["production"] = 3
    promoted.chat.here.github.fail("status", "PUT", "/contents/entries", status=500, times=None)
    with pytest.raises(OutsideProblem):
        look(promoted)
    promoted.chat.here.github.faults.clear()
    for _ in range(2):
        look(promoted)
    (found,) = issues(promoted)
    assert incidents(promoted) == [("3", "production", 2, found.number)]
    promoted.shelf.aliases["production"] = 2
    look(promoted)
    promoted.chat.here.github.repository(REPOSITORY).issues[found.number].updated_at = "2027-01-01T00:00:00Z"
    del promoted.shelf.aliases["production"]
    look(promoted)
    promoted.shelf.aliases["production"] = 3
    look(promoted)
    look(promoted)
    assert [each[0] for each in incidents(promoted)] == ["3", "", "3"]


def test_where_the_ledger_cannot_be_written_the_incident_is_told_and_says_so_once(promoted: Court) -> None:
    promoted.shelf.aliases["production"] = 3
    promoted.chat.here.github.fail("status", "PUT", "/contents/entries", status=422, times=None)
    for _ in range(2):
        assert look(promoted).reason is Reason.REGISTRY_OUTSIDE
    promoted.chat.here.github.faults.clear()
    (found,) = issues(promoted)
    assert len([each for each in said(promoted, found.number) if "could not be written" in each]) == 1


def test_a_deployment_by_somebody_else_is_no_promotion(promoted: Court) -> None:
    github = promoted.chat.here.github
    promoted.shelf.aliases["production"] = 3
    other = promoted.chat.here.as_token(github.token(REPOSITORY, "write"))
    promoted.promoted("production", 3)
    made = max(github.repository(REPOSITORY).deployments.values(), key=lambda each: each.id)
    made.creator = github.user("eve")
    assert other is not promoted.gateway and look(promoted).reason is Reason.REGISTRY_OUTSIDE


# --- a promotion that is under way ---


def test_lk_01_an_alias_that_a_promotion_moves_right_now_is_looked_at_later(promoted: Court) -> None:
    taken(promoted, "run 4711", lease=timedelta(hours=1))
    promoted.shelf.aliases["production"] = 3
    assert look(promoted).reason is Reason.REGISTRY_BUSY and issues(promoted) == []
    promoted.promoted("production", 3)
    released(promoted)
    assert look(promoted).reason is Reason.REGISTRY_AS_PROMOTED and issues(promoted) == []


def test_lk_01_a_promotion_that_comes_and_goes_between_two_reads_is_no_incident(promoted: Court) -> None:
    def whole() -> None:
        taken(promoted, "run 4711")
        promoted.shelf.aliases["production"] = 3
        promoted.promoted("production", 3)
        released(promoted)

    promoted.shelf.meanwhile = [whole]
    assert look(promoted).reason is Reason.REGISTRY_AS_PROMOTED
    promoted.shelf.aliases["production"] = 1
    promoted.shelf.meanwhile = [lambda: None, lambda: (taken(promoted, "run 4712"), released(promoted))]
    assert look(promoted).reason is Reason.REGISTRY_BUSY and issues(promoted) == []


def test_lk_04_neither_a_run_whose_lease_is_over_nor_a_person_with_a_lock_hides_anything(promoted: Court) -> None:
    taken(promoted, "run 4711", lease=timedelta(seconds=-1))
    promoted.shelf.aliases["production"] = 3
    assert look(promoted).reason is Reason.REGISTRY_OUTSIDE
    taken(promoted, "#12")
    promoted.shelf.aliases["production"] = 1
    assert look(promoted).reason is Reason.REGISTRY_OUTSIDE and len(issues(promoted)) == 2


# --- setting back ---


@pytest.fixture
def reverting(promoted: Court) -> Court:
    """As before, and the policy has moves around the process set back."""
    promoted.policy(REVERTING)
    promoted.shelf.aliases["production"] = 3
    return promoted


def test_where_the_policy_says_so_the_alias_is_set_back(reverting: Court) -> None:
    seen = look(reverting)
    assert reverting.shelf.aliases["production"] == 2 and seen.back == ("production",) and seen.wrong == ()
    (found,) = issues(reverting)
    assert found.state == "closed" and "Set back to version 2" in said(reverting, found.number)[-1]
    lock = reverting.gateway.lock("production")
    assert lock.holder is None and lock.lock is not None
    assert look(reverting).reason is Reason.REGISTRY_AS_PROMOTED


def test_what_nothing_was_promoted_to_cannot_be_set_back(there: Court) -> None:
    there.policy(REVERTING)
    there.shelf.aliases["production"] = 3
    assert look(there).back == () and there.shelf.aliases["production"] == 3
    assert [each.state for each in issues(there)] == ["open"]


def test_lk_09_what_is_locked_or_frozen_is_not_set_back_and_the_issue_says_so_once(reverting: Court) -> None:
    for name in ("production", "all"):
        taken(reverting, "#12", name)
        look(reverting)
        look(reverting)
        (found,) = issues(reverting)
        assert reverting.shelf.aliases["production"] == 3 and found.state == "open"
        notes = [each for each in said(reverting, found.number) if f"the lock `{name}`" in each or f"the lock {name}" in each]
        assert len(notes) == 1
        released(reverting, name)
    look(reverting)
    assert reverting.shelf.aliases["production"] == 2


def test_lk_07_a_lock_that_cannot_be_read_keeps_from_setting_back_and_not_from_telling(reverting: Court) -> None:
    taken(reverting, "#12")
    reverting.gateway.put_lock("production.json", "{", reverting.gateway.lock("production").version)
    assert look(reverting).back == () and reverting.shelf.aliases["production"] == 3
    (found,) = issues(reverting)
    assert "cannot be read" in said(reverting, found.number)[-1]


def test_tt_07_what_was_promoted_before_the_lock_was_taken_is_not_set_back(reverting: Court) -> None:
    reverting.shelf.meanwhile = [lambda: None, lambda: None, lambda: reverting.promoted("production", 3)]
    # The third time is under the lock; the deployments are read after it.
    assert look(reverting).back == () and reverting.shelf.aliases["production"] == 3
    assert reverting.gateway.lock("production").holder is None
    look(reverting)
    assert [each.state for each in issues(reverting)] == ["closed"]


def test_what_else_was_open_about_an_alias_that_is_set_back_is_over_in_the_same_look(promoted: Court) -> None:
    promoted.shelf.aliases.pop("production")
    look(promoted)
    promoted.policy(REVERTING)
    promoted.shelf.aliases["production"] = 3
    assert look(promoted).back == ("production",)
    told = {each.number: said(promoted, each.number) for each in issues(promoted)}
    assert [each.state for each in issues(promoted)] == ["closed", "closed"]
    ends = ("points to what was promoted last", "Set back to version 2")
    assert [sum(any(end in each for end in ends) for each in bodies) for bodies in told.values()] == [1, 1]


def test_a_registry_that_fails_while_it_is_set_back_leaves_no_lock_behind(
    reverting: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OutsideProblem("the registry cannot be reached", "https://mlflow.example.org")

    monkeypatch.setattr(reverting.shelf, "move", away)
    with pytest.raises(OutsideProblem):
        look(reverting)
    assert reverting.gateway.lock("production").holder is None
    monkeypatch.undo()
    assert look(reverting).back == ("production",) and len(issues(reverting)) == 1


def test_a_registry_that_does_not_let_us_write_is_told_on_the_issue(reverting: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise UserProblem("moving it: the registry does not allow it", "https://mlflow.example.org")

    monkeypatch.setattr(reverting.shelf, "move", refused)
    assert look(reverting).back == ()
    assert "does not allow it" in said(reverting, issues(reverting)[0].number)[-1]


# --- whatever happens, in whatever order ---

STEPS = st.lists(
    st.tuples(st.sampled_from(["move", "promote", "begin", "record", "look", "close", "delete"]), st.integers(1, 3)),
    min_size=4,
    max_size=10,
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STEPS, st.sampled_from([POLICY, REVERTING]))
def test_what_is_open_is_what_is_wrong_and_nothing_is_told_twice(
    promoted: Court, steps: list[tuple[str, int]], policy: str
) -> None:
    promoted.policy(policy)
    if promoted.gateway.lock("production").holder is not None:
        released(promoted)
    under_way = 0
    for step, version in [*steps, ("record", 0), ("look", 0)]:
        if step == "look":
            seen = look(promoted)
            if not under_way:
                holds(promoted, seen, reverted=policy == REVERTING)
        else:
            under_way = happens(promoted, step, version, under_way)
    assert len({each.title for each in issues(promoted)}) == len(issues(promoted))


def happens(there: Court, step: str, version: int, under_way: int) -> int:
    """One thing that somebody does; the version whose promotion is under way then, 0 for none."""
    aliases = there.shelf.aliases
    if step == "begin" and not under_way:
        taken(there, "run 4711")
        aliases["production"] = version
        return version
    if step == "record" and under_way:
        there.promoted("production", under_way)
        released(there)
        return 0
    if step == "move":
        aliases["production"] = version
    elif step == "delete":
        aliases.pop("production", None)
    elif step == "promote" and not under_way:
        aliases["production"] = version
        there.promoted("production", version)
    elif step == "close":
        for each in issues(there, "open"):
            there.gateway.close_issue(each.number, "completed")
    return under_way


def holds(there: Court, seen: Seen, *, reverted: bool) -> None:
    """What must be so after every look at which no promotion is under way."""
    now, about = there.shelf.aliases.get("production"), [told.read(each.body) for each in issues(there, "open")]
    history = past.promotions(there.gateway.deployments(), "flight-delay", there.gateway.identity())
    right = now == int(history[-1].version)
    assert right or not reverted
    assert right == (not seen.wrong) == (not about)
    assert len(about) == len(set(about))
    assert right or (now or 0) in [each.version for each in about if each]


# --- versions from outside ---


def test_a_version_that_nobody_registered_has_one_issue_that_says_what_is_missing(there: Court) -> None:
    there.shelf.origins.append(None)
    assert look(there).strangers == (4,)
    (found,) = issues(there)
    assert "version 4 was not registered by Assay" in found.title and "assay.schema" in found.body
    there.gateway.close_issue(found.number, "not_planned")
    look(there)
    assert [each.number for each in issues(there)] == [found.number] and issues(there, "open") == []


def test_it_is_closed_where_the_version_is_gone_or_has_its_origin(there: Court) -> None:
    there.shelf.origins += [None, None]
    late = replace(there.chat.around, clock=lambda: datetime.now(UTC) + timedelta(days=8))
    assert outside.look(late).strangers == ()  # it was there long before
    look(there)
    there.shelf.origins[3:] = [there.shelf.origins[0]]
    assert look(there).reason is Reason.REGISTRY_AS_PROMOTED
    assert [each.state for each in issues(there)] == ["closed", "closed"]


def test_a_flood_of_versions_opens_few_issues_in_one_look(there: Court) -> None:
    there.shelf.origins += [None] * 12
    look(there)
    look(there)
    assert len(issues(there)) == 10
    there.gateway.close_issue(issues(there)[0].number, "not_planned")
    look(there)
    assert len(issues(there)) == 11


# --- issues ---


def test_ga_15_an_issue_that_somebody_else_wrote_is_not_taken_for_ours_and_of_two_of_ours_the_older_stays(
    promoted: Court,
) -> None:
    promoted.shelf.aliases["production"] = 3
    look(promoted)
    (ours,) = issues(promoted)
    copied = promoted.chat.here.github.issue(REPOSITORY, body=ours.body, author="eve")
    promoted.gateway.add_label(copied.number, LABEL)
    promoted.gateway.close_issue(ours.number, "completed")
    look(promoted)
    assert promoted.gateway.issue(ours.number).state == "open" and said(promoted, copied.number) == []
    twin = promoted.gateway.open_issue(ours.title, f"{ours.body}\nagain", ours.labels)
    look(promoted)
    assert promoted.gateway.issue(twin.number).state == "closed" and promoted.gateway.issue(ours.number).state == "open"


def test_ap_02_where_the_answer_was_lost_there_is_one_incident_all_the_same(promoted: Court) -> None:
    promoted.shelf.aliases["production"] = 3
    promoted.chat.here.github.fail("drop", "POST", "/issues", after=True)
    look(promoted)
    look(promoted)
    assert len(issues(promoted)) == 1


# --- where there is nothing to look at ---


def test_without_a_policy_a_model_or_a_registry_it_says_so(there: Court) -> None:
    there.policy("version: 1\n")
    assert look(there) == Seen(None) and look(there).said == "the policy names no model" and there.shelf.asked == 0
    with pytest.raises(UserProblem, match="no registry is named"):
        outside.look(replace(there.chat.around, registry=None))
    there.policy("version: 2\n")
    with pytest.raises(UserProblem):
        look(there)


def test_a_sweep_of_a_job_looks_too_and_what_it_cannot_look_at_is_said(promoted: Court) -> None:
    promoted.shelf.aliases["production"] = 3
    sweeping.sweep(promoted.chat.around)
    assert len(issues(promoted)) == 1
    promoted.policy("version: 2\n")
    assert "the registry: " in sweeping.sweep(promoted.chat.around)
