"""Room is given to what matters most, and never more than there is."""

import pytest

from policy.problems import UserProblem
from policy.result import Status
from reports.folding import fit, size
from reports.markdown import Markdown
from reports.section import Row, Section, columns
from reports.story import Headline, Story


def story(*sections: Section) -> Story:
    headline = Headline(Status.FAILED, Markdown("🔴"), Markdown("no"), Markdown("mend"))
    return Story(headline, (), Markdown("main"), sections, Markdown("foot"), quiet=False)


def section(key: str, *statuses: Status, cap: int = 1_000) -> Section:
    found = tuple(Row(status, (Markdown(f"{key}-{status}-{number}"),)) for number, status in enumerate(statuses))
    return Section(key, key.title(), columns=columns("name"), rows=found, cap=cap)


def draw(told: Story) -> str:
    return "\n".join(f"{each.title}\n{each.table}\n{each.omission}" for each in told.sections)


def test_a_short_story_is_whole() -> None:
    drawn = fit(story(section("one", *[Status.PASSED] * 5)), 10_000, draw)
    assert drawn.count("one-passed") == 5
    assert "not shown" not in drawn


def test_failing_rows_of_a_late_section_win_over_passing_rows_of_an_early_one() -> None:
    told = story(section("early", *[Status.PASSED] * 100), section("late", *[Status.FAILED] * 20, *[Status.PASSED] * 100))
    drawn = fit(told, 1_500, draw)
    assert len(drawn) <= 1_500
    assert drawn.count("late-failed") == 20
    assert drawn.count("late-passed") < drawn.count("early-passed") < 100


def test_every_section_keeps_its_title_and_says_what_it_lost() -> None:
    drawn = fit(story(*[section(f"s{number}", *[Status.PASSED] * 50) for number in range(5)]), 1_200, draw)
    for number in range(5):
        assert f"S{number}\n" in drawn
    assert drawn.count("not shown") == 5


def test_a_cap_holds_even_where_there_is_room_and_a_summary_has_more() -> None:
    told = story(section("one", *[Status.PASSED] * 50, cap=10))
    assert fit(told, 100_000, draw).count("one-passed") == 10
    assert fit(told, 100_000, draw, caps=4).count("one-passed") == 40


def test_a_layout_that_prints_rows_twice_still_fits() -> None:
    told = story(section("one", *[Status.PASSED] * 500))
    assert size(fit(told, 5_000, lambda each: draw(each) * 3)) <= 5_000


def test_a_layout_that_is_too_long_without_any_row_is_an_error() -> None:
    with pytest.raises(UserProblem, match="without any row"):
        fit(story(section("one", Status.PASSED)), 1_000, lambda each: "x" * 2_000)


def test_size_is_never_less_than_any_way_of_counting() -> None:
    for sample in ("plain", "é", "𝔘", "🟢🔴"):
        assert size(sample) >= max(len(sample), len(sample.encode("utf-16-le")) // 2)
