"""What a decision rests on is kept without a name, and comes to the same decision again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import digests, ledger, merging
from policy.approvals import Promotion, Request, State
from policy.document import Policy
from policy.grounds import Grounds, again, glass_vote, heard, kept, table
from policy.ledger import Comment, Digests, Draft, Entry, Personal
from policy.ledger import Decision as Kind
from policy.result import Status, Tier
from policy.rulings import Evidence
from policy.votes import Involved, People, Vote
from tests.policy.situations import CODE, DAY, GREEN, HOUR, NOW, PEOPLE, STAGED, policy, vote
from tests.policy.test_digests import SUBJECT

BOTH = (vote(1), vote(3))
WHOLE = """after: staging for 2 days
forbid: [earlier-approver]
expires: 30 days
wait: 60 min
cool_down: 2 weeks
freeze: ["Sat 00:00 - Sun 12:00"]
time_zone: Europe/Berlin
max_waivers: 2
break_glass: {role: model-risk}
remind: 1 day
lead: {role: ml-lead, after: 2 days}"""
RULES = """[
      {any: [{role: ml-lead, count: 2}, {role: model-risk}]},
      {when: {changed: ['data/**'], risk: [low]}, then: [{role: ml-lead}]}
    ]"""


def grounds(
    *votes: Vote,
    rules: Policy | None = None,
    evidence: Evidence = GREEN,
    involved: Sequence[Involved] | None = (),
    promotions: Sequence[Promotion] = (STAGED,),
) -> Grounds:
    document = rules or policy()
    asked = Request(SUBJECT, NOW - 2 * HOUR, votes=votes)
    return Grounds(asked, document.environments, document.roles, evidence, People(PEOPLE, involved), promotions, NOW)


def told(found: Grounds) -> dict[str, Any]:
    """As it comes back from a file of the ledger."""
    return dict(json.loads(ledger.canonical(kept(found, found.decide()))))


def entry(inputs: dict[str, Any], decision: Kind = Kind.APPROVED, comment: int = 101, **changed: Any) -> Entry:
    about = ledger.Subject(model=SUBJECT.model, version=SUBJECT.version, environment=SUBJECT.environment, number=SUBJECT.request)
    draft = Draft(
        key=f"{decision}", decision=decision, reason="request-approved", repository=SUBJECT.repository, subject=about,
        digests=Digests(decision_code=CODE), comments=(Comment(id=comment, digest="a" * 64),), inputs=inputs,
    )  # fmt: skip
    personal = Personal(salt="a" * 32, actor_id=1, login="alice")
    return ledger.append(None, draft.model_copy(update=changed), personal, NOW.isoformat()).entry


def test_an_approval_comes_out_again_with_everything_that_a_policy_can_say() -> None:
    evidence = Evidence(Status.WARNED, "low", ["data/a.csv"], Status.PASSED, Status.FAILED, frozenset({Tier.PASS}), 1, 20)
    older = [replace(STAGED, approvers=frozenset({2})), Promotion("production", "11", NOW - 20 * DAY, frozenset({3}))]
    found = grounds(vote(1), vote(3), vote(4), rules=policy(RULES, WHOLE), evidence=evidence, promotions=older)
    assert found.decide().approved and again(told(found)).approved
    assert again(told(found)).code == CODE


def test_an_emergency_comes_out_again_by_the_number_of_its_words() -> None:
    why = "the model in production answers nonsense"
    found = grounds(vote(1, "break-glass", because=why), rules=policy(more="break_glass: {role: model-risk}"))
    decision = found.decide()
    assert decision.glass and glass_vote(found.request.votes, decision) == found.request.votes[0]
    assert again(told(found)).glass and "nonsense" not in json.dumps(told(found))
    assert heard(found.request.votes, decision) == list(found.request.votes)


def test_it_holds_no_name_no_address_and_no_account() -> None:
    parts = [
        Involved("author", id=987_654_321, login="grace"),
        Involved("committer", login="bob"),
        Involved("author", email="g@x.org"),
    ]
    text = json.dumps(told(grounds(*BOTH, vote(4), involved=parts)))
    assert not [each for each in ("alice", "bob", "carol", "dan", "grace", "x.org", "987654321") if each in text]


@settings(max_examples=60, deadline=None)
@given(
    votes=st.lists(st.builds(vote, st.sampled_from(list(PEOPLE)), st.sampled_from(["approve", "reject", "revoke"])), max_size=6),
    parts=st.lists(
        st.one_of(
            st.builds(Involved, st.just("author"), id=st.sampled_from(list(PEOPLE))),
            st.builds(Involved, st.just("pusher"), login=st.sampled_from(["bob", "CAROL", "who"])),
            st.builds(Involved, st.just("author"), email=st.sampled_from(["a@x.org", "b@x.org"])),
        ),
        max_size=3,
    ),
)  # fmt: skip
def test_whatever_was_said_the_same_state_comes_out_again(votes: list[Vote], parts: list[Involved]) -> None:
    found = grounds(*(replace(each, comment=index) for index, each in enumerate(votes)), involved=parts)
    decision, derived = found.decide(), again(told(found))
    assert derived.state is decision.state or {derived.state, decision.state} <= {State.PENDING, State.BLOCKED}
    assert derived.approved == decision.approved
    assert [each.comment for each in derived.counted] == [each.comment for each in decision.counted]


def test_au_02_an_approval_that_does_not_come_out_again_is_told() -> None:
    inputs = told(grounds(*BOTH))
    approve = table()[Kind.APPROVED]
    assert approve(entry(inputs)) is None
    one = {**inputs, "votes": inputs["votes"][:1]}
    assert "comes to pending" in (approve(entry(one)) or "")
    involved = {**inputs, "involved": [["author", inputs["votes"][0]["by"]]]}
    assert "comes to pending" in (approve(entry(involved)) or "")
    assert "no part in the approval" in (approve(entry(inputs, comment=999)) or "")
    assert "something else" in (approve(entry(inputs, repository=99)) or "")
    assert "its code is" in (approve(entry(inputs, digests=Digests(decision_code="0" * 12))) or "")
    for broken in (
        {},
        {**inputs, "votes": 7},
        {**inputs, "now": "soon"},
        {**inputs, "standings": None},
        {**inputs, "subject": {}},
    ):
        assert "cannot be read" in (approve(entry(broken)) or ""), broken


def test_au_02_a_promotion_that_nothing_before_it_approves_is_told() -> None:
    derive = table()
    promoted = entry({"approved": digests.digest(SUBJECT)}, Kind.PROMOTED)
    assert "nothing before it approves" in (derive[Kind.PROMOTED](promoted) or "")
    assert derive[Kind.APPROVED](entry(told(grounds(*BOTH)))) is None
    assert derive[Kind.PROMOTED](promoted) is None
    assert "nothing before it" in (derive[Kind.PROMOTED](entry({"approved": 7}, Kind.PROMOTED)) or "")
    about = promoted.subject.model_copy(update={"version": "99"})
    lying = entry({"approved": digests.digest(SUBJECT)}, Kind.PROMOTED, subject=about)
    assert "something else was promoted" in (derive[Kind.PROMOTED](lying) or "")
    part = table(whole=False)[Kind.PROMOTED]
    assert part(promoted) is None and "nothing before it" in (part(entry({}, Kind.PROMOTED)) or "")
    other = entry({"approved": digests.digest(SUBJECT)}, Kind.PROMOTED, digests=Digests(decision_code="0" * 12))
    assert "its code" in (derive[Kind.PROMOTED](other) or "")


def test_what_is_the_same_is_parsed_and_decided_once_and_what_differs_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Grounds] = []
    decide = Grounds.decide
    monkeypatch.setattr(Grounds, "decide", lambda self: asked.append(self) or decide(self))  # type: ignore[func-returns-value]
    one, other = told(grounds(*BOTH)), told(grounds(*BOTH, vote(4)))
    asked.clear()
    approve = table()[Kind.APPROVED]
    for inputs in (one, json.loads(json.dumps(one)), other, one):
        assert approve(entry(inputs)) is None
    assert len(asked) == 3
    assert len({id(each.environments["production"]) for each in asked}) == 1
    lax = {**one, "environment": {**one["environment"], "approved_if": [{"role": "ml-lead"}]}, "votes": one["votes"][:1]}
    assert approve(entry(lax, comment=lax["votes"][0]["comment"])) != approve(entry(one)) is None
    assert len({id(each.environments["production"]) for each in asked}) == 2


def test_au_02_a_waiver_that_lasts_longer_than_the_policy_allowed_is_told() -> None:
    waiver, told = table()[Kind.WAIVED], {"until": "2026-03-10", "today": "2026-03-01", "most": 9}
    assert waiver(entry(told, Kind.WAIVED)) is None
    assert "for 9 days" in (waiver(entry({**told, "most": 8}, Kind.WAIVED)) or "")
    assert "-1 days" in (waiver(entry({**told, "until": "2026-02-28"}, Kind.WAIVED)) or "")
    for broken in ({}, {**told, "until": 7}, {**told, "most": None}):
        assert "cannot be read" in (waiver(entry(broken, Kind.WAIVED)) or "")


def test_au_02_a_merge_that_the_checks_did_not_allow_is_told() -> None:
    merge = table()[Kind.MERGED]
    good = merging.kept(merging.Standing(True, Status.PASSED, True, "well", True, True, False, "clean"))
    assert merge(entry({"standing": good}, Kind.MERGED)) is None
    assert "merge-pushed" in (merge(entry({"standing": {**good, "pushed": None}}, Kind.MERGED)) or "")
    assert "cannot be read" in (merge(entry({"standing": {"ready": True}}, Kind.MERGED)) or "")
    assert merge(entry({}, Kind.MERGED)) is None, "cut off before this was written, and the comment tells of it"
    assert "nothing tells" in (merge(entry({}, Kind.MERGED, comments=())) or "")


def test_an_environment_that_is_not_there_keeps_nothing() -> None:
    found = replace(grounds(), environments={})
    with pytest.raises(KeyError):
        kept(found, found.decide())
