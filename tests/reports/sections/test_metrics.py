"""Numbers that no gate judges."""

from policy.facts import EvaluationFacts
from policy.facts.evaluation import HistoryPoint
from policy.reasons import Reason
from policy.result import Status, combine
from reports.section import Section
from reports.story import tell
from tests.reports.examples import check, full_facts, full_verdict, verdict_of


def section(key: str, **facts: object) -> Section:
    found = tell(full_facts(**facts), full_verdict()).section(key)
    assert found is not None
    return found


def test_metrics_that_a_gate_judges_are_not_repeated() -> None:
    assert [str(row.cells[0]) for row in section("metrics").rows] == ["`pr_auc`", "`train.seconds`"]
    assert [str(row.cells[0]) for row in section("slices").rows] == ["`roc_auc` on `carrier=AA`", "`roc_auc` on `carrier=UA`"]


def test_the_verdict_names_the_worst_slice() -> None:
    named = check(
        "roc_auc: worst slice", Status.SKIPPED, Reason.WORST_SLICE, metric="roc_auc", slice="carrier=HA", head=0.66, rows=214
    )
    found = tell(full_facts(), verdict_of(combine("evaluation", [named, check("x", Status.PASSED, Reason.HOLDS)]))).section(
        "slices"
    )
    assert found is not None
    assert str(found.paragraphs[0]) == "`roc_auc` is worst on `carrier=HA`: 0.66 on 214 rows; no slice lost."


def test_the_change_since_the_baseline_is_there() -> None:
    assert section("history").rows[0].line == "| `roc_auc` | `champion` | 0.744 | 0.729 | −0.015 |"


def test_the_history_of_what_fails_comes_first() -> None:
    points = [HistoryPoint(label="#1", value=0.7), HistoryPoint(label="#2", value=0.8)]
    found = section("history", evaluation=EvaluationFacts(history={"log_loss": points, "other": points, "roc_auc": points}))
    assert [str(block.title) for block in found.blocks] == ["`roc_auc`", "`log_loss`", "`other`"]


def test_history_is_a_chart_or_where_it_cannot_be_drawn_a_list() -> None:
    assert "```mermaid" in str(section("history").blocks[0].body)
    huge = {"rows": [HistoryPoint(label="#1", value=1e20), HistoryPoint(label="#2", value=2e20)]}
    blocks = section("history", evaluation=EvaluationFacts(history=huge)).blocks
    assert str(blocks[0].body) == "`#1` 1×10²⁰, `#2` 2×10²⁰"


def test_a_metric_that_never_moved_needs_no_chart() -> None:
    still = [HistoryPoint(label="#1", value=60), HistoryPoint(label="#2", value=60)]
    told = tell(full_facts(evaluation=EvaluationFacts(history={"trees": still})), full_verdict())
    assert told.section("history") is None
