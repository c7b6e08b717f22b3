"""Only a line that its reader sees as a line of the comment's own text is a command."""

from html.parser import HTMLParser

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.grammar.lines import MOST_CHARACTERS, MOST_COMMANDS, MOST_LINES, MOST_PARSED, Line, TooMuch, find
from tests.bot.grammar.material import work


def ours(text: str) -> bool:
    return text.split()[0] in ("/promote", "/train", "/cancel")


def texts(body: str) -> list[str]:
    return [line.text for line in find(body, ours)]


def test_a_command_is_a_line_of_a_paragraph() -> None:
    body = "Thanks!\n/train lr=0.1  \nand then\n\n   /cancel\n"
    assert find(body, ours) == (Line(2, "/train lr=0.1"), Line(5, "/cancel"))


@pytest.mark.parametrize("body", ["```\r\n/promote prod\r\n```\r\nthanks", "```\r/promote\r```\r", "~~~\r\n/promote\r\n~~~"])
def test_cp_01_a_fence_holds_with_every_kind_of_line_end(body: str) -> None:
    assert texts(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "````\n```\n/promote prod\n```\n/promote prod\n````",
        "~~~\n/promote prod\n~~~",
        "~~~\n```\n/promote prod\n~~~",
        "```\n/promote prod",
        "```sh\n\n/promote prod\n\n",
        "   ```\n/promote prod\n   ```",
        "text\n\n    /promote prod",
        "text\n\n\t/promote prod",
        "text\n\n  \t/promote prod",
        "text that goes on\n    /promote prod",
        "text that goes on\n\t/promote prod",
    ],
)
def test_cp_02_code_blocks_hold_no_command(body: str) -> None:
    assert texts(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "`/promote prod`",
        "``/promote``",
        "see `a\n/promote prod\nb`",
        "see ``a ` b\n/promote prod\n``",
        "[label](address '\n/promote prod\n')",
        "[label\n/promote prod](address)",
        "![label\n/promote prod](address)",
        "[label]:\n/promote 'prod'",
        "[label]: address '\n/promote prod\n'",
        "<span title='\n/promote prod\n'>text</span>",
        "see *this\n/promote prod*",
        "see ~~this\n/promote prod\nno more~~",
        "\\/promote prod",
        "&#47;promote prod",
    ],
)
def test_cp_03_what_is_part_of_something_inline_is_no_command(body: str) -> None:
    assert texts(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "> /promote prod",
        "> > /promote prod",
        ">/promote prod",
        "> quoted\n/promote prod",
        "> > quoted\n> /promote prod\n/promote prod",
        "> - quoted\n/promote prod",
        "> [!NOTE]\n> text\n/promote prod",
    ],
)
def test_cp_04_a_quotation_holds_no_command_nor_does_a_line_that_lazily_continues_it(body: str) -> None:
    assert texts(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "<!-- \n/promote prod\n-->",
        "<!--\n\n/promote prod\n\n-->",
        "text <!--\n/promote prod\n-->",
        "<!-- never closed\n\n/promote prod",
        "<div><!--\n\n/promote prod\n\n-->",
        "<?\n/promote prod\n?>",
        "<![CDATA[\n/promote prod\n]]>",
        "<script>\n\n/promote prod\n\n</script>",
        "<pre>\n\n/promote prod\n\n</pre>",
    ],
)
def test_cp_05_html_comments_hold_no_command(body: str) -> None:
    assert texts(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "<details>\n/promote\n</details>",
        "<details>\n\n/promote\n\n</details>",
        "<details open><summary>Log</summary>\n\n/promote\n\n</details>",
        "text <details>\n\n/promote\n\n</details>",
        "<details>\n\n<details>\n\n</details>\n\n/promote\n\n</details>",
        "<details>\n\nnever closed\n\n/promote",
        "<blockquote>\n\n/promote\n\n</blockquote>",
        "text <del>\n/promote\n</del>",
        "- <details>\n\n/promote",
    ],
)
def test_cp_05_what_is_folded_away_quoted_or_struck_out_in_html_is_no_command(body: str) -> None:
    assert texts(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "<details>\n\nlog\n\n</details>\n\n/promote",
        "<details><summary>Log</summary>\n\n```\n</details>\n```\n\n</details>\n\n/promote",
        "`<details>` is folded\n\n/promote",
        "```\n<details>\n```\n\n/promote",
        "<img src='x' alt='<details>'>\n\n/promote",
        "a List<String>, and <model> too\n\n/promote",
        "<!-- template -->\n/promote",
        "<!-- template -->\n\n/promote",
        "<div>\n\n/promote\n\n</div>",
        "/promote\n<details>\n\nlog\n\n</details>",
        "> quoted\n\n/promote",
        "- item\n\n/promote",
        "```\ncode\n```\n/promote",
        "# heading\n/promote",
    ],
)
def test_cp_05_what_comes_before_and_after_is_one(body: str) -> None:
    assert texts(body) == ["/promote"]


