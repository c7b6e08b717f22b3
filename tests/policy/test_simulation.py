"""A fixture's case is decided like a request, and told apart from what was expected."""

import pytest

from policy import fixtures
from policy.approvals import State
from policy.document import Model
from policy.problems import UserProblem
from policy.simulation import Difference, differences, simulate
from tests.policy.situations import policy

POLICY = policy(
    "[{role: ml-lead}, {any: [{role: model-risk}, {role: on-call}]}]", "after: staging for 2 days\nbreak_glass: {role: on-call}"
)
CASE = """\
environment: production
people:
  alice: {did: [author]}
  zoe: {teams: ["@Acme/On-Call"]}
promotions: [{environment: staging, at: 3 days ago}]
said: [alice: /approve, carol: /approve]
expect:
  state: pending
  rules: {ml-lead: approved, 1 x model-risk: pending, any of: pending}
  conditions: {after staging: approved}
  counted: [Carol]
  void: {alice: vote-own-work}
  could: [bob, erin, zoe]
"""


def case(text: str = CASE) -> fixtures.Fixture:
    return fixtures.read(text, "case.yml")


def told(old: str, new: str) -> list[Difference]:
    assert old in CASE
    fixture = case(CASE.replace(old, new))
    return differences(fixture.expect, simulate(fixture, POLICY))


def test_a_case_that_comes_out_as_expected_has_no_difference() -> None:
    assert differences(case().expect, simulate(case(), POLICY)) == []


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("state: pending", "state: approved", Difference("state", "approved", "pending")),
        ("ml-lead: approved", "ml-lead: pending", Difference("rule ml-lead", "pending", "approved")),
        ("after staging: approved", "after staging: error", Difference("condition after staging", "error", "approved")),
        ("counted: [Carol]", "counted: []", Difference("counted", "nobody", "carol")),
        ("alice: vote-own-work", "alice: vote-edited", Difference("void vote of alice", "vote-edited", "vote-own-work")),
        (
            "void: {alice: vote-own-work}",
            "void: {dan: vote-edited}",
            Difference("void vote of dan", "vote-edited", "none that is void"),
        ),
        ("could: [bob, erin, zoe]", "could: [bob]", Difference("could", "bob", "bob, erin, zoe")),
        (
            "after staging: approved",
            "freeze: approved",
            Difference("condition freeze", "approved", "no such condition; there are verdict, after staging"),
        ),
    ],
)
def test_each_difference_is_named_with_both_sides(old: str, new: str, difference: Difference) -> None:
    assert told(old, new) == [difference]


def test_a_rule_that_is_not_there_is_told_with_those_that_are() -> None:
    (difference,) = told("ml-lead: approved", "ml-led: approved")
    assert difference.found == "no such rule; there are 1 × ml-lead, any of, 1 × model-risk, 1 × on-call"


def test_what_somebody_would_say_is_simulated() -> None:
    assert simulate(case(), POLICY, ["bob:/approve"]).state is State.APPROVED
    assert simulate(case(), POLICY, ["zoe: /approve"]).state is State.APPROVED
    assert simulate(case(), POLICY, ["bob:/approve", "dan:/reject because it is slow"]).state is State.REJECTED
    assert simulate(case(), POLICY, ["zoe:/break-glass because production answers nonsense since noon"]).approved
    with pytest.raises(UserProblem, match="says nothing"):
        simulate(case(), POLICY, ["bob approves"])


def test_tt_06_a_vote_on_what_was_something_else_then_is_void() -> None:
    assert told("carol: /approve]", "{carol: /approve, before: {data: old}}]")[0] == Difference(
        "rule ml-lead", "approved", "pending"
    )
    decision = simulate(case(CASE.replace("carol: /approve]", "{carol: /approve, before: {data: old}}]")), POLICY)
    lapsed = next(each for each in decision.void if each.vote.login == "carol")
    assert lapsed.reason.value == "vote-lapsed" and str(lapsed.values["what"]).startswith("data data old → ")


def test_az_04_two_logins_of_one_id_are_one_person() -> None:
    two = policy("[{role: model-risk, count: 2}]")
    renamed = (
        "environment: production\npeople: {alice: {id: 7}, alice-new: {id: 7}}\nsaid: [alice: /approve, alice-new: /approve]\n"
    )
    decision = simulate(case(renamed + "expect: {state: pending}"), two)
    assert decision.state is State.PENDING and [each.login for each in decision.counted] == ["alice-new"]


def test_bots_people_of_whom_nothing_is_known_and_strangers_are_as_in_a_real_case() -> None:
    text = "environment: production\npeople: {alice: {bot: true}, carol: {unknown: true}}\n"
    text += "said: [alice: /approve, carol: /approve]\n"
    decision = simulate(
        case(text + "strangers: [x@y.example]\nexpect: {state: pending, void: {alice: vote-bot, carol: vote-unknown}}"), POLICY
    )
    assert {each.reason.value for each in decision.void} == {"vote-bot", "vote-unknown"}
    assert any(each.name == "unknown authors" for each in decision.rules.children)


def test_a_role_that_the_policy_does_not_know_is_an_error() -> None:
    with pytest.raises(UserProblem, match=r"people\.alice\.roles: no role is called 'ml-led'"):
        simulate(case(CASE.replace("did: [author]", "roles: [ml-led]")), POLICY)


def test_an_environment_that_the_policy_does_not_name_is_blocked() -> None:
    assert simulate(case("environment: prod\nexpect: {state: blocked}"), POLICY).state is State.BLOCKED


@pytest.mark.parametrize(
    ("declared", "own", "state"), [("high", "", "pending"), ("low", "", "approved"), ("low", "high", "pending")]
)
def test_a_case_has_the_model_s_risk_unless_it_names_another(declared: str, own: str, state: str) -> None:
    ruled = policy("[{role: ml-lead}, {when: {risk: [high]}, then: [{role: model-risk}]}]")
    model = Model.model_validate({"name": "m", "artifact": "m", "risk": declared})
    fixture = case(
        f"environment: production\nfacts: {{{own and f'risk: {own}'}}}\nsaid: [carol: /approve]\nexpect: {{state: {state}}}\n"
    )
    assert differences(fixture.expect, simulate(fixture, ruled.model_copy(update={"model": model}))) == []
