"""Which votes count, one case each: who said it, about what, whether it is untouched, and who they are now."""

import time

import pytest

from policy.approvals import Promotion, State
from policy.digests import code, digest
from policy.reasons import Reason
from policy.result import Status
from policy.roles import Standing
from policy.rulings import Evidence
from policy.votes import Involved, Part, taken_back, words
from tests.policy.situations import CODE, DAY, HOUR, NOW, PEOPLE, decided, logins, policy, vote
from tests.policy.test_digests import SUBJECT

BOTH = (vote(1), vote(3))


def reasons(decision: object) -> list[Reason]:
    return [each.reason for each in decision.void]  # type: ignore[attr-defined]


def test_two_people_of_two_roles_approve() -> None:
    decision = decided(*BOTH)
    assert decision.approved and logins(decision) == ["alice", "carol"] and not decision.void


def test_az_04_one_person_is_one_vote_whatever_login_or_case_they_are_called_by() -> None:
    two = policy("[{role: model-risk, count: 2}]")
    renamed = vote(1, comment=9, login="Alice-Renamed")
    decision = decided(vote(1), renamed, policy=two)
    assert decision.state is State.PENDING and len(decision.counted) == 1
    assert reasons(decision) == [Reason.VOTE_AGAIN]
    assert decided(vote(1), renamed, vote(2), policy=two).approved


def test_az_04_a_login_that_looks_alike_is_another_person() -> None:
    alike = vote(1, author=99, login="аlice")  # the first letter is Cyrillic
    decision = decided(alike, vote(3))
    assert decision.state is State.PENDING and reasons(decision) == [Reason.VOTE_NO_ROLE]


@pytest.mark.parametrize("part", ["author", "committer", "co-author", "pusher", "requester", "starter"])
def test_az_06_whoever_has_a_part_in_it_does_not_count(part: Part) -> None:
    decision = decided(*BOTH, involved=[Involved(part, id=1)])
    assert decision.state is State.PENDING and reasons(decision) == [Reason.VOTE_OWN_WORK]
    assert "alice" not in decision.could and "bob" in decision.could


def test_az_06_the_second_author_of_a_commit_does_not_count_known_by_login_alone() -> None:
    involved = [Involved("author", id=7), Involved("co-author", login="ALICE")]
    assert decided(*BOTH, involved=involved).state is State.PENDING


@pytest.mark.parametrize("part", ["merger", "reviewer"])
def test_who_else_is_forbidden_is_said_by_the_policy(part: Part) -> None:
    involved = [Involved(part, id=1)]
    assert decided(*BOTH, involved=involved).approved
    assert decided(*BOTH, involved=involved, policy=policy(more=f"forbid: [{part}]")).state is State.PENDING


def test_az_06_an_email_of_no_account_asks_for_one_approver_more() -> None:
    stranger = [Involved("author", email="x@y.example")]
    decision = decided(*BOTH, involved=stranger)
    assert decision.state is State.PENDING and set(decision.could) == {"bob", "dan", "erin"}
    assert decided(*BOTH, vote(4), involved=stranger).approved
    two = [*stranger, Involved("committer", email="Z@y.example"), Involved("author", email="z@y.example")]
    assert decided(*BOTH, vote(4), involved=two).state is State.PENDING
    assert decided(*BOTH, vote(4), vote(5), involved=two).approved


def test_az_06_more_emails_of_no_account_than_approvers_can_stand_in_for_are_refused() -> None:
    many = [Involved("author", email=f"{number}@y.example") for number in range(11)]
    decision = decided(*BOTH, involved=many)
    assert decision.state is State.BLOCKED and any(each.reason is Reason.AUTHORS_UNKNOWN for each in decision.conditions)


def test_az_06_where_nobody_knows_who_had_a_part_in_it_nothing_is_approved() -> None:
    decision = decided(*BOTH, involved=None)
    assert decision.state is State.BLOCKED and any(each.reason is Reason.AUTHORS_NOT_FOUND for each in decision.conditions)
    breaking = vote(3, "break-glass", because=WHY)
    assert decided(breaking, involved=None, policy=policy(more=GLASS)).state is State.BLOCKED


def test_an_objection_is_the_last_word_of_its_comment() -> None:
    for other in ("approve", "revoke", "break-glass"):
        both = (vote(2, "reject", comment=300), vote(2, other, comment=300))  # type: ignore[arg-type]
        assert decided(*BOTH, *both).state is State.REJECTED


