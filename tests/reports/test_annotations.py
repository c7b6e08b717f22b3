"""On which line each remark stands."""

import pytest

from policy.result import Comparison, Result, Status
from policy.verdict import Verdict
from reports.annotations import Annotation, annotations
from tests.reports import samples

POLICY = """\
version: 1
data:
  - path: data/weather.parquet
  - path: data/flights.parquet
    drift: {warn: 0.1}
evaluate:
  metrics: [metrics.json]
  gates:
    - {metric: log_loss, may_gain: 0.1}
    - metric: roc_auc
      floor: 0.7
  fairness: {by: origin}
"""


def placed(part: str, *children: Result, policy: str = POLICY) -> list[Annotation]:
    whole = samples.why("verdict", Status.FAILED, "x")
    tree = samples.why(part, Status.FAILED, "x").model_copy(update={"children": list(children)})
    verdict = Verdict(
        base="b" * 40, head="a" * 40, policy_digest="d", result=whole.model_copy(update={"children": [tree] if children else []})
    )
    return annotations(verdict, samples.facts(data=[]), policy)


def test_a_check_that_names_its_line_stands_there() -> None:
    (remark,) = placed("training", samples.why("train", Status.FAILED, "broke", file="dvc.yaml", line=7))
    assert (remark.file, remark.line, remark.level) == ("dvc.yaml", 7, "error")
    assert remark.title == "training: train"


def test_a_check_below_one_that_names_its_line_stands_there_too() -> None:
    inner = samples.why("columns", Status.FAILED, "broke")
    data = samples.why("data/flights.parquet", Status.FAILED, "x", file="data/flights.parquet.dvc", line=2)
    (remark,) = placed("data", data.model_copy(update={"children": [inner]}))
    assert (remark.file, remark.line) == ("data/flights.parquet.dvc", 2)


def test_drift_stands_in_the_file_that_tracks_the_data() -> None:
    data = samples.data()[0].model_copy(update={"file": "data/flights.parquet.dvc", "line": 1})
    facts = samples.facts(data=[data])
    moved = samples.why(data.path, Status.WARNED, "moved")
    whole = samples.why("verdict", Status.WARNED, "x")
    part = samples.why("drift", Status.WARNED, "x").model_copy(update={"children": [moved]})
    verdict = Verdict(base="b", head="a", policy_digest="d", result=whole.model_copy(update={"children": [part]}))
    (remark,) = annotations(verdict, facts, POLICY)
    assert (remark.file, remark.level) == (data.file, "warning")


def test_data_that_is_tracked_nowhere_stands_on_its_entry_of_the_policy() -> None:
    (remark,) = placed("data", samples.why("data/flights.parquet", Status.FAILED, "missing"))
    assert (remark.file, remark.line) == ("assay.yml", 4)


def test_a_gate_stands_on_its_line_of_the_policy() -> None:
    gate = next(each for each in samples.gates() if each.status is Status.FAILED)
    assert gate.comparison is not None
    (remark,) = placed("evaluation", gate)
    assert (remark.file, remark.line) == ("assay.yml", 10)


@pytest.mark.parametrize(
    ("name", "slice_", "line"),
    [
        ("roc_auc", None, 4),
        ("roc_auc on carrier=US", "carrier=US", 5),
        ("roc_auc on origin=JFK", "origin=JFK", 6),
        ("roc_auc since champion", None, 7),
        ("roc_auc on carrier=US since champion", "carrier=US", 8),
        ("log_loss", None, 3),
    ],
)
def test_of_several_gates_on_a_metric_it_is_the_one_for_that_slice_and_baseline(name: str, slice_: str | None, line: int) -> None:
    policy = """\
evaluate:
  gates:
    - {metric: roc_auc, floor: 0.7}
    - {metric: roc_auc, every: carrier}
    - {metric: roc_auc, where: {origin: JFK}}
    - {metric: roc_auc, since: champion}
    - {metric: roc_auc, every: carrier, since: champion}
"""
    comparison = Comparison(metric=name.split()[0], slice=slice_, better="higher")
    (remark,) = placed("evaluation", samples.why(name, Status.FAILED, "lost", comparison=comparison), policy="\n" + policy)
    assert remark.line == line


def test_fairness_stands_on_its_section() -> None:
    (remark,) = placed("fairness", samples.why("equalised odds", Status.FAILED, "unfair"))
    assert remark.line == 12


def test_without_a_policy_to_point_into_remarks_stand_on_its_first_line() -> None:
    for text in ("", "data: [", "- a\n", "data: 3\nevaluate: [1]\n"):
        (remark,) = placed("data", samples.why("gone", Status.FAILED, "missing"), policy=text)
        assert (remark.file, remark.line) == ("assay.yml", 1)


def test_what_fails_comes_before_what_warns_and_nothing_comes_twice() -> None:
    warned = samples.why("a", Status.WARNED, "looks odd")
    failed = samples.why("b", Status.FAILED, "broke")
    assert [each.level for each in placed("training", warned, failed, failed)] == ["error", "warning"]


def test_what_holds_needs_no_remark() -> None:
    assert not placed("training", samples.why("a", Status.PASSED, "fine"), samples.why("b", Status.SKIPPED, "not asked"))
