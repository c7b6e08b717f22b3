"""One text: its encoding, its measures and its signature."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.images.alike import groups
from actions.texts import look as module
from actions.texts.characters import words
from actions.texts.look import Broken, Seen, decode, signature

WORDS = [f"word{index}" for index in range(200)]


def look(text: str) -> Seen:
    return module.look(text, words(text))


def differ(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_what_is_not_utf_8_says_where_and_a_byte_order_mark_is_no_text() -> None:
    with pytest.raises(Broken, match="it is not UTF-8 at byte 3"):
        decode("caf\u00e9".encode("latin-1"))
    assert decode(b"\xef\xbb\xbfhello") == "hello"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a \ufffd b", "replacement"),
        ("a\x00b", "control"),
        ("a\x85b", "control"),
        ("caf\u00e9".encode().decode("latin-1"), "garbled"),
        ("stra\u00dfe".encode().decode("cp1252"), "garbled"),
        ("it\u2019s".encode().decode("cp1252"), "garbled"),
    ],
)
def test_characters_that_were_garbled_are_a_fault(text: str, said: str) -> None:
    assert said in (look(text).fault or "")


@pytest.mark.parametrize(
    "text", ["caf\u00e9, stra\u00dfe\r\n\tS\u00c3O PAULO", "\u201cIRM\u00c3\u201d", "\u00e2ge \u00c2ge", "日本語", ""]
)
def test_sound_text_has_no_fault(text: str) -> None:
    assert look(text).fault is None


def test_a_text_is_measured_in_characters_words_and_shares() -> None:
    seen = look("ab 12, c")
    assert (seen.characters, seen.words, seen.letters, seen.digits, seen.punctuation) == (8, 3, 3 / 8, 2 / 8, 1 / 8)
    assert (look("...").words, look("").letters, look(" \n").signature) == (0, 0.0, None)
    assert look("\U0001f44d !").signature == look("\U0001f44d  !").signature is not None, "without words, what there is instead"


def test_a_text_of_more_runs_than_are_hashed_at_once_has_the_same_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = signature(WORDS)
    monkeypatch.setattr(module, "_BLOCK", 7)
    assert signature(WORDS) == whole


def test_case_and_marks_do_not_matter_to_the_signature_and_few_changed_words_matter_little() -> None:
    assert look("The flight, was LATE!").signature == look("the flight was late").signature
    assert signature(WORDS[:9]) != signature(WORDS[8::-1]), "the order matters"
    changed = [*WORDS[:100], "other", *WORDS[101:]]
    assert 0 < differ(signature(WORDS), signature(changed)) <= 16
    assert differ(signature(WORDS), signature([f"{word}x" for word in WORDS])) > 32


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS[:6]), min_size=1, max_size=12), max_size=12), st.integers(0, 16))
def test_groups_are_those_that_comparing_all_pairs_finds(texts: list[list[str]], within: int) -> None:
    signatures = [signature(each) for each in texts]
    parts = [{index} for index in range(len(texts))]
    for one in range(len(texts)):
        for other in range(one):
            if differ(signatures[one], signatures[other]) <= within:
                joined = [part for part in parts if part & {one, other}]
                parts = [part for part in parts if part not in joined] + [set().union(*joined)]
    assert sorted(groups(signatures, within)) == sorted(sorted(part) for part in parts if len(part) > 1)
