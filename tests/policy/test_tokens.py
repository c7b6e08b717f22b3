"""What language models cost: sums add up in any order, are never negative, and what is not known is said and not 0."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import document, tokens
from policy.cost import NOTHING, Cost, total
from policy.cost import tokens as billed
from policy.document import PolicyProblem
from policy.facts.tokens import ModelTokens, TokenFacts
from policy.facts.training import StageRun, TrainingFacts
from policy.reasons import Reason
from policy.result import Status
from policy.tokens import TokenPrice, Tokens, Used, count, merged, price

MODELS = st.sampled_from(["gpt-x", "gpt-y", "other"])
USED = st.builds(
    lambda model, cached, fresh, back: Used(model, cached + fresh, back, cached),
    MODELS,
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
)
AMOUNTS = st.integers(0, 100_000).map(lambda each: each / 1_000)
SECTIONS = st.builds(
    Tokens,
    file=st.just("usage.json"),
    prices=st.dictionaries(MODELS, st.builds(TokenPrice, input=AMOUNTS, output=AMOUNTS, cached=st.none() | AMOUNTS), max_size=3),
)
PRICED = Tokens(file="usage.json", prices={"gpt-x": TokenPrice(input=2.5, output=10, cached=0.25)})


def facts(*used: Used, stage: str = "evaluate", problem: str = "") -> TokenFacts:
    models = [ModelTokens(model=each.model, input=each.input, output=each.output, cached=each.cached) for each in used]
    return TokenFacts(file="usage.json", stage=stage, models=models, problem=problem)


def ran(outcome: str = "executed") -> TrainingFacts:
    return TrainingFacts(stages=[StageRun(name="evaluate", outcome=outcome)])  # type: ignore[arg-type]


# --- laws ---


@given(st.lists(USED, max_size=8), st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_the_order_and_lose_nothing(used: list[Used], random: object) -> None:
    mixed = list(used)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert merged(used) == merged(mixed) == merged(merged(used))
    assert count(merged(used)) == count(used)
    assert [each.model for each in merged(used)] == sorted({each.model for each in used})


@given(SECTIONS, st.lists(USED, max_size=5), st.lists(USED, max_size=5))
def test_money_adds_up_and_is_never_negative(section: Tokens, some: list[Used], more: list[Used]) -> None:
    one, two, both = (tokens.cost(section, merged(each)) for each in (some, more, some + more))
    assert both == (one[0] + two[0], one[1] | two[1]) and both[0] >= 0


@given(SECTIONS, st.lists(st.lists(USED, max_size=3), max_size=5))
def test_bills_of_runs_add_up_whatever_the_order(section: Tokens, runs: list[list[Used]]) -> None:
    cost = Cost(tokens=section)
    bills = [billed(cost, facts(*merged(each))) for each in runs]
    whole = total(bills)
    assert whole == total(reversed(bills))
    assert whole.used == merged(used for each in runs for used in each) and whole.minutes == 0
    assert whole.money == sum((each.money for each in bills), Decimal(0)) >= 0


# --- prices ---


def test_a_price_is_of_a_million_and_what_the_cache_gave_has_its_own() -> None:
    assert price(PRICED, Used("gpt-x", 1_000_000, 100_000, 400_000)) == Decimal("1.5") + Decimal("0.1") + Decimal(1)
    plain = Tokens(file="u", prices={"gpt-x": TokenPrice(input=2, output=0)})
    assert price(plain, Used("gpt-x", 500_000, 7, 500_000)) == 1


def test_a_model_without_a_price_is_named_and_one_that_was_not_used_is_not() -> None:
    found = tokens.cost(PRICED, [Used("gpt-x", 10), Used("gpt-y", 1), Used("gpt-z")])
    assert found == (Decimal("0.000025"), {"gpt-y"})


def test_of_a_run_that_tells_nothing_it_is_not_known_and_without_the_key_nothing_is_asked() -> None:
    cost = Cost(tokens=PRICED)
    assert billed(cost, None).unknown == billed(cost, facts(problem="lost")).unknown == 1
    assert billed(Cost(), None) == billed(cost, facts()) == NOTHING


# --- the line of the verdict ---


def test_the_verdict_says_what_was_used() -> None:
    line = tokens.decide(PRICED, "USD", facts(Used("gpt-x", 1_200_000, 50_000)), ran())
    assert line is not None and (line.status, line.reason) == (Status.PASSED, Reason.TOKENS_USED)
    assert line.why == "language models were given 1,200,000 tokens and gave back 50,000, for 3.5 USD"


def test_what_has_no_price_and_what_is_not_known_is_a_warning() -> None:
    line = tokens.decide(PRICED, "USD", facts(*(Used(name, 5, 5) for name in ("a", "b", "c", "d"))), ran())
    assert line is not None and (line.status, line.reason) == (Status.WARNED, Reason.TOKENS_UNPRICED)
    assert "for more than 0 USD: nobody says what a, b, c and 1 more costs" in line.why
    for told in (None, facts(problem="no stage writes it")):
        line = tokens.decide(PRICED, "USD", told, ran())
        assert line is not None and (line.status, line.reason) == (Status.WARNED, Reason.TOKENS_UNKNOWN)


@pytest.mark.parametrize("outcome", ["restored", "unchanged", "not_reached"])
def test_what_was_not_executed_used_nothing_whatever_the_facts_say(outcome: str) -> None:
    assert tokens.decide(PRICED, "USD", facts(Used("gpt-x", 5, 5)), ran(outcome)) is None
    both = TrainingFacts(stages=[*ran(outcome).stages, StageRun(name="train", outcome="executed")])
    assert tokens.decide(PRICED, "USD", facts(Used("gpt-x", 5, 5)), both) is None


def test_nobody_is_told_what_nobody_asked_for() -> None:
    assert tokens.decide(None, "USD", facts(Used("gpt-x", 5, 5)), ran()) is None
    assert tokens.decide(PRICED, "USD", None, None) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("cost: {tokens: {prices: {}}}\n", "file"),
        ("cost: {tokens: {file: u.json, prices: {gpt-x: {input: 1}}}}\n", "output"),
        ("cost: {tokens: {file: u.json, prices: {gpt-x: {input: -1, output: 0}}}}\n", "input"),
        ("cost: {tokens: {file: u.json, prices: {gpt-x: {input: 1, output: 1, per: 5}}}}\n", "per"),
    ],
)
def test_a_price_that_is_none_is_an_error_of_the_policy(text: str, what: str) -> None:
    with pytest.raises(PolicyProblem, match=what):
        document.read(f"version: 1\n{text}")
