"""Champion and challenger stand side by side with the interval of the change; what a runner wrote can do nothing there."""

from policy.facts.newest import NewestFacts
from policy.reasons import Reason
from reports import comment, page
from reports.sections.newest import newest
from tests.policy.test_newest import fact
from tests.reports import samples

AT = "2026-07-03T22:00:00+00:00"


def told(**more: object) -> str:
    found = NewestFacts.model_validate({"rows": 12_480, "start": AT, "end": AT, **more})
    facts = samples.facts().model_copy(update={"newest": found})
    (section,) = newest(facts)
    return "\n\n".join([*(each.source for each in section.paragraphs), section.table.source])


def test_each_metric_is_a_line_that_says_which_is_better() -> None:
    said = told(left_out=3, metrics=[fact(0.70, 0.75), fact(0.15, 0.20, metric="brier"), fact(0.5, 0.51, metric="pr_auc")])
    assert f"12,480 rows from `{AT}` to `{AT}`, scored by both. 3 rows that either may have learned from are left out." in said
    assert "| 🟢 | `roc_auc` | 0.700 | 0.750 | +0.050 (+0.030 … +0.070) | **better** |" in said
    assert "| 🟡 | `brier` | 0.150 | 0.200 | +0.050 (+0.030 … +0.070) | **worse** |" in said
    assert "**no difference beyond chance** |" in said


def test_where_nobody_told_what_was_learned_from_that_is_said() -> None:
    assert "Rows that a model learned from flatter it" in told(metrics=[fact(0.70, 0.75)])


def test_what_could_not_be_measured_is_said_and_why() -> None:
    assert "one class" in told(metrics=[fact(None, None, None, problem_head=Reason.ONE_CLASS)])
    assert "🟡 Champion and challenger could not be compared: it is gone." in told(problem="it is gone.")


def test_it_stands_open_in_the_comment_and_turns_no_verdict() -> None:
    found = NewestFacts(rows=480, metrics=[fact(0.75, 0.70)])
    facts, verdict = samples.facts(), samples.verdict()
    with_it = comment.render(facts.model_copy(update={"newest": found}), verdict)
    assert "**On production's newest labelled rows, which no gate judges**" in with_it and "**worse**" in with_it
    assert with_it.split("\n")[1] == comment.render(facts, verdict).split("\n")[1]
    assert newest(facts) == []


def test_on_the_page_it_stands_with_the_metrics() -> None:
    facts = samples.facts().model_copy(update={"newest": NewestFacts(rows=480, metrics=[fact(0.75, 0.70)])})
    drawn = page.render(facts, samples.verdict(), comment="")
    assert drawn.index('id="newest"') < drawn.index('id="record-part"')


def test_what_others_wrote_can_do_nothing() -> None:
    bad = samples.HOSTILE
    hostile = fact(0.7, 0.75, metric=bad, problem_head=Reason.FUNCTION_FAILED, detail=bad)
    for said in (told(problem=bad), told(start=bad, end=bad, metrics=[hostile])):
        assert "<!--" not in said and "\u202e" not in said and "\n#" not in said
