"""No text that a stranger wrote becomes anything but text."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports import markdown
from reports.markdown import EMPTY, Markdown, cell, code, fence, html_code, join, link, put, row, shorten, text, visible

GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

HOSTILE = [
    "@acme/team",
    "@alice please",
    "a | b",
    "a\\|b",
    "\\",
    "`",
    "``",
    "` | `",
    "`" * 300,
    "a`b``c```d",
    "-->",
    "<!-- assay:report v1 -->",
    "--><script>alert(1)</script>",
    "</details>",
    "<img src=x onerror=y>",
    "![](https://evil.example/beacon.png)",
    "[click](javascript:alert(1))",
    "https://evil.example",
    "www.evil.example",
    "someone@evil.example",
    "#123",
    "acme/models#12",
    "GH-12",
    "9ab41d0fe33a9ab41d0fe33a9ab41d0fe33a9ab4",
    ":rocket:",
    "\u202eevil\u202c",
    "a\u200bb",
    "line\nbreak\r\n\n# heading",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "    code",
    "***",
    "===",
    "$x^2$",
    "&amp; &lt;script&gt;",
    "```\n/promote\n```",
    "~~~",
    "Fixes #1",
    "",
    " ",
    "\t",
    "\x00\x1b[31mred",
    "{{ 7 * 7 }}",
    "שלום",
    "\ud7ff\ue000\U000e0041",
    "e" + "\u0301" * 50,
    "a" * 5_000,
]
anything = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), st.text("`|\\<>!-[]()@#*_~:/. \n\u202e", max_size=40))
names = st.lists(anything, min_size=1, max_size=6)


def flat(source: str) -> list[Token]:
    """Every token, with the children of inline ones in their place."""
    found: list[Token] = []
    for token in GFM.parse(source):
        found += [token] if token.children is None else token.children
    return found


def kinds(source: str) -> set[str]:
    return {token.type for token in flat(source)}


def outside_code(source: str) -> str:
    """What GitHub's filters look at: the text that is not code."""
    return "".join(token.content for token in flat(source) if token.type == "text")


_TRIGGERS = re.compile(
    r"@\w|#\d|\bGH-\d|://|www\.\w|:[\w+-]+:|\b[0-9a-fA-F]{7,40}\b|\w@\w|[<>`|\\*~\[\]$]\S|_|\u202e|\u200b|[\x00-\x1f]",
    re.IGNORECASE,
)
INLINE = {"paragraph_open", "paragraph_close", "text", "code_inline", "softbreak"}


@given(anything)
def test_a_name_is_one_code_span_and_nothing_else(name: str) -> None:
    found = flat(code(name).source)
    if not name:
        assert code(name).source == "*(empty)*"
        return
    assert {token.type for token in found} <= INLINE - {"softbreak"}
    assert sum(token.type == "code_inline" for token in found) == 1
    assert outside_code(code(name).source).strip("\u2068\u2069") == ""


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=60))
def test_an_ordinary_name_reads_as_it_was_written(name: str) -> None:
    (span,) = [token for token in flat(code(name).source) if token.type == "code_inline"]
    assert span.content.replace("␠", " ") == name or re.search("<!--|--!?>|`{9}", name)


@given(anything)
def test_prose_has_nothing_outside_of_code_that_github_would_act_on(prose: str) -> None:
    source = text(prose).source
    assert kinds(source) <= INLINE - {"softbreak"}
    assert not _TRIGGERS.search(outside_code(source).replace("\u2068", "").replace("\u2069", ""))
    assert "\n" not in source


def test_prose_keeps_its_plain_words() -> None:
    assert text("the remote 'storage' cannot be reached, 3 times").source == "the remote 'storage' cannot be reached, 3 times"
    assert text("ask @acme/data about #12 and data/flights.parquet").source == (
        "ask `@acme/data` about `#12` and `data/flights.parquet`"
    )
    assert text("≥ −0.005 and > 0").source == "≥ −0.005 and &gt; 0"


@given(names)
def test_a_row_has_as_many_cells_as_it_was_given_and_they_hold_text_alone(found: list[str]) -> None:
    head = row([Markdown("c")] * len(found))
    rules = "|" + " --- |" * len(found)
    for escape in (code, text):
        table = "\n".join([head, rules, row([escape(each) for each in found]), row([Markdown("end")] * len(found))])
        tokens = flat(table)
        assert sum(token.type == "tr_open" for token in tokens) == 3
        assert sum(token.type == "td_open" for token in tokens) == 2 * len(found)
        assert kinds(table) <= {
            *(f"{tag}_{edge}" for tag in ("table", "thead", "tbody", "tr", "th", "td") for edge in ("open", "close")),
            "text",
            "code_inline",
            "em_open",
            "em_close",
        }


