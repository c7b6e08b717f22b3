"""A fault points at its place, and what it shows of the line stays text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.grammar.faults import pointed
from tests.reports.test_markdown import HOSTILE, kinds


def rows(text: str, start: int, length: int = 1) -> tuple[str, str]:
    _, line, carets, _ = pointed(text, start, length).source.split("\n")
    return line, carets


def test_carets_stand_under_the_place() -> None:
    assert rows("/train lr=0.1 --comit", 14, 7) == ("/train lr=0.1 --comit", "              ^^^^^^^")


def test_the_end_of_a_line_has_one_too() -> None:
    assert rows("/compare", 8) == ("/compare", "        ^")


def test_a_long_line_shows_what_stands_around_the_place() -> None:
    line, carets = rows("/train " + "a" * 500 + "!" + "b" * 500, 507)
    assert line[carets.index("^")] == "!"
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 110


def test_carets_count_columns_and_not_characters() -> None:
    assert rows("/hold 中文x", 8)[1] == " " * 10 + "^"
    assert rows("/hold e\u0301x", 8)[1] == " " * 7 + "^"


def test_what_is_spelled_out_is_counted_as_it_is_shown() -> None:
    line, carets = rows("/hold a\u202eb <!-- c", 10, 4)
    assert line == "/hold a\\u{202e}b \\u{3c}!-- c"
    assert carets == " " * line.index("\\u{3c}") + "^" * len("\\u{3c}!--")
    assert rows("/hold \u202e", 6)[1] == " " * 6 + "^" * len("\\u{202e}")


@pytest.mark.parametrize("text", [each for each in HOSTILE if "\n" not in each])
def test_cp_23_the_line_is_one_code_block_whatever_is_in_it(text: str) -> None:
    assert kinds(pointed(f"/train {text}", 3, 9).source) == {"fence"}


@given(st.text(st.characters(exclude_characters="\n\r"), max_size=200), st.integers(0, 200), st.integers(0, 200))
@example("`" * 300, 5, 5)
@example("<!-- -->" * 30, 100, 40)
def test_cp_23_any_text_at_any_place(text: str, start: int, length: int) -> None:
    source = pointed(text, min(start, len(text)), length).source
    assert kinds(source) == {"fence"}
    assert "<!--" not in source
    assert "-->" not in source
    assert "^" in source.split("\n")[2]
