"""What rules come to, and who could give what is missing."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.approvals import Decision, State
from policy.environments import Rule, When
from policy.reasons import Reason
from policy.result import Result, Status, Tier
from policy.rulings import Evidence, Hands, Ruled, Ruling, Voter, holds, judge
from policy.verdict import Verdict
from policy.votes import Involved
from tests.policy.situations import GREEN, PEOPLE, decided, policy, vote


def by_rule(decision: Decision) -> list[tuple[str, str]]:
    return [(each.name, each.state.value) for each in decision.rules.children]


def leaf(decision: Decision, name: str) -> Ruling:
    return next(each for each in decision.rules.children if each.name == name)


def test_each_rule_says_how_it_stands_and_who_could_give_what_is_missing() -> None:
    decision = decided(vote(3))
    assert by_rule(decision) == [("1 × ml-lead", "approved"), ("1 × model-risk", "pending")]
    assert leaf(decision, "1 × ml-lead").by == ("carol",)
    assert leaf(decision, "1 × model-risk").could == ("alice", "bob", "erin")


def test_az_07_a_person_of_two_roles_fills_only_one() -> None:
    assert decided(vote(5)).state is State.PENDING
    assert decided(vote(5), policy=policy(more="one_person_one_role: false")).approved


def test_az_07_a_person_of_two_roles_takes_the_one_that_nobody_else_fills() -> None:
    # Erin said it first and fills the first rule, until carol makes room for her to fill the second.
    assert decided(vote(5, comment=1), vote(3, comment=2)).approved
    assert decided(vote(5, comment=1), vote(1, comment=2)).approved


def test_somebody_who_lets_another_move_on_is_named() -> None:
    decision = decided(vote(5))
    # Erin fills the first rule; a second ml-lead would let her move on to the one that is open.
    assert leaf(decision, "1 × model-risk").could == ("alice", "bob", "carol", "dan")


def test_az_11_where_no_rule_applies_nothing_is_approved() -> None:
    only = policy("[{when: {risk: [high]}, then: [{role: ml-lead}]}]")
    decision = decided(vote(3), policy=only, evidence=Evidence(verdict=Status.PASSED, risk="low"))
    assert decision.state is State.BLOCKED and decision.rules.reason is Reason.RULES_NONE


def test_a_condition_adds_people_or_drops_out_and_is_an_error_where_nobody_knows() -> None:
    rules = policy("[{role: ml-lead}, {when: {risk: [high]}, then: [{role: model-risk}]}]")
    for risk, state, rule in (
        ("high", State.PENDING, "pending"),
        ("low", State.APPROVED, "skipped"),
        (None, State.BLOCKED, "error"),
    ):
        decision = decided(vote(3), policy=rules, evidence=Evidence(verdict=Status.PASSED, risk=risk))
        assert (decision.state, by_rule(decision)[1][1]) == (state, rule)


def test_what_nobody_knows_never_opens_an_easier_way() -> None:
    easier = policy("[{any: [{when: {risk: [low]}, then: [{role: ml-lead}]}, {role: model-risk, count: 2}]}]")
    assert decided(vote(3), policy=easier, evidence=Evidence(verdict=Status.PASSED, risk="low")).approved
    assert decided(vote(3), policy=easier).state is State.PENDING
    assert decided(vote(1), vote(2), policy=easier).approved


def test_of_any_rules_one_is_enough_and_the_others_are_not_needed() -> None:
    rules = policy("[{any: [{role: ml-lead, count: 2}, {all: [{role: ml-lead}, {role: model-risk}]}]}]")
    decision = decided(vote(3), vote(1), policy=rules)
    (whole,) = decision.rules.children
    assert decision.approved and [each.state for each in whole.children] == [Ruled.SKIPPED, Ruled.APPROVED]
    assert whole.children[0].reason is Reason.RULE_NOT_NEEDED
    assert decided(vote(3), policy=rules).state is State.PENDING


def test_where_nobody_is_left_who_could_it_is_said() -> None:
    people = {id: each for id, each in PEOPLE.items() if "model-risk" not in each.roles}
    decision = decided(vote(3), people=people)
    assert leaf(decision, "1 × model-risk").could == (
        "alice",
        "bob",
        "erin",
    )  # named by the policy, though nothing is known of them
    decision = decided(vote(3), involved=[Involved("author", id=each) for each in (1, 2, 5)])
    assert leaf(decision, "1 × model-risk").reason is Reason.RULE_NOBODY


def test_a_team_is_named_where_none_of_its_people_is_known() -> None:
    decision = decided(policy=policy("[{role: on-call}]"))
    assert decision.could == ("@acme/on-call",)


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        ({"risk": ["high"]}, None),
        ({"drift": ["warned", "failed"]}, True),
        ({"drift": ["passed"]}, False),
        ({"verdict": ["warned"]}, True),
        ({"fairness": ["passed"]}, None),
        ({"changed": ["contracts/**"]}, True),
        ({"changed": ["data/**"]}, False),
        ({"tier": ["inconclusive"]}, True),
        ({"tier": ["regressed"]}, False),
        ({"files_over": 1}, True),
        ({"files_over": 2}, False),
        ({"lines_over": 1}, None),
        ({"drift": ["warned"], "files_over": 1}, True),
        ({"drift": ["warned"], "risk": ["high"]}, None),
        ({"drift": ["passed"], "risk": ["high"]}, False),
    ],
)
def test_a_condition_holds_does_not_or_is_not_known(when: dict[str, object], answer: bool | None) -> None:
    evidence = Evidence(
        verdict=Status.WARNED,
        drift=Status.WARNED,
        changed=["a.py", "contracts/flights.py"],
        tiers=frozenset({Tier.PASS, Tier.INCONCLUSIVE}),
        files=2,
    )
    assert holds(When.model_validate(when), evidence)[0] is answer


def test_nothing_that_changed_is_known_and_is_no_match() -> None:
    assert holds(When(changed=["**"]), Evidence(changed=[]))[0] is False
    assert holds(When(changed=["**"]), GREEN)[0] is None


def test_the_tree_is_a_tree_of_results() -> None:
    result = decided(vote(3)).rules.result
    assert (result.status, [each.status for each in result.children]) == (Status.WARNED, [Status.PASSED, Status.WARNED])
    assert result.children[1].why == "0 of 1 given; it could be given by alice, bob, erin"


def test_evidence_is_taken_from_a_verdict() -> None:
    gate = Result(name="roc_auc", status=Status.WARNED, reason=Reason.INCONCLUSIVE, tier=Tier.INCONCLUSIVE)
    parts = [
        Result(name="drift", status=Status.PASSED, reason=Reason.HOLDS),
        Result(name="evaluation", status=Status.WARNED, reason=Reason.PART_WARNED, children=[gate]),
    ]
    whole = Result(name="verdict", status=Status.WARNED, reason=Reason.PART_WARNED, children=parts)
    found = Evidence.of(Verdict(base="a", head="b", policy_digest="c", result=whole), ["a.py"], lines=3)
    assert (found.verdict, found.drift, found.fairness, found.risk) == (Status.WARNED, Status.PASSED, None, None)
    assert (found.tiers, found.files, found.lines) == (frozenset({Tier.INCONCLUSIVE}), 1, 3)


def test_rules_beside_an_error_still_say_who_gave_them() -> None:
    rules = policy("[{role: ml-lead}, {when: {risk: [high]}, then: [{role: model-risk}]}]")
    assert leaf(decided(vote(3), policy=rules), "1 × ml-lead").by == ("carol",)


def test_what_nobody_knows_does_not_close_another_way() -> None:
    either = "{any: [{all: [{role: ml-lead}, {when: {risk: [high]}, then: [{role: ml-lead}]}]}, {role: model-risk}]}"
    rules = policy(f"[{either}]")
    assert decided(vote(3), policy=rules).state is State.PENDING
    assert decided(vote(1), policy=rules).approved
    assert decided(vote(3), vote(1), policy=rules).approved


def test_authors_are_not_among_those_who_could_even_where_nothing_else_is_known_of_them() -> None:
    gone = {id: each for id, each in PEOPLE.items() if id != 1}
    assert "alice" in decided(people=gone).could
    assert "alice" not in decided(people=gone, involved=[Involved("author", id=1, login="Alice")]).could


# --- laws ---

ROLES = ("a", "b", "c")
LEAF = st.builds(lambda role, count: Rule(role=role, count=count), st.sampled_from(ROLES), st.integers(1, 2))
CONDITION = st.sampled_from([When(risk=["high"]), When(risk=["low"]), When(files_over=3)])


def wider(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    some = st.lists(inner, min_size=1, max_size=2)
    return st.one_of(
        st.builds(lambda rules: Rule(any=rules), some),
        st.builds(lambda rules: Rule(all=rules), some),
        st.builds(lambda when, rules: Rule(when=when, then=rules), CONDITION, some),
    )


RULES = st.lists(st.recursive(LEAF, wider, max_leaves=4), min_size=1, max_size=3)
VOTERS = st.dictionaries(
    st.integers(1, 5), st.builds(lambda roles: frozenset(roles), st.sets(st.sampled_from(ROLES), min_size=1)), max_size=5
)
EVIDENCE = Evidence(verdict=Status.PASSED, risk="high")
"""The first condition holds, the second does not, and of the third nobody knows."""

Used = set[frozenset[int]]


def searched(rules: list[Rule], people: dict[int, frozenset[str]], one_role: bool) -> Used | None:
    """Every set of people by which all of these rules can be fulfilled, found by trying; None where none applies."""
    applying = [found for rule in rules if (found := tried(rule, people, one_role)) is not None]
    if not applying:
        return None
    whole: Used = {frozenset()}
    for found in applying:
        whole = {one | two for one in whole for two in found if not (one_role and one & two)}
    return whole


def tried(rule: Rule, people: dict[int, frozenset[str]], one_role: bool) -> Used | None:
    if rule.role is not None:
        return {frozenset(some) for some in combinations([id for id, roles in people.items() if rule.role in roles], rule.count)}
    if rule.when is not None:
        answer = holds(rule.when, EVIDENCE)[0]
        if not answer:
            return None if answer is False else set()
    if rule.any is not None:
        found = [each for part in rule.any if (each := tried(part, people, one_role)) is not None]
        return set().union(*found) if found else None
    return searched(list(rule.parts), people, one_role)


@settings(max_examples=400, deadline=None)
@given(RULES, VOTERS, st.booleans())
def test_rules_are_approved_exactly_where_a_search_of_everything_finds_the_people(
    rules: list[Rule], people: dict[int, frozenset[str]], one_role: bool
) -> None:
    hands = Hands({id: Voter(f"p{id}", roles) for id, roles in people.items()}, one_role=one_role)
    assert (judge(rules, EVIDENCE, hands).state is Ruled.APPROVED) is bool(searched(rules, people, one_role))
