"""Who ran where, and from when until when."""

from dataclasses import replace

from bot.gateway.records import Identity
from bot.pages.history import Present, draw, ran
from policy.lineage import Reign
from reports.pages import Frame, render
from tests.bot.pages.furnished import HOSTILE, START
from tests.bot.pages.visiting import REPOSITORY, Visiting
from tests.bot.promotion.test_past import FIRST, ME, SECOND

ALL = {1, 2, 3}


def test_each_runs_until_the_next_of_its_environment_begins() -> None:
    third = replace(FIRST, id=3, environment="production", created_at="2026-01-03T00:00:00Z")
    found = {each.promotion.at.day: each for each in ran([FIRST, SECOND, third], ME, ALL)}
    assert found[1].until == found[2].promotion.at and found[2].until is None and found[3].until is None


def test_what_others_deployed_is_not_shown() -> None:
    odd = [replace(FIRST, author_id=6), replace(FIRST, payload={}), replace(FIRST, payload={"model": 7, "version": 1})]
    assert list(ran(odd, ME, ALL)) == [] == list(ran([FIRST], Identity("eve", 6), ALL))


def test_what_stands_on_a_later_page_ends_where_the_one_before_begins() -> None:
    (found,) = ran([SECOND, FIRST], ME, {1})
    assert found.until is not None and found.until.day == 2


def html(present: Present) -> str:
    return render(draw(present), Frame())


PRESENT = Present(list(ran([FIRST, SECOND], ME, ALL)), ["staging", "production"], (), "https://github.com/acme/flights", "m")


def test_an_emergency_that_nobody_reviewed_is_red_in_words_too() -> None:
    text = html(PRESENT)
    assert "an emergency, not reviewed yet" in text and "still runs" in text and "2 people" in text


def test_an_alias_that_no_promotion_of_ours_moved_is_told() -> None:
    reigns = (Reign("staging", 9, START, None, True), Reign("staging", 3, None, START, False))
    text = html(replace(PRESENT, reigns=reigns))
    assert "no promotion of ours put it there" in text and "not known" in text
    assert "no promotion of ours" not in html(replace(PRESENT, reigns=(Reign("staging", 4, START, None, True),)))


def test_hostile_text_is_only_text() -> None:
    odd = replace(FIRST, environment=HOSTILE, payload={"model": HOSTILE, "version": HOSTILE, "issue": "<b>"})
    text = html(replace(PRESENT, ran=list(ran([odd], ME, ALL)), said=HOSTILE))
    assert "<img" not in text and "<b>" not in text and "\u202e" not in text


def test_where_there_is_nothing_the_page_says_what_to_do() -> None:
    assert "/promote" in html(replace(PRESENT, ran=[]))


def test_production_comes_first_and_few_requests_are_made(lived_in: Visiting) -> None:
    browser = lived_in.browser("octocat")
    lived_in.github.forget_requests()
    text = browser.get(f"/repos/{REPOSITORY}/history").text
    assert text.index("<h2>production") < text.index("<h2>staging") < text.index("As the registry noted it")
    assert len(lived_in.asked()) <= 5 and not lived_in.changed()
    assert "Nothing was promoted" not in text and browser.get(f"/repos/{REPOSITORY}/history?page=2").status_code == 200
