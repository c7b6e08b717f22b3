"""The job summary: the comment's story with more room."""

from hypothesis import HealthCheck, given, settings

from policy.facts import Facts
from policy.result import combine
from policy.verdict import Verdict
from reports import comment, summary
from tests.reports.examples import full_facts, full_verdict, gate, verdict_of
from tests.reports.strategies import facts, verdicts


def test_the_summary_tells_the_same_verdict_without_a_marker() -> None:
    drawn = summary.render(full_facts(), full_verdict())
    assert drawn.startswith("## 🔴 Not ready to merge: ")
    assert "assay:report" not in drawn


def test_the_summary_shows_what_the_comment_has_no_room_for() -> None:
    verdict = verdict_of(combine("evaluation", [gate(f"metric_{number}", 0.5, 0.6) for number in range(2_000)]))
    assert "not shown here" in comment.render(full_facts(), verdict)
    drawn = summary.render(full_facts(), verdict)
    assert "not shown here" not in drawn
    assert "`metric_1999`" in drawn
    assert summary.render(full_facts(), full_verdict()).count("flight=9") == 1


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(facts(), verdicts())
def test_ga_14_any_facts_fit_into_a_summary(known: Facts, verdict: Verdict) -> None:
    assert len(summary.render(known, verdict).encode()) <= summary.LIMIT < summary.GITHUB_LIMIT
