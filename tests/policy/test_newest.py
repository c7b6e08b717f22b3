"""A challenger is better by the whole interval of the change, or it is not called so; the section asks for what it needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import document
from policy.document import PolicyProblem
from policy.facts.evaluation import Confidence, MetricFact
from policy.newest import Newest, Outcome, between, outcome
from policy.reasons import Reason

POLICY = """\
version: 1
model: {name: heat, artifact: model.json}
monitor: {data: live.csv, reference: train.csv, predictions: {label: late, score: chance, metrics: [{metric: brier, ceiling: 1}]}}
"""


def fact(
    base: float | None, head: float | None, error: float | None = 0.01, metric: str = "roc_auc", **more: object
) -> MetricFact:
    sure = None if error is None else Confidence(method="delong", standard_error=error)
    told = {"metric": metric, "source": "production", "rows": 480, "base": base, "head": head, "confidence": sure}
    return MetricFact.model_validate({**told, **more})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (fact(0.70, 0.75), Outcome.BETTER),
        (fact(0.75, 0.70), Outcome.WORSE),
        (fact(0.70, 0.715), Outcome.NOISE),
        (fact(0.20, 0.15, metric="brier"), Outcome.BETTER),
        (fact(0.15, 0.20, metric="brier"), Outcome.WORSE),
        (fact(0.70, 0.70, 0.0), Outcome.NOISE),
        (fact(0.70, 0.75, None), Outcome.UNKNOWN),
        (fact(None, 0.75), Outcome.UNKNOWN),
        (fact(0.70, None, problem_head=Reason.ONE_CLASS), Outcome.UNKNOWN),
        (fact(0.70, 0.75, metric="my_own"), Outcome.UNKNOWN),
    ],
)
def test_what_is_within_noise_is_called_that(found: MetricFact, expected: Outcome) -> None:
    assert outcome(found) is expected


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(1e-6, 1))
def test_who_is_better_is_worse_the_other_way_round(one: float, other: float, error: float) -> None:
    there, back = outcome(fact(one, other, error)), outcome(fact(other, one, error))
    assert {there, back} in ({Outcome.BETTER, Outcome.WORSE}, {Outcome.NOISE})
    bounds = between(fact(one, other, error))
    assert bounds is not None and bounds[0] <= other - one <= bounds[1]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (POLICY + "retrain: {newest: {score: x, learned_from: train.csv}}", "belong together"),
        (POLICY + "retrain: {newest: {score: x, key: [id]}}", "belong together"),
        (POLICY + "retrain: {newest: {score: ''}}", "retrain.newest.score"),
        (POLICY + "retrain: {newest: {score: x, limit: 0 s}}", "retrain.newest.limit"),
        ("version: 1\nmodel: {name: heat, artifact: m}\nretrain: {newest: {score: x}}", "there is no `monitor.predictions`"),
        ("version: 1\nretrain: {newest: {score: x}}", "there is no `model`"),
    ],
)
def test_a_section_that_cannot_be_answered_is_refused(text: str, what: str) -> None:
    with pytest.raises(PolicyProblem, match=what):
        document.read(text)


def test_the_section_stands_in_the_policy() -> None:
    found = document.read(POLICY + "retrain: {newest: {score: python score.py, learned_from: train.csv, key: [id]}}\n").retrain
    assert found is not None and found.newest == Newest(score="python score.py", learned_from="train.csv", key=["id"])
    assert found.newest.limit.total_seconds() == 600
