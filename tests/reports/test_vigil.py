"""The issue about production: what was found and why, how it went, what to do; nothing in it is anybody else's Markdown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from policy import vigil
from policy.monitoring import ROWS
from policy.reasons import Reason
from policy.result import Result, Status
from policy.vigil import Watch
from policy.vigil_history import Look, look
from reports import vigil as drawn
from reports.vigil import Scene
from tests.policy.sightings import BEGIN, MODEL, seen

HOSTILE = "x` | <!-- @evil/team\r\n\u202e # [a](javascript:b)"


def scene(*severities: str, days_later: float = 0, **more: object) -> Scene:
    history = [look(seen(each, day)) for day, each in enumerate(severities)]
    watch = Watch.model_validate(more)
    now = history[-1].moment + timedelta(days=days_later)
    people = ("@alice", "@acme/ml")
    return Scene(MODEL, watch, history, vigil.stage(watch, history), vigil.late(watch, history, now), people)


def grown(children: list[Result], **more: object) -> Scene:
    result = Result(name="monitor", status=Status.FAILED, reason=Reason.PART_FAILED, children=children)
    history: list[Look] = [look(seen("high", 0)), look(seen("high", 1, result=result, **more))]
    return Scene(MODEL, Watch(), history, vigil.stage(Watch(), history), people=("@alice",))


def bad(name: str, what: str = "it moved") -> Result:
    return Result(name=name, status=Status.FAILED, reason=Reason.ERROR, values={"what": what, "next": "look"})


def test_it_says_what_was_found_why_how_it_went_and_what_to_do() -> None:
    said = drawn.card(scene("none", "medium", "high")).source
    assert said.startswith(f"### 🔴 `{MODEL}`: severity **high**")
    assert "| last look | 2026-07-03 06:00 UTC |" in said and "| rows | 1,200 |" in said
    assert "| ❌ | `delay` | it moved |" in said and "- look at it" in said
    assert "| severity of the last 3 looks | `▁▅█` |" in said and "xychart-beta" in said
    assert "| `auc` | 0.6 | 0.7 |" in said
    assert "For @alice, @acme/ml." in said and "closed after 3 clean looks in a row" in said


def test_the_title_says_how_it_is() -> None:
    assert drawn.title(scene("high")) == f"{MODEL} in production: severity high"
    assert drawn.title(scene("high", "none")) == f"{MODEL} in production: nothing found"
    assert drawn.title(scene("none", days_later=3)) == f"{MODEL} in production: nobody looked since 2026-07-01 06:00 UTC"
    assert len(drawn.title(replace(scene("none"), model="m" * 500))) <= 200


def test_clean_looks_are_counted() -> None:
    assert "1 of 3 clean looks" in drawn.card(scene("high", "none")).source
    assert "closed after one clean look." in drawn.card(scene("high", clean=1)).source
    assert drawn.over(scene("high", "none", "none", "none")).source.startswith("3 clean looks in a row, the last one at")


@pytest.mark.parametrize(
    ("every", "said"), [("1 day", "1 day"), ("2 days", "2 days"), ("6 hours", "6 h"), ("90 min", "90 min"), ("7 s", "7 s")]
)
def test_that_nobody_looks_is_a_finding_with_its_advice(every: str, said: str) -> None:
    found = drawn.card(scene("none", days_later=30, every=every)).source
    assert f"wants a look every {said}" in found.replace("`", "") and "`assay-monitor.yml`" in found and "⏰" in found
    assert "@alice" in drawn.unseen(scene("none", days_later=30)).source


def test_a_look_without_times_rows_numbers_and_findings_is_drawn() -> None:
    bare = look(seen("none", version="", rows=None, numbers={}))
    said = drawn.card(Scene(MODEL, Watch(), [bare], vigil.stage(Watch(), [bare]))).source
    assert "nothing found" in said and "How it went" not in said and "What was found" not in said and "For @" not in said


def test_what_was_not_looked_at_is_told_and_is_no_finding() -> None:
    values = {"detail": f"train.csv: {HOSTILE}", "parts": "all columns together"}
    gone = Result(name=ROWS, status=Status.SKIPPED, reason=Reason.MONITOR_ROWS_GONE, values={**values})
    said = drawn.card(grown([bad("delay"), gone])).source
    (line,) = [each for each in said.splitlines() if "not looked at" in each]
    assert line.startswith("| not looked at | left out, because the rows of the reference cannot be had (``train.csv: x` ")
    assert line.endswith("``): `all columns together` |") and "<!--" not in line
    assert "not looked at" not in drawn.card(grown([bad("delay")])).source


def test_what_others_wrote_begins_no_row_no_mention_and_no_comment() -> None:
    children = [bad(HOSTILE, HOSTILE)]
    found = replace(grown(children, version=HOSTILE, start=HOSTILE, end=HOSTILE, numbers={HOSTILE: 1.0}), model=HOSTILE)
    for said in (drawn.card(found).source, drawn.risen(replace(found, people=())).source):
        assert "<!--" not in said and "\u202e" not in said and "\r" not in said
    assert drawn.title(found).isprintable()
    for line in drawn.card(found).source.splitlines():
        if line.startswith("| ") and "evil" in line:
            assert "`" in line
    people = replace(found, people=("@alice", "@evil\n# x", "@all everyone"))
    assert "For @alice." in drawn.card(people).source


def test_ga_16_however_much_was_found_the_card_fits_into_an_issue() -> None:
    word = "`|\u202e" * 600
    many = [bad(f"{number}{word[:400]}", word) for number in range(100)]
    said = drawn.card(grown(many, numbers={f"{each}{word[:400]}": 1e300 for each in range(50)})).source
    assert len(said) <= 56_000 and " more" in said


def test_of_many_findings_the_failed_come_first_and_the_rest_is_counted() -> None:
    warned = replace_status(bad("warned"))
    said = drawn.card(grown([warned, *[bad(f"c{each}") for each in range(25)]])).source
    assert "`c0`" in said and "`c19`" in said and "`c20`" not in said and "and 6 more" in said


def replace_status(result: Result) -> Result:
    return result.model_copy(update={"status": Status.WARNED})


def test_a_rise_names_its_causes_and_a_return_says_when() -> None:
    assert "- `delay`: it moved" in drawn.risen(scene("none", "high")).source
    assert drawn.seen_again(scene("none")).source == f"It was looked at again at {BEGIN:%Y-%m-%d %H:%M} UTC."
    assert drawn.copy_of(4).source == "See #4."


def test_the_numbers_that_tell_most_are_drawn_and_the_others_stand_in_a_table() -> None:
    numbers = {"rows": 9.0, "domain_auc": 0.6, "age_days": 1.0, "furthest": 2.0}
    history = [look(seen("high", day, numbers=numbers)) for day in range(3)]
    said = drawn.card(Scene(MODEL, Watch(), history, vigil.stage(Watch(), history))).source
    assert [line.split('"')[1] for line in said.splitlines() if " title " in line] == ["furthest", "domain_auc"]
    assert [each for each in numbers if f"| `{each}` |" in said] == list(numbers)


def test_how_well_the_model_does_is_drawn_before_what_its_data_does() -> None:
    numbers = {"furthest": 2.0, "rows": 9.0, "performance_roc_auc": 0.7}
    history = [look(seen("high", day, numbers=numbers)) for day in range(3)]
    said = drawn.card(Scene(MODEL, Watch(), history, vigil.stage(Watch(), history))).source
    assert [line.split('"')[1] for line in said.splitlines() if " title " in line] == ["performance_roc_auc", "furthest"]
