"""What each gate comes out as, and what the part says."""

from hypothesis import given
from hypothesis import strategies as st

from policy.facts.evaluation import (
    BaselineFact,
    Confidence,
    EvaluationFacts,
    MetricFact,
    MetricsFileFact,
    Slice,
    SliceColumnFact,
)
from policy.gates import Evaluate, decide
from policy.reasons import UNUSABLE, Reason
from policy.result import Result, Status, Tier

RANK = {Tier.IMPROVED: 0, Tier.PASS: 0, Tier.INCONCLUSIVE: 1, Tier.REGRESSED: 2, Tier.UNUSABLE: 3}
FAR = st.floats(-2, 2)


def section(*gates: dict[str, object], **more: object) -> Evaluate:
    predictions = {"path": "p.parquet", "key": ["id"], "label": "y", "score": "s", "slices": ["carrier"]}
    return Evaluate.model_validate({"metrics": ["metrics.json"], "predictions": predictions, "gates": list(gates), **more})


def auc(base: float | None, head: float | None, error: float | None = 0.001, **more: object) -> MetricFact:
    confidence = None if error is None else Confidence(method="delong", standard_error=error)
    return MetricFact.model_validate(
        {"metric": "roc_auc", "source": "p.parquet", "rows": 1_000, "base": base, "head": head, "confidence": confidence, **more}
    )


def number(name: str, base: float | None, head: float | None, **more: object) -> MetricFact:
    return MetricFact.model_validate({"metric": name, "source": "metrics.json", "base": base, "head": head, **more})


def judged(asked: Evaluate, *facts: MetricFact, **more: object) -> Result:
    result = decide(asked, EvaluationFacts(metrics=list(facts), **more))
    for each in (result, *result.children):
        assert each.why  # every sentence finds its values
        assert each.advice is not None
    return result


def only(gate: dict[str, object], *facts: MetricFact, **more: object) -> Result:
    return judged(section({"metric": "roc_auc", **gate}), *facts, **more).children[0]


def test_no_section_is_skipped_and_no_facts_are_red() -> None:
    assert decide(None, None).status is Status.SKIPPED
    assert decide(section(), None).status is Status.FAILED


def test_a_loss_beyond_the_margin_is_regressed_and_the_sentence_says_how_much() -> None:
    result = only({"may_lose": 0.005}, auc(0.741, 0.729, 0.0015))
    assert (result.tier, result.status) == (Tier.REGRESSED, Status.FAILED)
    assert result.why == "roc_auc got worse by 0.012 (0.00906 to 0.0149, 95 %), more than the 0.005 you allow"
    assert result.comparison.allowed == "≥ −0.005"


def test_a_loss_within_the_margin_passes() -> None:
    result = only({"may_lose": 0.005}, auc(0.741, 0.740, 0.001))
    assert (result.tier, result.reason) == (Tier.PASS, Reason.WITHIN_MARGIN)


def test_a_gain_that_is_shown_is_improved() -> None:
    assert only({"may_lose": 0.005}, auc(0.74, 0.75)).tier is Tier.IMPROVED


def test_what_the_rows_cannot_tell_is_inconclusive_and_the_policy_says_what_that_means() -> None:
    for rule, status in (("pass", Status.PASSED), ("warn", Status.WARNED), ("fail", Status.FAILED)):
        result = only({"may_lose": 0.005, "inconclusive": rule}, auc(0.74, 0.738, 0.02))
        assert (result.tier, result.status) == (Tier.INCONCLUSIVE, status)
    assert only({"may_lose": 0.005}, auc(0.74, 0.738, 0.02)).status is Status.WARNED


def test_a_metric_of_losses_is_judged_the_other_way_round() -> None:
    fact = auc(0.5, 0.53).model_copy(update={"metric": "log_loss"})
    worse = judged(section({"metric": "log_loss", "may_gain": 0.01}), fact).children[0]
    assert (worse.tier, worse.comparison.allowed) == (Tier.REGRESSED, "≤ +0.01")
    better = judged(section({"metric": "log_loss", "may_gain": 0.01}), fact.model_copy(update={"head": 0.49})).children[0]
    assert better.tier is Tier.IMPROVED


