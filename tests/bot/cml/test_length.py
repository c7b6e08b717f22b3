"""A report of any length fits, closes what it opened, and says what is missing."""

from hypothesis import given
from hypothesis import strategies as some

from bot.cml.length import COMMENT_LIMIT, fit

NOTE = "*cut*\n"
LINES = some.lists(
    some.sampled_from(["text", "größe 😀", "```", "~~~~", "<details>", "</details>", "| a | b |", ""]), max_size=60
)


def test_ga_14_a_report_over_the_limit_is_cut_and_says_so() -> None:
    text, cut = fit("a line of a report\n" * 10_000, COMMENT_LIMIT, NOTE, "<!-- mark -->")
    assert cut
    assert len(text.encode()) <= COMMENT_LIMIT
    assert text.endswith("*cut*\n\n<!-- mark -->")


def test_characters_of_several_bytes_fit_however_they_are_counted() -> None:
    text, _ = fit("😀" * 30 + "\n" + "😀\n" * 40_000, COMMENT_LIMIT, NOTE)
    assert len(text.encode("utf-16-le")) // 2 <= COMMENT_LIMIT


def test_a_short_report_stays_as_it_is() -> None:
    assert fit("# Hello\n", 100, NOTE, "<!-- m -->") == ("# Hello\n\n<!-- m -->", False)
    assert fit("# Hello\n", 100, NOTE) == ("# Hello\n", False)


def test_an_open_fence_and_open_details_are_closed_before_the_note() -> None:
    text, _ = fit("<details>\n\n```python\n" + "x = 1\n" * 200, 300, NOTE)
    assert text.endswith("x = 1\n```\n\n</details>\n\n*cut*\n")


def test_one_line_that_is_longer_than_everything_leaves_the_note() -> None:
    assert fit("x" * 1000, 100, NOTE, "<!-- m -->") == ("\n*cut*\n\n<!-- m -->", True)


@given(LINES, some.integers(60, 400))
def test_whatever_is_cut_fits_and_ends_with_mark(lines: list[str], limit: int) -> None:
    text, cut = fit("\n".join(lines), limit, NOTE, "<!-- m -->")
    assert len(text.encode()) <= limit
    assert text.endswith("<!-- m -->")
    assert cut == ("*cut*" in text)
