"""The evidence for a version: told once for the text of a request, and beside what runs now for its card."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.facts import EvaluationFacts, Facts
from policy.facts.evaluation import Confidence, FairnessFact, MetricFact, Slice
from reports import folding
from reports.evidence import LIMIT, Compared, Judged, against, found
from tests.reports import samples
from tests.reports.samples import HOSTILE, facts, verdict

NEW = Judged(facts(), verdict())


def numbers(*metrics: MetricFact, **more: object) -> Judged:
    return Judged(facts(evaluation=EvaluationFacts(metrics=list(metrics)), **more), verdict())


def metric(name: str, head: float | None, base: float | None = None, error: float | None = None, on: str = "") -> MetricFact:
    confidence = None if error is None else Confidence(method="delong", standard_error=error)
    where = Slice(column="carrier", value=on) if on else None
    return MetricFact(metric=name, source="m.json", slice=where, base=base, head=head, confidence=confidence)


def lines(pair: Compared) -> list[str]:
    return [each.replace("\u00a0", " ") for each in against(pair).source.split("\n") if each.startswith("| ")][2:]


def test_the_text_says_what_the_check_found_part_by_part_and_no_word_of_a_merge() -> None:
    said = found(NEW).source
    assert said.startswith("#### What its check found") and "`dep_delay`" in said
    assert "ready to merge" not in said.lower() and "**Data**" in said and "<details>" in said
    assert said == found(NEW).source


@pytest.mark.parametrize("limit", [8_000, LIMIT])
def test_the_text_stays_within_its_limit_and_says_what_it_left_out(limit: int) -> None:
    many = [metric("roc_auc", 0.7, 0.7, on=f"{HOSTILE}{number}") for number in range(400)]
    said = found(numbers(*many), limit).source
    assert folding.size(said) <= limit and "not shown here" in said


def test_a_metric_stands_beside_that_of_the_version_that_runs() -> None:
    pair = Compared(3, numbers(metric("roc_auc", 0.75)), "production", 2, numbers(metric("roc_auc", 0.73)))
    assert "| `roc_auc` | 0.73 | 0.75 | +0.02, better |" in lines(pair)
    assert "have no interval" in against(pair).source


def test_where_the_check_compared_with_the_very_version_that_runs_the_difference_has_its_interval() -> None:
    new = numbers(metric("roc_auc", 0.75, 0.731, error=0.002), metric("log_loss", 0.5, 0.501, error=0.01))
    pair = Compared(3, new, "production", 2, numbers(metric("roc_auc", 0.73), metric("log_loss", 0.5)), same=True)
    table = lines(pair)
    assert any("`roc_auc` | 0.731 | 0.750 | +0.019 (+0.015 … +0.023), better" in each for each in table), table
    assert any("could be chance" in each for each in table) and "have no interval" not in against(pair).source


def test_a_number_that_a_file_and_the_predictions_both_tell_stands_there_once() -> None:
    def both(head: float) -> Judged:
        told = metric("roc_auc", head, 0.731, error=0.002)
        return numbers(metric("roc_auc", head), told.model_copy(update={"source": "predictions.parquet"}))

    pair = Compared(3, both(0.75), "production", 2, both(0.731), same=True)
    assert [each for each in lines(pair) if "roc_auc" in each] == [
        "| `roc_auc` | 0.731 | 0.750 | +0.019 (+0.015 … +0.023), better |"
    ]
    other = numbers(metric("roc_auc", 0.9), *both(0.75).facts.evaluation.metrics[1:])
    assert len([each for each in lines(Compared(3, other, "production", 2, both(0.731))) if "roc_auc" in each]) == 2


def test_slices_that_changed_most_come_first_and_the_rest_is_counted() -> None:
    new = numbers(*[metric("roc_auc", 0.7 - number / 1000, on=f"c{number}") for number in range(30)])
    old = numbers(*[metric("roc_auc", 0.7, on=f"c{number}") for number in range(30)])
    pair = Compared(3, new, "production", 2, old)
    assert lines(pair)[0].startswith("| `roc_auc` on `carrier=c29`") and "worse" in lines(pair)[0]
    assert "20 more numbers not shown" in against(pair).source


def test_a_metric_that_only_one_of_them_has_is_no_change() -> None:
    pair = Compared(3, numbers(metric("roc_auc", 0.7)), "production", 2, numbers(metric("f1", 0.5)))
    assert {"| `f1` | 0.5 | — | — |", "| `roc_auc` | — | 0.7 | — |"} <= set(lines(pair))


def test_fairness_data_and_cost_stand_below() -> None:
    fair = EvaluationFacts(fairness=[FairnessFact(column="origin", threshold=0.5, demographic_parity=0.05, equalised_odds=0.06)])
    old = facts(data=[samples.data()[0].model_copy(update={"head_digest": "0" * 32})], training=samples.broken_training())
    pair = Compared(3, Judged(facts(evaluation=fair), verdict()), "production", 2, Judged(old, verdict()))
    said = "\n".join(lines(pair))
    assert "gap of demographic parity | 0.03 | 0.05 | +0.02, worse" in said
    assert "rows of `data/flights.parquet` | 225,008 | 225,008 | changed, 0" in said
    assert "rows of `data/weather.csv` | — | — | new" in said
    assert "time of the training | 14 s | 1 min 12 s | +58 s" in said


def test_what_fails_and_warns_is_told_as_risks_the_worst_first() -> None:
    said = against(Compared(3, NEW, "production")).source
    assert "By the policy of now" in said and said.index("🔴 `dep_delay`") < said.index("🟡 `visib`")
    assert "**Open waivers**: none" in said and "Nothing runs in `production` yet" in said


def test_missing_evidence_is_said() -> None:
    assert "🔴 No facts are kept beside version 3" in against(Compared(3, None, "production", 2, NEW)).source
    said = against(Compared(3, NEW, "production", 2, None)).source
    assert "Version 2 runs in `production`; it cannot be compared: no facts are kept beside it." in said
    assert "cannot be compared: they differ." in against(Compared(3, NEW, "production", 2, None, "they differ")).source
    assert "It is what runs in `production` already" in against(Compared(3, NEW, "production", 3)).source


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=400), st.none() | st.floats(-1e6, 1e6)), max_size=40))
def test_whatever_facts_say_the_card_has_room_for_it_and_mentions_nobody(found: list[tuple[str, float | None]]) -> None:
    new = numbers(*[metric(f"{name}@team", head) for name, head in found], changed_files=[])
    said = against(Compared(3, new, "production", 2, NEW)).source
    assert folding.size(said) <= 40_000 and "<!--" not in said
    for line in said.split("\n"):
        assert "@team" not in line or "`" in line


def test_facts_of_a_change_that_changed_nothing_have_few_words() -> None:
    quiet = Facts(**{**facts().model_dump(), "nothing_to_check": True})
    assert found(Judged(quiet, verdict(samples.why("data", samples.Status.SKIPPED, "nothing changed")))).source
