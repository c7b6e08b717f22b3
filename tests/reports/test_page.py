import re
from html.parser import HTMLParser

import pytest

from policy.reasons import Reason
from policy.result import Result, Status, combine
from reports import page
from reports.comment import render as render_comment
from reports.plots import Picture
from tests.browser import Chromium
from tests.reports import samples

_CONTRAST = """(() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = parse(c).map(v => linear(v / 255));
                       return .2126 * r + .7152 * g + .0722 * b };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
                        if (parse(c).length === 3 || parse(c)[3] === 1) return c } return 'rgb(255,255,255)' };
  const bad = [];
  for (const e of document.querySelectorAll('p, td, th, h1, h2, h3, li, figcaption, code, span, caption, pre, a, small')) {
    if (!e.innerText || !e.innerText.trim() || e.closest('.unseen, .skip, [hidden]')) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) bad.push(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2));
  }
  return [...new Set(bad)] })()"""


def drawn(sample=None, **options) -> str:
    facts, verdict = sample or (samples.facts(), samples.verdict())
    return page.render(facts, verdict, comment=render_comment(facts, verdict), **options)


class _Tags(HTMLParser):
    """Checks that tags close in order, and keeps what would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "link", "iframe", "object", "embed", "base", "form", "video", "audio"):
            self.wrong.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name in ("src", "href") and not (value or "").startswith(("#", "data:image/"))):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.append(value)
        if tag not in ("meta", "br", "img", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag}")


def read(html: str) -> _Tags:
    tags = _Tags()
    tags.feed(html)
    return tags


@pytest.mark.parametrize(
    "sample", [None, samples.passing(), samples.broken(), samples.hostile()], ids=["grown", "passing", "broken", "hostile"]
)
def test_a_page_is_well_formed_runs_nothing_and_fetches_nothing(sample):
    html = drawn(sample)
    tags = read(html)
    assert tags.wrong == []
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert "default-src 'none'" in html.replace("&#39;", "'")
    assert not re.search(r"url\(|@import", html)


def test_the_verdict_stands_first_and_the_advice_second():
    html = drawn(samples.broken())
    heading = html[html.index("<h1>") : html.index("</h1>")]
    assert "Not ready to merge" in heading
    assert "1,204 rows break" in heading
    assert html.index("<h1>") < html.index("mend the rows or the contract")


def test_a_change_that_may_be_merged_says_so():
    assert "Ready to merge" in drawn(samples.passing())


def test_every_gate_has_its_picture_with_words_for_who_cannot_see_it():
    html = drawn()
    assert "<title>roc_auc: change −0.012 (−0.015 … −0.009); allowed ≥ −0.005</title>" in html
    assert html.count('class="pic whisker"') >= 4


def test_every_column_of_the_drift_stands_in_the_page():
    html = drawn()
    assert all(f"<code>{column.column}</code>" in html for column in samples.drift_columns())


def test_all_examples_of_a_broken_rule_are_shown_and_the_rest_counted():
    html = drawn(samples.broken())
    assert all(f"flight={1_545 + at}" in html for at in range(10))
    assert "and 1,194 more" in html


def test_the_last_lines_of_a_failed_stage_are_shown():
    assert "ValueError: Input contains NaN." in drawn(samples.broken())


def test_without_charts_there_is_no_picture_but_every_number():
    html = drawn(charts=False)
    assert "<svg" not in html
    assert "−0.012" in html


def test_two_thousand_metrics_are_all_there_and_folded():
    html = drawn(samples.many(2_000))
    assert all(f"<code>m{at:04}</code>" in html for at in range(2_000))
    assert html.index("1,960 more") > html.index('id="gates"')


def test_the_whole_tree_of_reasons_is_there_with_codes():
    html = drawn()
    tree = html[html.index('class="tree"') :]
    assert "governance" in tree
    assert "policy-unchanged" in tree or "error" in tree


def test_the_comment_is_there_as_its_own_source_text():
    assert "&lt;!-- assay:report" in drawn()


def test_a_part_that_the_page_does_not_know_still_stands_in_the_table():
    found = samples.verdict(combine("data", []), Result(name="astrology", status=Status.FAILED, reason=Reason.ERROR,
                                                        values={"what": "the stars are wrong", "next": ""}))  # fmt: skip
    assert "the stars are wrong" in drawn((samples.facts(), found))


def test_plots_stand_in_the_page_and_one_that_could_not_be_drawn_says_why():
    pictures = [
        Picture("roc", "data:image/png;base64,AAAA"),
        Picture("<b>bad</b>", "", "needs vl-convert"),
        Picture("x", "https://example.com/a.png"),
    ]
    html = drawn(plots=pictures)
    assert '<img src="data:image/png;base64,AAAA" alt="roc">' in html
    assert "needs vl-convert" in html
    assert "&lt;b&gt;bad" in html
    assert "example.com" not in html


def test_the_same_facts_give_the_same_page():
    assert drawn() == drawn()


def test_a_change_with_nothing_to_check_makes_a_short_page():
    facts = samples.facts(data=[], pipeline=None, training=None, evaluation=None, nothing_to_check=True)
    found = samples.verdict(Result(name="data", status=Status.SKIPPED, reason=Reason.NOTHING_TO_CHECK))
    html = drawn((facts, found))
    assert "Ready to merge" in html
    assert read(html).wrong == []


def test_ga_04_text_of_a_pull_request_is_text_in_the_page():
    html = drawn(samples.hostile())
    assert "<script" not in html
    assert "\u202e" not in html
    assert html.count("</style>") == 1


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_in_a_browser_the_page_is_quiet_fits_its_window_and_can_be_read(chromium: Chromium, width: int, scheme: str):
    with chromium.look(drawn(), width=width, scheme=scheme) as looked:
        assert looked.open_all() >= 4
        assert looked.errors == []
        assert looked.requests == []
        assert looked.overflow <= 0
        assert looked.page.evaluate(_CONTRAST) == []
        assert len(looked.page.screenshot()) > 20_000


@pytest.mark.browser
def test_ga_04_in_a_browser_hostile_text_stays_text(chromium: Chromium):
    with chromium.look(drawn(samples.hostile()), width=390) as looked:
        looked.open_all()
        assert looked.errors == []
        assert looked.requests == []
        assert looked.overflow <= 0
        assert looked.page.evaluate("document.scripts.length") == 0
        assert looked.page.evaluate("document.styleSheets.length") == 1


@pytest.mark.browser
def test_in_a_browser_every_link_of_the_page_leads_somewhere(chromium: Chromium):
    with chromium.look(drawn()) as looked:
        links = looked.page.locator("a[href^='#']")
        assert links.count() >= 5
        lost = "all => all.filter(each => !document.getElementById(each.hash.slice(1))).map(each => each.hash)"
        assert links.evaluate_all(lost) == []


def test_an_image_stands_beside_that_of_the_base_each_under_its_name():
    html = drawn(plots=[Picture("Calibration", "data:image/png;base64,BB", "", "data:image/png;base64,AA", "main")])
    assert (
        html.index("<small>main</small>") < html.index("base64,AA") < html.index("<small>this change</small>") < html.index(",BB")
    )


def test_the_side_of_an_image_that_is_not_there_is_said():
    html = drawn(plots=[Picture("Calibration", "data:image/png;base64,BB", "main: does not exist there", "javascript:1", "main")])
    assert "<small>main</small>not drawn" in html and "javascript:" not in html
