"""What has to be measured."""

from actions.evaluate.plan import plan, plan_since
from policy.facts.evaluation import Slice
from tests.actions.evaluate.predictions import section

ASKED = section(
    {"metric": "roc_auc", "may_lose": 0.1},
    {"metric": "roc_auc", "may_lose": 0.1, "every": "carrier"},
    {"metric": "f1", "may_lose": 0.1, "where": {"origin": "JFK"}},
    {"metric": "own", "better": "lower", "function": "own.py:f", "ceiling": 1, "since": "v1"},
    {"metric": "latency", "better": "lower", "ceiling": 1},
    baseline="champion",
)


def test_known_metrics_and_functions_are_told_apart_and_files_left_out() -> None:
    asked = plan(ASKED)
    assert (asked.metrics, asked.functions, asked.columns) == (["roc_auc", "f1"], {"own": "own.py:f"}, ["carrier", "origin"])


def test_a_slice_is_judged_where_a_gate_says_so() -> None:
    asked = plan(ASKED)
    assert asked.judged("roc_auc", Slice(column="carrier", value="AA"))
    assert asked.judged("f1", Slice(column="origin", value="JFK"))
    assert not asked.judged("f1", Slice(column="origin", value="LGA"))
    assert not asked.judged("f1", Slice(column="carrier", value="AA"))
    assert asked.values("origin") == ["JFK"]


def test_a_baseline_asks_for_everything_overall_and_another_reference_for_its_gates() -> None:
    assert plan_since(ASKED, "champion").names == ["roc_auc", "f1", "own"]
    assert plan_since(ASKED, "champion").columns == []
    assert plan_since(ASKED, "v1").names == ["own"]
