"""Decisions: the conditions beside the rules, and the laws that hold whatever anybody says."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.approvals import Decision, Promotion, State
from policy.digests import code
from policy.environments import leaves
from policy.reasons import Reason
from policy.result import Status
from policy.roles import Standing
from policy.rulings import Evidence, Ruled, Ruling
from policy.votes import Involved, Vote
from tests.policy.situations import CODE, DAY, HOUR, NOW, PEOPLE, STAGED, decided, logins, policy, vote
from tests.policy.test_digests import SUBJECT

BOTH = (vote(1), vote(3))
WHY = "the model in production answers nonsense"


def condition(decision: Decision, name: str) -> Ruling:
    return next(each for each in decision.conditions if each.name == name)


def test_az_11_nothing_said_is_nothing_approved() -> None:
    assert decided().state is State.PENDING


def test_az_11_an_environment_that_the_policy_does_not_name_is_blocked() -> None:
    decision = decided(*BOTH, subject=SUBJECT.model_copy(update={"environment": "prod"}))
    assert decision.state is State.BLOCKED and decision.rules.reason is Reason.ENVIRONMENT_UNKNOWN


@pytest.mark.parametrize(
    ("verdict", "state"), [(None, State.BLOCKED), (Status.FAILED, State.BLOCKED), (Status.WARNED, State.APPROVED)]
)
def test_without_a_verdict_that_lets_it_pass_nothing_is_approved(verdict: Status | None, state: State) -> None:
    assert decided(*BOTH, evidence=Evidence(verdict=verdict)).state is state


def test_az_15_a_request_is_over_at_the_moment_it_expires_by_the_time_of_the_server() -> None:
    expires = policy(more="expires: 3 hours")
    end = NOW - 2 * HOUR + 3 * HOUR
    second = timedelta(seconds=1)
    for skew in (-5, 0, 5):  # minutes by which a clock elsewhere was wrong
        votes = [replace(each, at=end + timedelta(minutes=skew)) for each in BOTH]
        assert decided(*votes, policy=expires, now=end - second).approved
        assert decided(*votes, policy=expires, now=end).state is State.EXPIRED


def test_a_time_without_its_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        decided(now=datetime(2026, 11, 25, 12))


def test_the_environment_before_must_hold_this_version_for_long_enough() -> None:
    after = policy(more="after: staging for 2 days")
    assert decided(*BOTH, policy=after).approved
    assert decided(*BOTH, policy=after, promotions=()).state is State.BLOCKED
    short = decided(*BOTH, policy=after, promotions=[replace(STAGED, at=NOW - DAY)])
    assert short.state is State.BLOCKED and condition(short, "after staging").state is Ruled.PENDING
    replaced = [STAGED, Promotion("staging", "13", NOW - HOUR)]
    assert decided(*BOTH, policy=after, promotions=replaced).state is State.BLOCKED
    again = [replace(STAGED, at=NOW - HOUR), STAGED]
    assert decided(*BOTH, policy=after, promotions=again).approved
    interrupted = [STAGED, Promotion("staging", "11", NOW - 2 * DAY), replace(STAGED, at=NOW - DAY)]
    assert decided(*BOTH, policy=after, promotions=interrupted).state is State.BLOCKED


def test_who_approved_it_for_the_environment_before_can_be_forbidden() -> None:
    strict = policy(more="after: staging\nforbid: [earlier-approver]")
    staged = [replace(STAGED, approvers=frozenset({3}))]
    assert decided(*BOTH, policy=strict, promotions=staged).state is State.PENDING
    assert decided(vote(1), vote(4), policy=strict, promotions=staged).approved


def test_lk_09_a_freeze_beats_approvals_and_breaking_glass_passes_it() -> None:
    frozen = policy(more='freeze: ["Wed 09:00 - Wed 18:00"]\ntime_zone: Europe/Berlin\nbreak_glass: {role: ml-lead}')
    decision = decided(*BOTH, policy=frozen)
    assert decision.state is State.FROZEN and decision.rules.state is Ruled.APPROVED
    assert decided(policy=frozen).state is State.FROZEN
    assert decided(*BOTH, policy=frozen, now=NOW + 5 * HOUR).approved
    broken = decided(vote(4, "break-glass", because=WHY), policy=frozen)
    assert broken.approved and condition(broken, "freeze").reason is Reason.GLASS_PASSES


def test_a_wait_begins_anew_when_something_else_is_asked_for() -> None:
    wait = policy(more="wait: 1 hour")
    assert decided(*BOTH, policy=wait).approved
    assert decided(*BOTH, policy=wait, asked=NOW - HOUR / 2).state is State.BLOCKED
    assert decided(policy=wait, asked=NOW - HOUR / 2).state is State.PENDING


def test_a_cool_down_follows_each_promotion() -> None:
    cool = policy(more="cool_down: 1 day")
    assert decided(*BOTH, policy=cool, promotions=[Promotion("production", "11", NOW - HOUR)]).state is State.BLOCKED
    assert decided(*BOTH, policy=cool, promotions=[Promotion("production", "11", NOW - DAY)]).approved
    assert decided(*BOTH, policy=cool, promotions=[Promotion("staging", "11", NOW - HOUR)]).approved


@pytest.mark.parametrize(
    ("count", "state"), [(0, State.APPROVED), (1, State.APPROVED), (2, State.BLOCKED), (None, State.BLOCKED)]
)
def test_no_more_waivers_are_open_than_may_be(count: int | None, state: State) -> None:
    assert decided(*BOTH, policy=policy(more="max_waivers: 1"), waivers=count).state is state


def test_az_17_an_emergency_is_shown_red_until_it_is_reviewed_and_blocks_once_that_is_overdue() -> None:
    glass = policy(more="break_glass: {role: ml-lead, review_within: 2 days}")
    soon = decided(*BOTH, policy=glass, promotions=[Promotion("production", "11", NOW - DAY, glass=True)])
    assert soon.approved and soon.unreviewed and soon.result.status is Status.WARNED
    assert condition(soon, "review").reason is Reason.REVIEW_WANTED
    late = decided(*BOTH, policy=glass, promotions=[Promotion("production", "11", NOW - 2 * DAY, glass=True)])
    assert late.state is State.BLOCKED and condition(late, "review").reason is Reason.REVIEW_OVERDUE
    done = decided(*BOTH, policy=glass, promotions=[Promotion("production", "11", NOW - 2 * DAY, glass=True, reviewed=True)])
    assert done.approved and not done.unreviewed and done.result.status is Status.PASSED


def test_az_12_two_approvals_at_once_are_both_counted() -> None:
    same = NOW - HOUR
    assert logins(decided(vote(1, at=same), vote(3, at=same))) == ["alice", "carol"]


def test_a_decision_is_a_tree_of_results_as_bad_as_its_state() -> None:
    states = {State.APPROVED: decided(*BOTH), State.PENDING: decided(), State.REJECTED: decided(vote(1, "reject"))}
    wanted = {State.APPROVED: Status.PASSED, State.PENDING: Status.WARNED, State.REJECTED: Status.FAILED}
    assert {state: each.result.status for state, each in states.items()} == wanted
    assert decided(*BOTH).result.why == "flight-delay 12 may be promoted to production"


# --- laws ---

POLICIES = st.sampled_from(
    [
        policy(),
        policy("[{role: model-risk, count: 2}, {role: ml-lead}]"),
        policy("[{role: model-risk, count: 2}, {role: ml-lead}]", "one_person_one_role: false"),
        policy("[{any: [{role: ml-lead, count: 2}, {all: [{role: ml-lead}, {role: model-risk}]}]}]"),
        policy("[{role: ml-lead}, {when: {risk: [high]}, then: [{role: model-risk, count: 2}]}]"),
    ]
)
PERSON = st.sampled_from(sorted(PEOPLE))
KINDS = st.sampled_from(["approve", "approve", "approve", "reject", "revoke"])
SAID = st.tuples(PERSON, KINDS, st.booleans())
TIMELINES = st.lists(SAID, max_size=8).map(
    lambda said: [
        vote(person, kind, comment=10 * (index + 1), edited=edited and index % 3 == 0)  # type: ignore[arg-type]
        for index, (person, kind, edited) in enumerate(said)
    ]
)
INVOLVED = st.lists(
    st.builds(
        Involved,
        st.sampled_from(["author", "co-author", "pusher", "merger"]),
        st.one_of(st.none(), PERSON),
        st.just(""),
        st.just("a@b"),
    ),
    max_size=2,
)
EVIDENCE = st.builds(Evidence, verdict=st.just(Status.PASSED), risk=st.sampled_from([None, "low", "high"]))
ASKED = st.fixed_dictionaries({"policy": POLICIES, "involved": INVOLVED, "evidence": EVIDENCE})
many = settings(max_examples=150, deadline=None)

VOID = st.one_of(
    st.builds(lambda person: vote(person, edited=True), PERSON),
    st.builds(lambda person, kind: vote(person, kind, deleted=True), PERSON, KINDS),
    st.builds(lambda person: vote(person, code="0" * 12), PERSON),
    st.builds(lambda person: vote(person, code=CODE[:11]), PERSON),
    st.builds(lambda kind: vote(3, kind, author=99, login="ci[bot]", type="Bot"), KINDS),
    st.builds(lambda kind: vote(3, kind, author=98, login="сarol"), KINDS),
    st.builds(lambda kind: vote(6, kind), st.sampled_from(["approve", "reject"])),
    st.builds(lambda kind: vote(3, kind, author=None), KINDS),
)


def shape(decision: Decision) -> tuple[object, ...]:
    return decision.state, decision.rules, sorted(decision.counted, key=lambda each: each.comment), decision.objections


@many
@given(TIMELINES, ASKED, VOID, st.integers(1, 99))
def test_a_vote_that_is_void_never_changes_the_decision(votes: list[Vote], asked: dict, void: Vote, place: int) -> None:
    before = decided(*votes, **asked)
    after = decided(*votes, replace(void, comment=place if place % 10 else place + 1), **asked)
    assert shape(before) == shape(after)
    assert void.kind == "revoke" or len(after.void) == len(before.void) + 1


@many
@given(TIMELINES, ASKED, st.randoms())
def test_the_order_in_which_a_timeline_arrives_says_nothing(votes: list[Vote], asked: dict, chance: random.Random) -> None:
    shuffled = list(votes)
    chance.shuffle(shuffled)
    assert shape(decided(*votes, **asked)) == shape(decided(*shuffled, **asked))


@many
@given(st.lists(st.tuples(PERSON, KINDS), max_size=7, unique_by=lambda said: said[0]), ASKED, st.randoms())
def test_the_order_in_which_different_people_speak_says_nothing(said: list, asked: dict, chance: random.Random) -> None:
    numbers = list(range(len(said)))
    first = [vote(person, kind, comment=number) for number, (person, kind) in zip(numbers, said, strict=True)]
    chance.shuffle(numbers)
    second = [vote(person, kind, comment=number) for number, (person, kind) in zip(numbers, said, strict=True)]
    one, two = decided(*first, **asked), decided(*second, **asked)
    assert (one.state, one.rules, logins(one)) == (two.state, two.rules, logins(two))


@many
@given(TIMELINES, ASKED)
def test_who_approves_is_eligible_and_enough_of_them(votes: list[Vote], asked: dict) -> None:
    decision = decided(*votes, **asked)
    ids = [each.author for each in decision.counted]
    parts = {each.id for each in asked["involved"] if each.part != "merger"}
    assert len(ids) == len(set(ids)) and not parts & set(ids)
    if not decision.approved:
        return
    given_by = [each for each in _leaves(decision.rules) if each.state is Ruled.APPROVED]
    rules = {f"{rule.count} × {rule.role}": rule for _, rule in leaves(asked["policy"].environments["production"].approved_if)}
    assert given_by
    for each in given_by:
        if each.name in rules:
            people = [next(p for p in PEOPLE.values() if p.login == login) for login in each.by]
            assert len({p.id for p in people}) == rules[each.name].count
            assert all(rules[each.name].role in p.roles and p.id in ids for p in people)
    if asked["policy"].environments["production"].one_person_one_role:
        everybody = [login for each in given_by for login in each.by]
        assert len(everybody) == len(set(everybody))


def _leaves(ruling: Ruling) -> list[Ruling]:
    return [leaf for child in ruling.children for leaf in _leaves(child)] if ruling.children else [ruling]


@many
@given(TIMELINES, ASKED, PERSON)
def test_who_approved_and_lost_their_roles_leaves_nothing_more_approved(votes: list[Vote], asked: dict, person: int) -> None:
    before = decided(*votes, **asked)
    objects = any(each.author == person for each in before.objections)
    people = {**PEOPLE, person: Standing(person, PEOPLE[person].login, "read")}
    after = decided(*votes, people=people, **asked)
    assert before.approved or objects or not after.approved


@many
@given(TIMELINES, ASKED, PERSON)
def test_one_approval_more_never_takes_anything_away(votes: list[Vote], asked: dict, person: int) -> None:
    before = decided(*votes, **asked)
    after = decided(*votes, vote(person, comment=1000), **asked)
    assert after.approved or not before.approved


@many
@given(TIMELINES, ASKED, PERSON)
def test_one_part_more_in_the_change_never_makes_it_approved(votes: list[Vote], asked: dict, person: int) -> None:
    before = decided(*votes, **asked)
    more = {**asked, "involved": [*asked["involved"], Involved("author", id=person)]}
    assert before.approved or not decided(*votes, **more).approved


@many
@given(TIMELINES, ASKED, st.sampled_from(sorted(type(SUBJECT).model_fields)))
def test_votes_for_something_else_approve_nothing(votes: list[Vote], asked: dict, part: str) -> None:
    value = getattr(SUBJECT, part)
    new = value + 1 if isinstance(value, int) else {**value, "more": "x"} if part == "data" else f"{value}x"
    other = SUBJECT.model_copy(update={part: new})
    assert code(other) != CODE
    assert not decided(*votes, subject=other, **asked).counted


@many
@given(TIMELINES, ASKED)
def test_whoever_is_named_as_one_who_could_brings_it_forward(votes: list[Vote], asked: dict) -> None:
    before = decided(*votes, **asked)
    people = {each.login: each.id for each in PEOPLE.values()}
    if before.rules.state is not Ruled.PENDING:
        return
    for login in before.could:
        after = decided(*votes, vote(people[login], comment=1000), **asked)
        assert login in logins(after) and login not in after.could


@many
@given(TIMELINES, ASKED)
def test_the_same_input_gives_the_same_decision(votes: list[Vote], asked: dict) -> None:
    assert decided(*votes, **asked) == decided(*votes, **asked)
