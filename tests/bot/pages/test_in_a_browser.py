"""The pages as people see them: on a phone and on a desk, light and dark, by keyboard, and in silence."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import pytest

from bot.receiving.journal import Admission, Ending
from bot.receiving.reasons import Outcome
from tests.bot.pages.visiting import REPOSITORY, Visiting
from tests.bot.receiving.payloads import comment
from tests.bot.receiving.test_delivery import delivered
from tests.browser import Chromium, Looked

pytestmark = pytest.mark.browser
HERE = f"/repos/{REPOSITORY}"
PAGES = ["/", *(f"{HERE}/{each}" for each in ("models", "approvals", "history", "ledger", "verdicts", "pulse")), "/deliveries"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
FONT = "Math.min(...[...document.querySelectorAll('main *')].map(e => parseFloat(getComputedStyle(e).fontSize)))"
NAMED = """[...document.querySelectorAll('a, button, input:not([type=hidden])')]
  .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label'))).length"""
CONTRAST = """() => {
  const light = text => { const c = text.match(/[\\d.]+/g).slice(0, 3).map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 }); return .2126 * c[0] + .7152 * c[1] + .0722 * c[2] };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!/^rgba\\(.*, 0\\)$/.test(c) && c !== 'transparent') return c } return getComputedStyle(document.body).backgroundColor };
  let least = 21;
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
    least = Math.min(least, (a + .05) / (b + .05));
  }
  return least;
}"""


@pytest.fixture(scope="module")
def cookie(lived_in: Visiting) -> Iterator[str]:
    """Of `octocat`, who is an operator here, with a delivery of each kind."""
    lived_in.fresh_people()
    made = [delivered("issue_comment", comment(), f"7f3a9c2e-51d0-11ee-{number:04d}-123456789abc") for number in range(3)]
    lived_in.journal.take_in([Admission(each) for each in made])
    lived_in.journal.end([Ending(made[0].id, 1, Outcome.HANDLED, "answered"), Ending(made[1].id, 1, Outcome.FAILED, "outside")])
    lived_in.github.role(REPOSITORY, "olga", "read")
    yield lived_in.browser("olga").cookie()


@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_is_quiet_fits_its_window_and_can_be_read_in_light_and_dark(
    chromium: Chromium, lived_in: Visiting, cookie: str, width: int
) -> None:
    lived_in.fresh_people()
    with chromium.visit(lived_in.base, "/login", {}, width=width) as looked:
        well(looked)
    with chromium.visit(lived_in.base, "/", {"assay": cookie}, width=width) as looked:
        for path in PAGES:
            looked.page.goto(lived_in.base + path)
            assert looked.page.url == lived_in.base + path
            assert looked.page.locator('[aria-current="page"]').count() == 1
            well(looked)


def well(looked: Looked) -> None:
    """What holds of every page."""
    page = looked.page
    assert looked.errors == [] and looked.requests == []
    assert looked.overflow <= 0, page.url
    assert page.evaluate("document.scripts.length") == 0
    assert page.locator("h1").count() == page.locator("main").count() == 1
    assert page.evaluate(NAMED) == 0, "every link and button has a name"
    assert page.locator("table").count() == page.locator("table caption").count()
    assert page.evaluate(FONT) >= 9
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids)) and not [each for each in ids if " " in each]
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(CONTRAST) >= 4.5, f"WCAG AA of {page.url}, {scheme}"
        assert looked.overflow <= 0


def test_by_keyboard_one_skips_to_the_content_sees_where_one_is_and_signs_out(chromium: Chromium, lived_in: Visiting) -> None:
    lived_in.fresh_people()
    own = lived_in.browser("octocat").cookie()
    with chromium.visit(lived_in.base, f"{HERE}/models", {"assay": own}) as looked:
        page = looked.page
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == "Skip to the content" and (skip.bounding_box() or {"x": -1})["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
        button = page.get_by_role("button", name="Sign out")
        button.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url("**/login")
        assert looked.errors == []
        page.goto(f"{lived_in.base}{HERE}/models")
        assert "/login" in page.url


def test_what_can_be_pressed_is_large_enough_for_a_finger(chromium: Chromium, lived_in: Visiting, cookie: str) -> None:
    lived_in.fresh_people()
    with chromium.visit(lived_in.base, f"{HERE}/models", {"assay": cookie}, width=375) as looked:
        for each in looked.page.locator(".tabs a, button").all():
            box = each.bounding_box()
            assert box is not None and box["height"] >= 32


def test_a_browser_signs_in_through_github(chromium: Chromium, lived_in: Visiting) -> None:
    lived_in.fresh_people()
    lived_in.github.state.browser = "octocat"
    with chromium.visit(lived_in.base, f"{HERE}/ledger", {}, others=(lived_in.github.url,)) as looked:
        looked.page.get_by_role("link", name="Sign in with GitHub").click()
        looked.page.wait_for_url(f"**{HERE}/ledger")
        assert "octocat" in looked.page.inner_text("header") and looked.errors == []