@pytest.mark.parametrize(
    "body",
    [
        "- /promote prod",
        "- item\n/promote prod",
        "- item\n\n  /promote prod",
        "1. /promote",
        "1) item\n   /promote",
        "* [ ] /promote",
        "## /promote",
        "/promote prod\n===",
        "/promote prod\n---",
        "text\n/promote prod\n---",
        "| a |\n|---|\n/promote prod",
        "/promote | a\n--- | ---\nx | y",
        "[^1]: a note\n/promote prod",
        "text[^1]\n[^1]: a note\n/promote prod",
        "[^1]: /promote prod",
    ],
)
def test_cp_06_only_lines_of_paragraphs_count(body: str) -> None:
    assert texts(body) == []


@pytest.mark.parametrize("body", ["Please don't /promote yet", "x /promote", "**/promote**", "/", "/ promote", "//promote x"])
def test_cp_07_only_the_beginning_of_a_line_counts(body: str) -> None:
    assert texts(body) == []


def test_the_rows_of_other_blanks_that_a_parser_strips_do_not_shift_the_lines() -> None:
    assert find("\u00a0\n\f\n/train\n/cancel", ours) == (Line(3, "/train"), Line(4, "/cancel"))


def test_other_separators_of_unicode_end_no_line() -> None:
    for separator in "\u2028\u2029\x85\x0b\x0c\x1c":
        assert texts(f"text{separator}/promote") == []


def test_cp_12_a_comment_holds_ten_commands_and_no_more() -> None:
    assert len(texts("/train\n" * MOST_COMMANDS)) == MOST_COMMANDS
    for count in (MOST_COMMANDS + 1, 500):
        with pytest.raises(TooMuch, match=f"at most {MOST_COMMANDS} commands; this one has {count}"):
            find("/train\n" * count, ours)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("/promote " + "x" * 70_000, "65,536 characters"),
        ("/promote\n" + "\n" * MOST_LINES, "5,000 lines"),
        ("/promote \x00", "NUL"),
        ("/promote\n\ntext \ud800", "surrogate"),
        ("/promote " + "x" * MOST_PARSED, "20,000 characters in the paragraphs"),
    ],
)
def test_cp_12_a_comment_with_commands_that_is_too_much_is_refused_with_the_limit(body: str, why: str) -> None:
    with pytest.raises(TooMuch) as refused:
        find(body, ours)
    assert why in refused.value.what.source


@pytest.mark.parametrize(
    "body", ["x" * 70_000, "\x00", "text\n" * 9_000, "/usr/bin/env\n" * 9_000, "```\n/home/x\n" + "y\n" * 9_000, ""]
)
def test_a_comment_without_commands_is_never_refused_and_costs_no_parsing(body: str) -> None:
    assert work(lambda: find(body, lambda text: text == "/train")) < 3 * 9_000 + 100
    assert texts(body) == []


