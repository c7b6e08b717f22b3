"""What raw HTML hides, piece by piece."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.elements import Elements, may_hide


def hidden(*pieces: str) -> bool:
    elements = Elements()
    for piece in pieces:
        elements.feed(piece)
    return elements.hidden


@pytest.mark.parametrize(
    "html",
    [
        "<details>",
        "<DETAILS open>",
        "<details><summary>x</summary>",
        "<details><details></details>",
        "<details></blockquote>",
        "<details title='</details>'>",
        '<details title="</details>">',
        "<details><!-- </details> -->",
        "<!--",
        "<!-- <!-- ",
        "<div title='",
        "<div ",
        "<s>",
        "<details/>",
    ],
)
def test_an_element_hides_until_its_end_tag(html: str) -> None:
    assert hidden(html)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<details></details>",
        "<details>\n<summary>x</summary>\n</details\n>",
        "<details><del></details>",
        "</details>",
        "<div><p><span><b>",
        "<img alt='<details>'>",
        '<img alt="\'<details>">',
        "<!-- <details> -->",
        "<!-->",
        "<!--->",
        "<!-- a --!>",
        "<!-- a <!-->",
        "<br><hr><detail><detailed><model>",
        'a = "b" > c',
    ],
)
def test_what_is_closed_or_mere_layout_hides_nothing(html: str) -> None:
    assert not hidden(html)


def test_state_lasts_from_block_to_block() -> None:
    assert hidden("<details>", "<b>")
    assert not hidden("<details>", "<b>", "</details>")
    assert hidden("<div title='", "</div>")
    assert not hidden("<div title='", "'></div>")


def test_only_text_with_such_html_is_looked_at() -> None:
    assert may_hide("a <details>")
    assert may_hide("a <!-- b")
    assert may_hide("</DEL>")
    assert not may_hide("a < b, <model> and <detailed>")


@given(st.lists(st.sampled_from(["<details>", "</details>", "<del a='b'>", "</del>", "<!-- x -->", "text", "<br>"]), max_size=12))
def test_it_makes_no_difference_how_html_is_cut_into_pieces(pieces: list[str]) -> None:
    assert hidden(*pieces) == hidden("".join(pieces))