def test_a_long_timeline_of_a_request_that_changed_often_is_heard_quickly() -> None:
    earlier = [SUBJECT.model_copy(update={"version": f"0.{number}"}) for number in range(100)]
    votes = [vote(1 + number % 5, comment=number, code=code(earlier[number % 100])) for number in range(5_000)]
    start = time.perf_counter()
    decision = decided(*votes, earlier=earlier)
    assert time.perf_counter() - start < 5
    assert len(decision.void) == 5_000


def test_az_06_an_email_of_no_account_is_refused_where_the_policy_says_so() -> None:
    decision = decided(
        *BOTH, vote(4), involved=[Involved("author", email="x@y.example")], policy=policy(more="unknown_authors: refuse")
    )
    assert decision.state is State.BLOCKED
    assert any(each.reason is Reason.AUTHORS_UNKNOWN for each in decision.conditions)


@pytest.mark.parametrize(("login", "kind"), [("assay[bot]", "Bot"), ("renovate[bot]", "User"), ("github-actions[bot]", "Bot")])
def test_az_08_a_bot_never_counts_even_with_a_role(login: str, kind: str) -> None:
    people = {**PEOPLE, 1: Standing(1, login, "admin", frozenset({"model-risk"}))}
    decision = decided(vote(1, login=login, type=kind), vote(3), people=people)
    assert decision.state is State.PENDING and reasons(decision) == [Reason.VOTE_BOT]
    assert login not in decision.could


def test_az_09_somebody_who_lost_the_role_since_does_not_count() -> None:
    removed = {**PEOPLE, 1: Standing(1, "alice", "read")}
    decision = decided(*BOTH, people=removed)
    assert decision.state is State.PENDING and reasons(decision) == [Reason.VOTE_NO_ROLE]
    gone = {id: each for id, each in PEOPLE.items() if id != 1}
    assert decided(*BOTH, people=gone).state is State.PENDING


def test_somebody_whose_roles_cannot_be_found_out_does_not_count_and_is_told_so() -> None:
    decision = decided(*BOTH, unknown=frozenset({1}))
    assert decision.state is State.PENDING and reasons(decision) == [Reason.VOTE_UNKNOWN]


def test_a_comment_that_was_edited_or_deleted_approves_nothing_whoever_did_it() -> None:
    for touched in ({"edited": True, "edited_by": "carol"}, {"edited": True}, {"deleted": True}):
        assert decided(vote(1, **touched), vote(3)).state is State.PENDING
    assert reasons(decided(vote(1, edited=True), vote(2, deleted=True))) == [Reason.VOTE_EDITED, Reason.VOTE_DELETED]


def test_the_account_behind_a_vote_must_exist() -> None:
    assert reasons(decided(vote(1, author=None))) == [Reason.VOTE_NOBODY]


def test_az_13_a_vote_that_was_taken_back_does_not_count_when_the_quorum_is_reached_by_another() -> None:
    two = policy("[{role: model-risk, count: 2}]")
    back = vote(1, "revoke", comment=300)
    decision = decided(vote(1), back, vote(2, comment=400), policy=two)
    assert decision.state is State.PENDING and logins(decision) == ["bob"] and reasons(decision) == [Reason.VOTE_REVOKED]
    assert decided(vote(1), back, vote(2, comment=400), vote(1, comment=500), policy=two).approved


def test_az_14_an_objection_after_the_quorum_rejects_until_it_is_taken_back() -> None:
    no = vote(2, "reject", comment=300, because="the slices are off")
    decision = decided(*BOTH, no)
    assert decision.state is State.REJECTED and [each.login for each in decision.objections] == ["bob"]
    assert decided(*BOTH, no, vote(1, "revoke", comment=400)).state is State.REJECTED
    assert decided(*BOTH, no, vote(2, "revoke", comment=400)).approved