@given(names)
def test_a_row_shows_every_pipe_of_an_ordinary_name(found: list[str]) -> None:
    name = "|".join(each for each in found if each.isalnum()) or "a|b"
    table = "\n".join(["| c |", "| --- |", row([code(name, 40_000)])])
    (span,) = [token for token in flat(table) if token.type == "code_inline"]
    assert span.content == visible(name)


@given(anything)
@example("`````")
@example("\n```\n</details>\n")
def test_a_fence_is_closed_by_us_alone(body: str) -> None:
    source = f"<details><summary>log</summary>\n\n{fence(body).source}\n\n</details>\n"
    assert [token.type for token in GFM.parse(source)] == ["html_block", "fence", "html_block"]
    assert "<!--" not in source
    assert "-->" not in source


def test_a_fence_keeps_lines_and_drops_colours_and_the_past_of_a_progress_bar() -> None:
    body = fence("first\n\x1b[31mred\x1b[0m\n10%\r50%\r100%\r\nlast\x07").source
    assert body == "```text\nfirst\nred\n100%\nlast\\u{7}\n```"


def test_a_fence_takes_no_language_of_a_stranger() -> None:
    with pytest.raises(ValueError, match="language"):
        fence("x", "text\n<script>")


@given(anything)
def test_no_text_plants_a_marker_or_closes_a_comment(found: str) -> None:
    for made in (code(found), text(found), fence(found), html_code(found), cell(code(found)), link(found, found)):
        assert "<!--" not in made.source
        assert "-->" not in made.source


@given(anything)
def test_a_summary_line_shows_a_name_as_text(name: str) -> None:
    source = html_code(name).source.strip("\u2068\u2069")
    inside = source.removeprefix("<code>").removesuffix("</code>")
    assert not re.search(r"[<>\"'\n]", inside)


def test_a_link_goes_only_where_an_ordinary_address_says() -> None:
    assert link("report", "https://example.org/a?b=c").source == "[`report`](<https://example.org/a?b=c>)"
    for address in (
        "javascript:alert(1)",
        "https://a b",
        "data:text/html,x",
        "https://e.example/)<img>",
        "//e.example",
        "https://a@b/",
    ):
        assert "link_open" not in kinds(link("report", address).source)


@example("]:")
@example("a]:b")
@given(anything)
def test_a_link_has_one_target_whatever_its_label(label: str) -> None:
    found = flat(link(label, "https://example.org/").source)
    targets = [token.attrs["href"] for token in found if token.type == "link_open"]
    assert targets == ["https://example.org/"]
    assert not {token.type for token in found} & {"image", "html_inline"}


@pytest.mark.parametrize(
    "unseen",
    [
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\x1b",
        "\x7f",
        "\u2028",
        "\u3164",
        "\u2800",
        "\ufe0f",
        "\U000e0041",
    ],
)
def test_what_cannot_be_seen_is_spelled_out(unseen: str) -> None:
    assert visible(f"a{unseen}b") == f"a\\u{{{ord(unseen):x}}}b"


def test_ordinary_text_of_the_world_stays_as_it_is() -> None:
    for fine in ("Größe", "naïve", "北京", "данные", "❤️", "ångström", "Việt", "a b"):
        assert visible(fine) == fine


def test_blanks_at_the_ends_of_a_name_are_seen() -> None:
    assert code("delay ").source == "`delay␠`"
    assert code("   ").source == "`␠␠␠`"
    assert code("").source == "*(empty)*"


def test_a_name_from_right_to_left_does_not_swap_the_numbers_beside_it() -> None:
    assert code("שלום").source == "\u2068`שלום`\u2069"


def test_a_long_name_keeps_both_ends() -> None:
    assert shorten("a" * 50 + "b" * 50, 11) == "aaaaa…bbbbb"
    assert len(code("x" * 5_000).source) <= markdown.NAME_LIMIT + 4


@given(anything)
def test_escaped_text_never_grows_beyond_a_few_times_its_limit(found: str) -> None:
    assert len(code(found * 50).source) <= 8 * markdown.NAME_LIMIT
    assert len(text(found * 50).source) <= 4 * markdown.TEXT_LIMIT


def test_pieces_are_put_together_in_order() -> None:
    assert put("{} on {}", code("auc"), code("a=b")).source == "`auc` on `a=b`"
    assert join([code("a"), code("b")], "; ").source == "`a`; `b`"
    assert not EMPTY
