"""Text as the numbers of word pieces."""

import pytest

from actions.texts.wordpiece import LONGEST, pieces

VOCABULARY = {
    piece: number for number, piece in enumerate(["[CLS]", "[SEP]", "[UNK]", "un", "##like", "##ly", "cafe", ",", "航", "["])
}


def said(text: str, *, lower: bool = True, most: int = 20) -> list[str]:
    names = list(VOCABULARY)
    return [names[number] for number in pieces(text, VOCABULARY, lower=lower, most=most)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Unlikely", ["un", "##like", "##ly"]),
        ("un,un", ["un", ",", "un"]),
        ("Caf\u00c9", ["cafe"]),
        ("unfit", ["[UNK]"]),
        ("航航", ["航", "航"]),
        ("u\u200bn\x00", ["un"]),
        ("un\u3000un", ["un", "un"]),
        ("un" + "like" * (LONGEST // 4), ["[UNK]"]),
        ("[SEP]", ["[", "[UNK]", "[UNK]"]),
    ],
)
def test_a_text_is_the_longest_pieces_from_the_start_of_each_word(text: str, expected: list[str]) -> None:
    assert said(text) == ["[CLS]", *expected, "[SEP]"]


def test_large_letters_and_accents_count_where_the_model_knows_them() -> None:
    assert said("Un", lower=False) == ["[CLS]", "[UNK]", "[SEP]"]


def test_the_marks_are_among_the_most_pieces() -> None:
    assert said("un " * 50, most=4) == ["[CLS]", "un", "un", "[SEP]"]