def test_a_value_exactly_at_a_floor_or_ceiling_passes_and_one_beyond_fails() -> None:
    assert only({"floor": 0.7}, auc(None, 0.7, None)).status is Status.PASSED
    assert only({"floor": 0.3}, auc(None, 0.1 + 0.2, None)).status is Status.PASSED
    below = only({"floor": 0.7}, auc(0.6999, 0.6999))
    assert (below.status, below.reason, below.tier) == (Status.FAILED, Reason.BELOW_FLOOR, None)
    assert only({"ceiling": 0.99}, auc(None, 0.995, None)).reason is Reason.ABOVE_CEILING


def test_a_relative_margin_is_a_share_of_the_base() -> None:
    assert only({"may_lose": "1%"}, auc(0.8, 0.795, 0.0005)).tier is Tier.PASS
    assert only({"may_lose": "1%"}, auc(0.8, 0.785, 0.0005)).tier is Tier.REGRESSED


def test_numbers_of_a_file_have_no_interval_and_are_taken_at_their_word() -> None:
    asked = section({"metric": "score", "better": "higher", "may_lose": 0.005})
    exactly = judged(asked, number("score", 0.74, 0.735)).children[0]
    assert (exactly.tier, exactly.reason) == (Tier.PASS, Reason.WITHIN_MARGIN_NUMBER)
    beyond = judged(asked, number("score", 0.74, 0.7349)).children[0]
    assert (beyond.tier, beyond.reason) == (Tier.REGRESSED, Reason.WORSE_NUMBER)
    assert judged(asked, number("score", 0.74, 0.8)).children[0].reason is Reason.NOT_WORSE_NUMBER


def test_must_improve_needs_a_gain_that_is_shown() -> None:
    assert only({"must_improve": True}, auc(0.74, 0.75)).tier is Tier.IMPROVED
    unshown = only({"must_improve": True}, auc(0.74, 0.7405))
    assert (unshown.status, unshown.reason) == (Status.FAILED, Reason.NOT_IMPROVED)
    assert only({"must_improve": True}, auc(0.74, 0.74, 0.0)).status is Status.FAILED
    asked = section({"metric": "score", "better": "higher", "must_improve": True})
    assert judged(asked, number("score", 0.7, 0.71)).children[0].status is Status.PASSED
    assert judged(asked, number("score", 0.7, 0.7)).children[0].reason is Reason.NOT_IMPROVED_NUMBER


def test_a_warning_gate_never_turns_the_verdict_red() -> None:
    result = judged(section({"metric": "roc_auc", "may_lose": 0.005, "level": "warn"}), auc(0.74, 0.6))
    assert (result.children[0].tier, result.status) == (Tier.REGRESSED, Status.WARNED)
    assert judged(section({"metric": "roc_auc", "floor": 0.9, "level": "warn"})).status is Status.WARNED


def test_missing_values_are_unusable_and_red() -> None:
    cases = [
        ({"floor": 0.5}, [], Reason.MISSING_METRIC),
        ({"floor": 0.5}, [auc(0.7, None, None)], Reason.MISSING_METRIC),
        ({"may_lose": 0.1}, [auc(None, 0.7, None)], Reason.MISSING_BASELINE),
        ({"floor": 0.5}, [auc(0.7, 0.7), auc(0.7, 0.7)], Reason.DUPLICATE_METRIC),
        ({"floor": 0.5}, [auc(0.7, 0.7, rows=0)], Reason.NO_ROWS),
        ({"may_lose": 1e9}, [auc(-1.7e308, 1.7e308)], Reason.NOT_A_NUMBER),
        ({"floor": 0.5, "where": {"carrier": "ZZ"}}, [auc(0.7, 0.7)], Reason.MISSING_SLICE),
        ({"floor": 0.5, "every": "carrier"}, [auc(0.7, 0.7)], Reason.MISSING_SLICE),
        ({"may_lose": 0.1, "since": "champion"}, [auc(0.7, 0.7)], Reason.MISSING_BASELINE),
        ({"floor": 0.1, "since": "champion"}, [auc(0.7, 0.7)], Reason.MISSING_BASELINE),
    ]
    for gate, facts, reason in cases:
        result = only(gate, *facts)
        assert (result.tier, result.status, result.reason) == (Tier.UNUSABLE, Status.FAILED, reason), gate


def test_ga_05_every_problem_a_runner_can_name_is_red_on_either_side() -> None:
    for reason in Reason:
        at_head = only({"floor": 0.5, "may_lose": 0.1}, auc(0.7, 0.7, problem_head=reason))
        at_base = only({"floor": 0.5, "may_lose": 0.1}, auc(0.7, 0.7, problem_base=reason))
        for result in (at_head, at_base):
            assert (result.tier, result.status) == (Tier.UNUSABLE, Status.FAILED)
            assert result.reason is (reason if reason in UNUSABLE else Reason.UNREADABLE_METRIC)