HOSTILE = {
    "brackets": lambda n: "[" * n,
    "pictures": lambda n: "![" * (n // 2),
    "links": lambda n: "[a](" * (n // 4),
    "titles": lambda n: "[a](b '" * (n // 7),
    "labels": lambda n: "[a][b" * (n // 5),
    "runs of back-ticks": lambda n: "".join("`" * (each % 99 + 1) + " " for each in range(n // 50)),
    "comments": lambda n: "<!-- " * (n // 5) + ">",
    "tags": lambda n: "<a " * (n // 3) + ">",
    "attributes": lambda n: "<a b='" * (n // 6) + ">",
    "folds": lambda n: "<details>" * (n // 9),
    "folds over and over": lambda n: "x<details></details>" * (n // 20),
    "emphasis": lambda n: "*a **a _b ~~c " * (n // 14),
    "escapes": lambda n: "\\*" * (n // 2),
    "lines": lambda n: "\na" * (n // 20),
    "slashes": lambda n: "\n/x" * (n // 20),
    "quotations": lambda n: "\n\n" + "> " * (n // 2) + "a",
    "lazy lines": lambda n: "\n\n" + "> " * 18 + "a" + "\nb" * (n // 20),
    "lists": lambda n: "\n- a" * (n // 20),
    "deep lists": lambda n: "\n" + "- " * (n // 2),
    "fences": lambda n: "\n```" * (n // 20),
    "definitions": lambda n: "\n\n" + "[a]: b '\n" * (n // 20),
    "open definitions": lambda n: "\n\n" + "[a\n" * (n // 20),
    "footnotes": lambda n: "\n\n" + "[^a]: b\n" * (n // 20),
    "tables": lambda n: "\n\n| a | b |\n|---|---|" + "\n| x" * (n // 20),
    "html": lambda n: "\n\n<div>" * (n // 20),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_cp_12_work_grows_no_faster_than_the_comment(kind: str) -> None:
    def reading(size: int) -> int:
        return work(lambda: find(f"/train\n\n/cancel {HOSTILE[kind](size)}", ours))

    reading(500)
    assert reading(16_000) < 6 * reading(4_000) + 10_000


@pytest.mark.timeout(30)
@pytest.mark.parametrize("kind", HOSTILE)
def test_cp_12_nothing_of_the_greatest_length_takes_long(kind: str) -> None:
    for size in (MOST_PARSED - 100, MOST_CHARACTERS - 100):
        try:
            find(f"/train\n\n/cancel {HOSTILE[kind](size)}\n", ours)
        except TooMuch as refused:
            assert refused.what


def test_cp_12_quotes_ten_thousand_deep_are_one_quotation() -> None:
    assert texts("/train\n\n" + ">" * 10_000 + " /promote\n\n/cancel") == ["/train", "/cancel"]
    # In lists that deep the parser gives up and takes the rest of the comment for their text: nothing comes out that should not.
    assert texts("/train\n\n" + "- " * 10_000 + "/promote\n\n/cancel") == ["/train"]


words = st.text("ab` ~*_<>!-[](){}#|:=\\&'\"é中/", max_size=12)
rows = st.lists(words, max_size=4).map("\n".join)


@st.composite
def enclosures(draw: st.DrawFn) -> str:
    """Markdown with `/promote` in it, where it is not a line of a paragraph. It begins and ends as a block of its own."""
    inner = "\n".join(
        draw(st.permutations(["/promote x", *draw(st.lists(st.sampled_from(["a", "", "/train", "b c"]), max_size=3))]))
    )
    shape = draw(st.integers(0, 8))
    if shape == 0:
        bar = draw(st.sampled_from("`~")) * draw(st.integers(3, 9))
        lead = " " * draw(st.integers(0, 3))
        return f"{lead}{bar}{draw(st.sampled_from(['', 'sh', ' text']))}\n{inner}\n{lead}{bar}"
    if shape == 1:
        return "\n".join("> " * draw(st.integers(1, 3)) + line for line in inner.split("\n"))
    if shape == 2:
        return f"<!--{draw(st.sampled_from(['', ' a', '- b']))}\n{inner}\n-->"
    if shape == 3:
        return f"<details><summary>{draw(st.sampled_from(['a', '`b`', '<b>c</b>']))}</summary>\n\n{inner}\n\n</details>"
    if shape == 4:
        return "\n".join("    " + line for line in inner.split("\n"))
    if shape == 5:
        return "- a\n" + "\n".join("  " + line for line in inner.split("\n"))
    if shape == 6:
        return draw(st.sampled_from(["> a\n/promote x", "1. a\n/promote x", "`a\n/promote x\nb`", "[^n]: a\n/promote x"]))
    if shape == 7:
        return f"<pre>\n{inner}\n</pre>"
    return f"{'#' * draw(st.integers(1, 6))} /promote x"


@settings(deadline=None)
@given(st.lists(enclosures(), min_size=1, max_size=4), st.booleans())
def test_a_command_inside_of_something_never_comes_out_and_one_outside_always_does(parts: list[str], windows: bool) -> None:
    body = "/cancel before\n\n" + "\n\nplain text\n\n".join(parts) + "\n\nend of it\n\n/cancel after"
    lines = texts(body.replace("\n", "\r\n") if windows else body)
    assert lines[0] == "/cancel before"
    assert lines[-1] == "/cancel after"
    assert not [line for line in lines if line.startswith("/promote")]


class Shown(HTMLParser):
    """The lines of top-level paragraphs as a browser shows them, outside of every other element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.lines = [""]
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "br":
            self.lines.append("")
        elif tag not in ("img", "hr"):
            self.open.append(tag)
            self.lines += [""] if tag == "p" else []

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            self.open.reverse()
            self.open.remove(tag)
            self.open.reverse()

    def handle_data(self, data: str) -> None:
        first, *more = data.split("\n") if self.open == ["p"] else ["\0" + data.replace("\n", "")]
        self.lines[-1] += first
        self.lines += more


GFM = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"])
pieces = st.sampled_from(
    [
        "/train",
        "/train x",
        "a",
        "\n",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "```",
        "~~~",
        "`",
        "``",
        "*",
        "~~",
        "**",
        "[",
        "](b)",
        "(",
        "'",
        " ",
        "# ",
        "---",
        "===",
        "|",
        "<!--",
        "-->",
        "<del>",
        "</del>",
        "<details>",
        "</details>",
        "1. ",
        "[a]: ",
        "    ",
        "_",
        "![",
        "]",
    ]
)


@settings(deadline=None)
@given(st.lists(pieces, max_size=14).map("".join))
@example("`a\n/train\n`")
@example("[a]: b '\n/train\n'")
@example("~~a\n/train\nb~~\n/train")
def test_a_command_line_is_what_the_rendered_page_shows_as_the_beginning_of_a_line(body: str) -> None:
    found = find(body, lambda text: text.startswith("/train"))
    shown = [line.strip(" ") for line in Shown(GFM.render(body)).lines]
    starts = [line for line in shown if line.startswith("/train")]
    assert len(found) <= len(starts)
    if "<" not in body and "    " not in body:
        # Exactly those, without raw HTML, on which the page has other rules, and without deeper blanks, which it does not show.
        assert len(found) == len(starts)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from("/train<>`\n\r \t\0"), max_size=200))
def test_any_text_is_read_or_refused(noise: str) -> None:
    for body in (noise, f"/train {noise}", f"{noise}\n/train", f"{noise}\n\n/train"):
        try:
            for line in find(body, ours):
                assert ours(line.text)
                assert line.text in body.replace("\r\n", "\n").replace("\r", "\n").split("\n")[line.number - 1]
        except TooMuch as refused:
            assert refused.what


@settings(deadline=None)
@given(rows)
def test_line_ends_make_no_difference(body: str) -> None:
    assume("\r" not in body)
    body = f"/train\n{body}\n/train b"
    assert find(body, ours) == find(body.replace("\n", "\r\n"), ours) == find(body.replace("\n", "\r"), ours)
