"""The history of a metric is read from facts that have the digest they were registered with, and from nothing else."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from policy import document
from policy.evaluation import Evaluate, Predictions
from policy.facts import Facts, PolicyFacts, RevisionFacts, ToolFacts
from policy.facts.evaluation import EvaluationFacts, MetricFact, Slice
from policy.facts.reading import write
from policy.lineage import Step
from policy.objectives import Objective
from policy.pulse.series import MOST, Version, series, version
from tests.policy.test_origin import SOME

AT = datetime(2026, 3, 1, tzinfo=UTC)
WANTED = Objective(name="better", metric="roc_auc", target=0.8, by=date(2026, 12, 31), owner="carol")


def facts(*metrics: MetricFact) -> bytes:
    """The bytes of facts that say nothing but this of metrics."""
    revision = RevisionFacts(base="a" * 40, base_name="main", head="b" * 40, merge_base="a" * 40)
    policy, tools = PolicyFacts(digest=document.digest(""), read_from="base"), ToolFacts(assay="0.1.0", python="3.12")
    return write(Facts(revision=revision, policy=policy, tools=tools, evaluation=EvaluationFacts(metrics=list(metrics))))


def metric(value: float | None, source: str = "predictions.csv", where: Slice | None = None, name: str = "roc_auc") -> MetricFact:
    return MetricFact(metric=name, source=source, head=value, slice=where)


def step(raw: bytes, number: int = 1) -> Step:
    origin = SOME.model_copy(update={"facts_digest": f"sha256:{hashlib.sha256(raw).hexdigest()}"})
    return Step(number, AT + timedelta(days=number), origin)


def known(*metrics: MetricFact, number: int = 1) -> Version:
    raw = facts(*metrics)
    return version(step(raw, number), raw)


def test_versions_come_in_their_order_and_those_without_a_value_are_named() -> None:
    versions = [known(metric(0.8), number=3), known(metric(None), number=2), known(metric(0.7), number=1)]
    found = series(WANTED, None, versions)
    assert [(each.label, each.value) for each in found.points] == [("v1", 0.7), ("v3", 0.8)]
    assert found.without == (2,) and found.points[0].at == AT + timedelta(days=1)


def test_facts_of_another_digest_are_not_believed() -> None:
    raw = facts(metric(0.9))
    assert version(step(raw), facts(metric(0.1))).evaluation is None
    assert version(step(raw), None).evaluation is None
    assert version(Step(1, AT, None), raw).evaluation is None
    assert version(step(b"{}"), b"{}").evaluation is None


def test_a_slice_is_another_history_than_all_rows() -> None:
    where = Slice(column="carrier", value="HA")
    versions = [known(metric(0.8), metric(0.6, where=where))]
    sliced = WANTED.model_copy(update={"where": {"carrier": "HA"}})
    assert [each.value for each in series(sliced, None, versions).points] == [0.6]
    assert [each.value for each in series(WANTED, None, versions).points] == [0.8]


def test_of_a_file_and_predictions_the_predictions_count_and_of_two_alike_none() -> None:
    evaluate = Evaluate(
        metrics=["metrics.json"], predictions=Predictions(path="predictions.csv", key=["id"], label="y", score="score")
    )
    both = [known(metric(0.8), metric(0.5, source="metrics.json"))]
    assert [each.value for each in series(WANTED, evaluate, both).points] == [0.8]
    assert series(WANTED, None, both).without == (1,)


def test_only_the_newest_versions_are_looked_at() -> None:
    found = series(WANTED, None, [known(metric(0.8), number=each) for each in range(1, MOST + 3)])
    assert len(found.points) == MOST and found.points[0].label == "v3"
