"""Values and names as text that fits into facts."""

from actions.data.text import column_name, cut, shown, sound


def test_a_name_is_never_empty_and_never_too_long() -> None:
    assert column_name("") == "(unnamed)"
    assert len(column_name("x" * 900)) == 500
    assert column_name("spalte ü") == "spalte ü"


def test_a_cut_shows() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"


def test_a_value_is_masked_before_it_is_cut() -> None:
    assert shown("x" * 300 + "secret", lambda text: text.replace("x", "").replace("secret", "•••")) == "•••"
    assert shown(None, str) == "null"
    assert len(shown("x" * 900, str)) == 200


def test_a_name_that_is_no_utf_8_can_be_written() -> None:
    assert sound("caf\udce9/\u00e9.txt").encode() == b"caf\\udce9/\xc3\xa9.txt"