def test_what_was_taken_back_is_what_counted_until_then() -> None:
    said = [
        vote(1, comment=1), vote(1, "revoke", comment=2), vote(1, "revoke", comment=3), vote(3, "reject", comment=4),
        vote(3, "revoke", comment=5, edited=True), vote(3, comment=6), vote(3, "revoke", comment=7), vote(4, "revoke", comment=8),
    ]  # fmt: skip
    found = taken_back(said, decided(*said).void)
    assert [(each.comment, [one.comment for one in back]) for each, back in found] == [(2, [1]), (7, [6])]
    own = decided(*said, involved=[Involved("author", id=1)])
    assert [each.comment for each, _ in taken_back(said, own.void)] == [7], "what never counted is not taken back"
    objected = [
        vote(3, "reject", comment=1),
        vote(3, "revoke", comment=2),
        vote(3, comment=3),
        vote(3, "revoke", comment=4, edited=True),
    ]
    told = taken_back(objected, decided(*objected).void)
    assert [(each.comment, [one.comment for one in back]) for each, back in told] == [(2, [1]), (4, [3])]


def test_an_objection_takes_the_own_approval_back() -> None:
    decision = decided(*BOTH, vote(1, "reject", comment=300), vote(1, "revoke", comment=400))
    assert decision.state is State.PENDING and reasons(decision) == [Reason.VOTE_TURNED]


def test_an_approval_that_counts_takes_the_own_objection_back_and_one_that_does_not_leaves_it() -> None:
    no = vote(1, "reject", comment=50)
    assert decided(no, *BOTH).approved
    assert decided(no, vote(1, code="0" * 12), vote(3)).state is State.REJECTED
    assert decided(no, vote(1, edited=True), vote(3)).state is State.REJECTED


def test_doubt_lifts_no_objection() -> None:
    no = vote(2, "reject", comment=300)
    assert decided(*BOTH, vote(2, "reject", comment=300, edited=True)).state is State.REJECTED
    assert decided(*BOTH, no, unknown=frozenset({2})).state is State.REJECTED
    assert decided(*BOTH, no, vote(2, "revoke", comment=400, edited=True)).state is State.REJECTED
    assert decided(*BOTH, vote(1, "revoke", comment=400, edited=True)).state is State.PENDING


def test_an_objection_of_somebody_of_whom_nothing_is_known_stands() -> None:
    gone = {id: each for id, each in PEOPLE.items() if id != 2}
    no = vote(2, "reject", comment=300)
    assert decided(*BOTH, no, people=gone, unknown=frozenset({2})).state is State.REJECTED
    assert decided(*BOTH, no, people=gone).approved


def test_a_login_that_was_somebody_elses_forbids_nobody() -> None:
    assert decided(*BOTH, involved=[Involved("author", id=77, login="alice")]).approved


def test_an_objection_takes_a_role_and_one_about_something_else_is_none() -> None:
    assert decided(*BOTH, vote(6, "reject", comment=300)).approved
    assert decided(*BOTH, vote(2, "reject", comment=300, code="0" * 12)).approved
    assert decided(*BOTH, vote(2, "reject", comment=300, code=CODE)).state is State.REJECTED
    assert decided(*BOTH, vote(2, "reject", comment=300), involved=[Involved("author", id=2)]).state is State.REJECTED


def test_tt_01_a_vote_names_what_is_approved() -> None:
    for said in ("", CODE[:6], CODE[:11], "main", "0" * 12):
        assert decided(vote(1, code=said), vote(3)).state is State.PENDING
    assert decided(vote(1, code=digest(SUBJECT).upper()), vote(3)).approved


def test_tt_02_no_time_takes_part_in_what_a_vote_is_about() -> None:
    for at in (NOW - 300 * DAY, NOW + DAY, None):
        assert decided(vote(1, at=at), vote(3, at=at)).approved


def test_tt_03_votes_on_what_came_back_count_again_as_they_name_the_same_thing() -> None:
    moved = SUBJECT.model_copy(update={"commit": "e" * 40})
    assert decided(*BOTH, subject=moved, earlier=[SUBJECT]).state is State.PENDING
    assert decided(*BOTH, earlier=[SUBJECT, moved]).approved


