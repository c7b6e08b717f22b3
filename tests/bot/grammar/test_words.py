"""Words as a shell splits them, with nothing expanded, and faults that point at their place."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.faults import Fault
from bot.grammar.words import LONGEST_LINE, MOST_WORDS, Word, split
from reports.markdown import visible
from tests.bot.grammar.material import INVISIBLE, work


def texts(line: str) -> list[str]:
    return [word.text for word in split(line)]


def fault(line: str) -> Fault:
    with pytest.raises(Fault) as raised:
        split(line)
    return raised.value


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        (" \t ", []),
        ("a  b\tc", ["a", "b", "c"]),
        ("'a b' \"c d\"", ["a b", "c d"]),
        ("''", [""]),
        ("--because=\"a b\" c='d e'", ["--because=a b", "c=d e"]),
        ("a\\ b", ["a b"]),
        ('"a \\" b \\\\"', ['a " b \\']),
        ("'a \\ b'", ["a \\ b"]),
        ("don't it's", ["don't", "it's"]),
        ('5"', ['5"']),
        ('"it\'s"', ["it's"]),
        ("$HOME $(id) `id` * ~ {a,b} !x", ["$HOME", "$(id)", "`id`", "*", "~", "{a,b}", "!x"]),
        ("a#b # c", ["a#b", "#", "c"]),
        ("中文 é", ["中文", "é"]),
    ],
)
def test_words_are_split_and_nothing_is_expanded(line: str, words: list[str]) -> None:
    assert texts(line) == words


def test_a_word_knows_its_place_and_what_of_it_was_bare() -> None:
    assert split("x --a='b c' \\-d \"e\"", 1) == (
        Word("--a=b c", 2, 11, 4),
        Word("-d", 12, 15, 0),
        Word("e", 16, 19, 0),
    )
    assert [word.quoted for word in split("a 'b' c\\d e='' ''")] == [False, True, True, True, True]


@pytest.mark.parametrize(
    ("line", "start", "why"),
    [
        ('a "unclosed', 2, "never closed"),
        ("a 'unclosed\\'", 2, "behind a closing quote"),
        ("a b='", 4, "never closed"),
        ("a b\\", 3, "backslash"),
        ('"a\\', 2, "backslash"),
        ('"a\\"', 0, "never closed"),
        ('"a"b', 3, "blank"),
        ("a “b”", 2, "typographic quotes"),
        ("a b=‘c’", 4, "typographic quotes"),
        ("a —full", 2, "two hyphens"),
    ],
)
def test_cp_12_what_has_no_reading_is_pointed_at(line: str, start: int, why: str) -> None:
    if line == "a 'unclosed\\'":
        assert texts(line) == ["a", "unclosed\\"]
        return
    found = fault(line)
    assert (found.start, why in found.what.source) == (start, True)


def test_a_dash_of_a_phone_is_a_slip() -> None:
    assert fault("—because 'x'").suggestion == "--because"
    assert texts("a - b") == ["a", "-", "b"]
    assert texts("a – b") == ["a", "–", "b"]


def test_cp_12_a_line_has_so_many_characters_and_words_and_no_more() -> None:
    assert len(split("a " * MOST_WORDS)) == MOST_WORDS
    assert fault("a " * (MOST_WORDS + 1)).start == 2 * MOST_WORDS
    assert "at most 50 words" in fault("a " * 1_000).what.source
    assert len(split("a" * LONGEST_LINE)) == 1
    assert "at most 2,000 characters" in fault("a" * 70_000).what.source
    assert "at most 2,000 characters" in fault("a " * 5_000).what.source


@pytest.mark.parametrize("character", INVISIBLE)
@pytest.mark.parametrize("around", [("a ", "b"), ("a '", "'"), ("a b=c", ""), ("", "a")])
def test_cp_22_what_cannot_be_seen_is_refused_at_its_place(character: str, around: tuple[str, str]) -> None:
    before, after = around
    found = fault(before + character + after)
    assert found.start == len(before)
    assert f"U+{ord(character):04X}" in found.what.source
    assert character not in found.what.source


@pytest.mark.parametrize("text", ["שלום", "سلام", "a١b"])
def test_cp_22_text_from_right_to_left_is_refused(text: str) -> None:
    found = fault(f"abc '{text}'")
    assert "right to left" in found.what.source
    assert found.start in (5, 6)


def test_what_is_before_the_arguments_is_not_split() -> None:
    assert [word.text for word in split("/tr'ain a", 7)] == ["a"]


@pytest.mark.parametrize("piece", ['"', "'", "\\", "\\ ", "a=", '"" ', "a\u0301", "e\u0301\u0301\u0301\u0301", "“", "= "])
def test_cp_12_work_grows_no_faster_than_the_line(piece: str) -> None:
    def reading(size: int) -> int:
        def attempt() -> None:
            with contextlib.suppress(Fault):
                split(piece * (size // len(piece)))

        return work(attempt)

    assert reading(2_000) < 6 * reading(500) + 2_000


seen = st.text(st.characters(categories=["L", "N", "P", "S"]) | st.just(" "), max_size=60).filter(
    lambda text: visible(text) == text and not any(fault_of(f"'{each}'") for each in text if each not in "'\\")
)


def fault_of(line: str) -> Fault | None:
    try:
        split(line)
    except Fault as found:
        return found
    return None


@given(st.lists(seen, max_size=6))
def test_quoting_round_trips(words: list[str]) -> None:
    double = " ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    escaped = " ".join("".join("\\" + each for each in word) for word in words if word)
    named = " ".join('k="' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    assert texts(double) == words
    assert texts(escaped) == [word for word in words if word]
    assert texts(named) == [f"k={word}" for word in words]
    assert not any(word.bare for word in split(double))
    assert not any(word.bare for word in split(escaped))
    assert all(word.bare == 2 for word in split(named))


@given(st.text(max_size=300) | st.text("'\"\\= -a\t“—\u202e", max_size=300))
def test_any_line_is_split_or_pointed_at(line: str) -> None:
    found = fault_of(line)
    if found is not None:
        assert 0 <= found.start < len(line)
        return
    for word in split(line):
        assert word.bare <= len(word.text) <= word.end - word.start
        assert line[word.start : word.start + word.bare] == word.text[: word.bare]
