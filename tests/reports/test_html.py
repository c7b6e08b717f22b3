import html as standard
import re

from hypothesis import given
from hypothesis import strategies as st

from policy.reasons import Reason
from policy.result import Result, Status
from reports import html
from reports.markdown import Markdown, code, text, visible


@given(st.text(min_size=1, max_size=12))
def test_a_name_shows_what_it_is_and_nothing_else(source):
    shown = html.name(source)
    assert standard.unescape(re.fullmatch(r"<code>([^<>]*)</code>", shown)[1]) == visible(source)


@given(st.text(max_size=200))
def test_markdown_of_user_text_becomes_code_and_words_only(source):
    for made in (code(source), text(source)):
        assert {tag.strip("/") for tag in re.findall(r"<(/?\w+)", html.inline(made.source))} <= {"code", "em"}


@given(st.from_regex(r"[\w .,;:()+-]{0,30}", fullmatch=True))
def test_the_short_way_for_plain_words_gives_what_the_parser_gives(words):
    parsed = html._parser().renderInline(words).strip()
    assert html.inline(words).strip() == parsed


def test_the_short_way_for_one_name_gives_what_the_parser_gives():
    for source in ("`a`", "`a<b`", "`a&amp;b`", "`a\\b`", "`a b`", "`|`"):
        assert html.inline(source) == html._parser().renderInline(source).strip()


def test_a_link_or_an_image_in_a_sentence_stays_text():
    assert "<a" not in html.inline("[x](https://example.com) <https://example.com>")
    assert "<img" not in html.inline("![x](https://example.com)")


def test_a_status_is_said_in_words_too():
    assert all(f'aria-label="{word}"' in html.mark(status) for status, word in html._WORDS.items())


def test_a_reason_s_values_are_set_as_names():
    result = Result(name="x", status=Status.SKIPPED, reason=Reason.MISSING_PART, values={"part": "<data>"})
    assert "<code>&lt;data&gt;</code>" in html.why(result)


def test_a_headline_is_shown_without_its_opening():
    assert html.after_opening(Markdown("Ready to merge: all holds")) == "All holds"
    assert html.after_opening(Markdown("Not ready to merge: `auc` fell")) == "<code>auc</code> fell"
    assert html.after_opening(Markdown("all holds")) == "All holds"