def test_a_problem_at_base_leaves_a_floor_to_be_judged() -> None:
    assert only({"floor": 0.5}, auc(None, 0.7, None, problem_base=Reason.MISSING_BASELINE)).status is Status.PASSED


def test_too_few_rows_are_inconclusive() -> None:
    result = only({"floor": 0.5, "min_rows": 2_000}, auc(0.7, 0.7))
    assert (result.tier, result.status, result.reason) == (Tier.INCONCLUSIVE, Status.WARNED, Reason.TOO_FEW_ROWS)


def test_rows_without_an_interval_are_inconclusive_not_taken_at_their_word() -> None:
    result = only({"may_lose": 0.5}, auc(0.7, 0.7, None, rows=5))
    assert (result.tier, result.reason) == (Tier.INCONCLUSIVE, Reason.NO_INTERVAL)


def sliced(value: str, base: float, head: float, rows: int = 500, **more: object) -> MetricFact:
    return auc(base, head, 0.01, slice=Slice(column="carrier", value=value), rows=rows, **more)


def test_every_judges_each_large_slice_and_counts_the_small_ones() -> None:
    gate = {"metric": "roc_auc", "every": "carrier", "min_rows": 200, "may_lose": 0.1}
    result = judged(section(gate), auc(0.7, 0.7), sliced("AA", 0.7, 0.7), sliced("UA", 0.7, 0.3), sliced("HA", 0.7, 0.1, rows=20))
    names = {child.name: child for child in result.children}
    assert names["roc_auc on carrier=AA"].tier is Tier.PASS
    assert names["roc_auc on carrier=UA"].tier is Tier.REGRESSED
    assert names["roc_auc on small slices of carrier"].values["count"] == 1
    assert "roc_auc on carrier=HA" not in names
    assert "roc_auc: worst slice" in names


def test_when_every_slice_is_small_that_is_inconclusive() -> None:
    gate = {"every": "carrier", "min_rows": 200, "may_lose": 0.1}
    assert only(gate, auc(0.7, 0.7), sliced("HA", 0.7, 0.7, rows=20)).reason is Reason.TOO_FEW_ROWS


def test_a_slice_of_one_class_is_inconclusive_but_the_whole_of_one_class_is_unusable() -> None:
    slice_of_one = sliced("AA", 0.7, 0.7, problem_head=Reason.ONE_CLASS, problem_base=Reason.ONE_CLASS)
    assert only({"every": "carrier", "may_lose": 0.1}, slice_of_one).tier is Tier.INCONCLUSIVE
    assert only({"may_lose": 0.1}, auc(0.7, 0.7, problem_head=Reason.ONE_CLASS)).tier is Tier.UNUSABLE


def test_slices_beyond_the_cap_are_a_warning_where_every_one_is_asked_for() -> None:
    beyond = [SliceColumnFact(column="carrier", total=300, listed=200, rows_unlisted=150)]
    result = judged(section({"metric": "roc_auc", "every": "carrier", "floor": 0.1}), sliced("AA", 0.7, 0.7), slices=beyond)
    assert [child.reason for child in result.children if child.status is Status.WARNED] == [Reason.UNLISTED_SLICES]


def test_holm_counts_every_gate_so_that_one_bad_looking_slice_of_many_is_not_yet_a_regression() -> None:
    """p is about 0.01: shown for one gate alone, not for the worst of twenty."""
    one = sliced("bad", 0.7, 0.7 - 0.1 - 0.0233)
    gate = {"metric": "roc_auc", "every": "carrier", "may_lose": 0.1}
    assert judged(section(gate), one).children[0].tier is Tier.REGRESSED
    many = [sliced(str(n), 0.7, 0.7) for n in range(19)]
    result = {child.name: child for child in judged(section(gate), one, *many).children}["roc_auc on carrier=bad"]
    assert result.tier is Tier.INCONCLUSIVE
    assert 0.1 < result.comparison.p_regressed < 0.3


