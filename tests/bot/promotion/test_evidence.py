"""Evidence counts only where it is, byte for byte, what the version was registered with."""

import pytest

from bot.promotion import evidence
from bot.promotion.deciding import decided
from bot.promotion.evidence import Changed
from policy import document
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Status
from policy.rulings import Ruled
from tests.bot.promotion.court import POLICY, Court, Shelf
from tests.policy.test_origin import SOME
from tests.reports.samples import facts

PLAIN = document.read(POLICY)
RULED = POLICY.replace(
    "approved_if: [{role: ml-lead}]}", "approved_if: [{role: ml-lead}, {when: WHEN, then: [{role: model-risk}]}]}"
)


def shelf(*kept: int) -> Shelf:
    found = Shelf([SOME, SOME, SOME], {"staging": 2})
    for number in kept:
        found.keep(number, facts())
    return found


def test_facts_are_judged_by_the_policy_that_is_given() -> None:
    there = shelf(3)
    pair = evidence.gather(there, there.lineage("flight-delay@3"), "staging", PLAIN)
    assert pair.candidate and pair.candidate.facts == facts() and pair.candidate.verdict.passed
    stricter = document.read(POLICY + "evaluate: {gates: [{metric: roc_auc, floor: 0.9}]}\n")
    judged = evidence.gather(there, there.lineage("flight-delay@3"), "staging", stricter).candidate
    assert judged and not judged.verdict.passed
    assert evidence.of(pair, SOME, Changed(["a"], 3), None).drift is Status.SKIPPED


def test_facts_that_were_swapped_are_never_used() -> None:
    there = shelf(2, 3)
    there.kept[3] = there.kept[3].replace(b"0.729", b"0.929")
    with pytest.raises(UserProblem, match="not those that it was registered with"):
        evidence.gather(there, there.lineage("flight-delay@3"), "staging", PLAIN)
    there = shelf(2, 3)
    there.kept[2] = b"{}"
    pair = evidence.gather(there, there.lineage("flight-delay@3"), "staging", PLAIN)
    assert pair.champion is None and "not those" in pair.gone and pair.old == 2


def test_where_no_facts_are_kept_only_how_the_check_came_out_is_known() -> None:
    there = shelf()
    pair = evidence.gather(there, there.lineage("flight-delay@3"), "staging", PLAIN)
    known = evidence.of(pair, SOME, Changed(["a", "b"], 7), "high")
    assert (known.verdict, known.files, known.lines) == (Status.PASSED, 2, 7)
    assert known.drift is known.fairness is known.tiers is None and known.risk == "high", "the policy says it, and no facts"


def test_what_runs_and_the_code_that_was_compared_with_are_known() -> None:
    there = shelf(2, 3)
    origin = there.origins[1]
    assert origin
    there.origins[1] = origin.model_copy(update={"code_sha": facts().revision.base})
    assert evidence.gather(there, there.lineage("flight-delay@3"), "staging", PLAIN).same
    there.aliases = {"staging": 9}
    assert "does not know it any more" in evidence.gather(there, there.lineage("flight-delay@3"), "staging", PLAIN).gone


def test_the_request_holds_what_the_check_found_and_the_card_what_it_is_beside_what_runs(there: Court) -> None:
    there.shelf.keep(2, facts(seconds=1.0))
    there.shelf.keep(3, facts())
    there.shelf.aliases["staging"] = 2
    number = there.ask()
    body = there.gateway.issue(number).body
    assert "#### What its check found" in body and "**Drift**" in body
    assert "**Against version 2**" in there.card(number) and "| `roc_auc` | 0.729 | 0.729 |" in there.card(number)


@pytest.mark.parametrize(
    ("when", "kept", "state"),
    [
        ("{drift: [warned, failed]}", True, Ruled.SKIPPED),
        ("{drift: [skipped]}", True, Ruled.PENDING),
        ("{drift: [warned]}", False, Ruled.ERROR),
        ("{fairness: [failed]}", False, Ruled.ERROR),
        ("{tier: [regressed]}", False, Ruled.ERROR),
        ("{lines_over: 0}", True, Ruled.PENDING),
        ("{files_over: 5}", True, Ruled.SKIPPED),
        ("{risk: [high]}", True, Ruled.ERROR),
    ],
)
def test_rules_depend_on_what_the_facts_come_to_and_on_nothing_where_there_are_none(
    there: Court, when: str, kept: bool, state: Ruled
) -> None:
    there.policy(RULED.replace("WHEN", when))
    there.promoted("staging", 2)
    if kept:
        there.shelf.keep(3, facts())
    found = decided(there.chat.around, there.ask())
    assert found and found.decision.rules.children[1].state is state


@pytest.mark.parametrize(("risk", "state"), [("high", Ruled.PENDING), ("low", Ruled.SKIPPED)])
def test_rules_about_risk_depend_on_what_the_policy_calls_the_model(there: Court, risk: str, state: Ruled) -> None:
    there.policy(RULED.replace("WHEN", "{risk: [high]}").replace("artifact: model/", f"artifact: model/, risk: {risk}"))
    found = decided(there.chat.around, there.ask())
    assert found and found.decision.rules.children[1].state is state


def test_tt_06_evidence_that_was_swapped_after_the_approval_is_red_and_nothing_of_it_is_shown(there: Court) -> None:
    there.shelf.keep(3, facts())
    number = there.ask()
    there.approve(number, "carol")
    there.shelf.kept[3] = there.shelf.kept[3].replace(b"0.729", b"0.929")
    with pytest.raises(UserProblem, match="not those"):
        decided(there.chat.around, number)
    assert there.chat.say("/promote flight-delay@3 to production") is Reason.VERSION_NOT_THERE
