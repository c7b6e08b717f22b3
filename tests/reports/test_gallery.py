import pytest

from reports import gallery
from reports.comment import render as comment
from tests.browser import Chromium
from tests.reports import samples


def entry(branch: str, sample) -> gallery.Entry:
    facts, verdict = sample
    return gallery.Entry(branch, "what the branch does", facts, verdict, comment(facts, verdict), f"{branch}/report.html")


def page() -> str:
    grown = (samples.facts(), samples.verdict())
    return gallery.render([entry("grown", grown), entry("passing", samples.passing()), entry("broken", samples.broken())])


def test_every_branch_has_a_line_a_comment_and_a_link_to_its_report():
    html = page()
    for branch in ("grown", "passing", "broken"):
        assert f'href="{branch}/report.html"' in html
        assert f">{branch}</code>" in html or f"<code>{branch}</code>" in html
    assert html.count('class="markdown-body"') == 3
    assert "1 may be merged, 2 not ready to merge" in html


def test_the_reason_is_the_comment_s_own():
    html = page()
    table = html[html.index('class="parts"') : html.index("</nav>")]
    assert "1,204 rows break" in table


def test_no_branch_makes_an_empty_page_and_no_error():
    assert "0 branches" in gallery.render([])


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1200, "dark")])
def test_in_a_browser_the_gallery_is_quiet_and_fits_its_window(chromium: Chromium, width: int, scheme: str):
    html = gallery.render([entry("grown", (samples.facts(), samples.verdict())), entry(samples.HOSTILE, samples.hostile())])
    with chromium.look(html, width=width, scheme=scheme) as looked:
        looked.open_all()
        assert looked.errors == []
        assert looked.requests == []
        assert looked.overflow <= 0
        assert looked.page.evaluate("document.scripts.length") == 0
        assert looked.page.locator(".markdown-body svg").count() >= 1