def test_since_holds_the_accepted_baseline() -> None:
    then = BaselineFact(
        metric="roc_auc",
        source="p.parquet",
        reference="champion",
        rows=1_000,
        value=0.8,
        head=0.7,
        confidence=Confidence(method="delong", standard_error=0.001),
    )
    result = judged(
        section({"metric": "roc_auc", "may_lose": 0.02, "since": "champion"}, baseline="champion"),
        auc(0.71, 0.7),
        baselines=[then],
    )
    assert (result.children[0].name, result.children[0].tier) == ("roc_auc since champion", Tier.REGRESSED)
    assert result.children[1].why == "roc_auc went from 0.8 to 0.7 since champion (−0.1)"


def test_without_gates_metrics_are_only_reported() -> None:
    result = judged(section(), auc(0.7, 0.1), number("loss", 1, 9))
    assert (result.status, result.reason, result.values["count"]) == (Status.SKIPPED, Reason.NO_GATES, 2)


def test_a_broken_metrics_file_is_red_at_head_and_a_warning_at_base() -> None:
    def broken(side: str) -> MetricsFileFact:
        return MetricsFileFact.model_validate({"path": "metrics.json", "side": side, "problem": Reason.UNREADABLE_METRIC})

    assert judged(section(), files=[broken("head")]).status is Status.FAILED
    assert judged(section(), files=[broken("base")]).status is Status.WARNED


def test_an_edited_metric_function_is_a_warning() -> None:
    assert judged(section(), auc(0.7, 0.7), functions_changed=["own.py"]).status is Status.WARNED


def test_a_problem_of_the_whole_part_is_red() -> None:
    assert judged(section(), problem=Reason.UNREADABLE_METRIC, problem_detail=" (too many)").status is Status.FAILED


def test_known_metrics_prefer_predictions_over_a_file_of_the_same_name() -> None:
    result = only({"floor": 0.5}, auc(0.7, 0.7), number("roc_auc", 0.1, 0.1))
    assert result.status is Status.PASSED


LAWS = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.2), st.floats(0, 0.5), st.sampled_from(["roc_auc", "log_loss"]))


def tier_of(base: float, head: float, error: float, margin: float, metric: str) -> Result:
    key = "may_lose" if metric == "roc_auc" else "may_gain"
    fact = auc(base, head, error).model_copy(update={"metric": metric})
    return judged(section({"metric": metric, key: margin}), fact).children[0]


@given(LAWS, st.floats(0, 0.5))
def test_a_wider_margin_never_makes_it_worse(case: tuple[float, float, float, float, str], wider: float) -> None:
    base, head, error, margin, metric = case
    narrow, wide = tier_of(base, head, error, margin, metric), tier_of(base, head, error, margin + wider, metric)
    assert RANK[wide.tier] <= RANK[narrow.tier]


@given(LAWS)
def test_a_metric_that_is_equal_on_both_sides_is_never_regressed(case: tuple[float, float, float, float, str]) -> None:
    base, _, error, margin, metric = case
    assert tier_of(base, base, error, margin, metric).tier in (Tier.PASS, Tier.INCONCLUSIVE)
    assert tier_of(base, base, 0.0, margin, metric).tier is Tier.PASS


@given(LAWS)
def test_what_is_better_for_one_direction_is_worse_for_the_other(case: tuple[float, float, float, float, str]) -> None:
    base, head, error, margin, _ = case
    up, down = tier_of(base, head, error, margin, "roc_auc"), tier_of(head, base, error, margin, "log_loss")
    assert (up.tier, up.status) == (down.tier, down.status)
    assert up.comparison.change == -down.comparison.change


@given(st.lists(st.tuples(FAR, FAR, st.floats(0, 0.5)), min_size=1, max_size=12), st.integers(0, 11), st.floats(0, 1))
def test_widening_one_gate_never_makes_another_worse(cases: list[tuple[float, float, float]], index: int, wider: float) -> None:
    names = [f"m{n}" for n in range(len(cases))]
    facts = [auc(b, h, e).model_copy(update={"metric": n}) for n, (b, h, e) in zip(names, cases, strict=True)]

    def tiers(widened: int | None) -> list[Tier]:
        gates = [
            {"metric": name, "better": "higher", "function": "own.py:f", "may_lose": 0.1 + (wider if position == widened else 0)}
            for position, name in enumerate(names)
        ]
        return [child.tier for child in judged(section(*gates), *facts).children[: len(names)]]

    assert all(RANK[after] <= RANK[before] for before, after in zip(tiers(None), tiers(index % len(cases)), strict=True))
