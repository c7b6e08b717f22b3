"""The characters of a text and its words."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.texts.characters import KINDS, codes, kinds, words


@settings(deadline=None)
@given(st.text())
def test_the_kinds_are_those_of_unicode(text: str) -> None:
    assert [KINDS[kind] for kind in kinds(codes(text))] == [unicodedata.category(character)[0] for character in text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The flight, (No. 12) was_late!", ["the", "flight", "no", "12", "was_late"]),
        ("\u0939\u093f\u0928\u094d\u0926\u0940 \u0939\u0948", ["\u0939\u093f\u0928\u094d\u0926\u0940", "\u0939\u0948"]),
        ("\u822a\u73ed\u665a\u4e86\u3002ok", ["\u822a", "\u73ed", "\u665a", "\u4e86", "ok"]),
        ("\u30d5\u30e9\u30a4\u30c8\u30fb\u9045\u308c", ["\u30d5", "\u30e9", "\u30a4", "\u30c8", "\u9045", "\u308c"]),
        ("\u2764\ufe0f \u2026", []),
    ],
)
def test_words_are_runs_of_letters_with_their_marks_and_single_signs_of_chinese_and_japanese(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected


@settings(deadline=None)
@given(st.text(st.characters(codec="ascii")))
def test_plain_text_has_the_words_it_has_beside_others(text: str) -> None:
    assert words(f"\u00e9 {text}") == ["\u00e9", *words(text)]


@settings(deadline=None)
@given(st.text())
def test_how_a_mark_is_written_makes_no_other_word(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(text)