def test_tt_04_a_rebase_keeps_votes_only_where_the_policy_binds_to_the_tree() -> None:
    rebased = SUBJECT.model_copy(update={"commit": "e" * 40})
    said = code(SUBJECT, "tree")
    votes = (vote(1, code=said), vote(3, code=said))
    assert decided(*votes, subject=rebased, policy=policy(more="bind: tree")).approved
    assert decided(*BOTH, subject=rebased).state is State.PENDING


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("data", {**SUBJECT.data, "data/flights.parquet": "md5:9e010b2c"}, "data data/flights.parquet 418cbd87 → 9e010b2c"),
        ("policy", "sha256:777", "policy 5b5b → 777"),
        ("lock", "sha256:8", "dvc.lock cccccccc → 8"),
        ("report", "sha256:9", "report 4a4a → 9"),
        ("body", "sha256:1", "text of the request 6c6c → 1"),
    ],
)
def test_tt_06_and_az_21_votes_lapse_with_what_they_named_and_the_part_is_told(part: str, value: object, told: str) -> None:
    decision = decided(*BOTH, subject=SUBJECT.model_copy(update={part: value}), earlier=[SUBJECT])
    assert decision.state is State.PENDING and reasons(decision) == [Reason.VOTE_LAPSED] * 2
    assert decision.void[0].values["what"] == told


def test_tt_12_an_approval_of_another_model_counts_for_nothing() -> None:
    other = code(SUBJECT.model_copy(update={"model": "delay-b"}))
    assert reasons(decided(vote(1, code=other), vote(3, code=other))) == [Reason.VOTE_OTHER_CODE] * 2


GLASS = "break_glass: {role: ml-lead, words: 5}"
WHY = "the model in production answers nonsense"


def test_az_17_glass_is_broken_by_role_with_a_reason_and_asks_for_a_review() -> None:
    decision = decided(vote(3, "break-glass", because=WHY), policy=policy(more=GLASS))
    assert decision.approved and decision.glass is not None
    assert (decision.glass.by, decision.glass.because) == ("carol", WHY)
    assert decision.glass.review_by == NOW - HOUR / 2 + 2 * DAY
    assert decision.result.status == "warned"


@pytest.mark.parametrize("because", ["", "broken now", "now now now now now now", "1 2 3 4 5 6"])
def test_az_16_glass_is_not_broken_without_words_of_reason(because: str) -> None:
    decision = decided(vote(3, "break-glass", because=because), policy=policy(more=GLASS))
    assert decision.state is State.PENDING and reasons(decision) == [Reason.GLASS_WORDS]


def test_az_16_glass_is_not_broken_by_others_twice_too_late_or_where_there_is_none() -> None:
    glass = policy(more=GLASS)
    last = Promotion("production", "11", NOW - HOUR, glass=True, reviewed=True)
    breaking = vote(3, "break-glass", because=WHY)
    assert reasons(decided(vote(1, "break-glass", because=WHY), policy=glass)) == [Reason.VOTE_NO_ROLE]
    assert reasons(decided(breaking, policy=glass, promotions=[last])) == [Reason.GLASS_COOLING]
    assert reasons(decided(vote(3, "break-glass", because=WHY, at=NOW - 2 * HOUR), policy=glass)) == [Reason.GLASS_OVER]
    assert reasons(decided(vote(3, "break-glass", because=WHY, at=None), policy=glass)) == [Reason.GLASS_OVER]
    assert reasons(decided(breaking)) == [Reason.GLASS_NONE]
    assert reasons(decided(breaking, policy=glass, involved=[Involved("author", id=3)])) == [Reason.VOTE_OWN_WORK]
    assert reasons(decided(vote(3, "break-glass", because=WHY, edited=True), policy=glass)) == [Reason.VOTE_EDITED]
    assert reasons(decided(vote(3, "break-glass", because=WHY, code="0" * 12), policy=glass)) == [Reason.VOTE_OTHER_CODE]


def test_az_16_what_glass_does_not_pass() -> None:
    glass, breaking = policy(more=GLASS + "\nexpires: 1 hour"), vote(3, "break-glass", because=WHY)
    assert decided(breaking, policy=glass).state is State.EXPIRED
    glass = policy(more=GLASS)
    assert decided(breaking, policy=glass, evidence=Evidence(verdict=Status.FAILED)).state is State.BLOCKED
    assert decided(breaking, policy=glass, evidence=Evidence()).state is State.BLOCKED
    assert decided(breaking, vote(2, "reject", comment=300), policy=glass).state is State.REJECTED
    assert decided(breaking, vote(3, "revoke", comment=300), policy=glass).state is State.PENDING


def test_words_are_counted_once_and_need_letters() -> None:
    assert words("no no No 1 2 — rollback") == 2
