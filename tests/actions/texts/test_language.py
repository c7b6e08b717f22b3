"""The language of a text."""

import pytest

from actions.texts.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the flight was late and they did not say why", "en"),
        ("der Flug war sehr spät und das ist nicht gut für mich", "de"),
        ("le vol est en retard et nous ne savons pas pourquoi", "fr"),
        ("el vuelo no llega a tiempo y los viajeros se quejan por todo", "es"),
        ("il volo è in ritardo e non so come fare con la valigia", "it"),
        ("het vliegtuig is te laat en ik ben niet op tijd voor de trein", "nl"),
        ("o voo não chegou e foi uma viagem muito longa com chuva", "pt"),
        ("рейс был задержан", "ru"),
        ("飛行機が遅れました", "ja"),
        ("航班晚点了", "zh"),
        ("비행기가 늦었습니다", "ko"),
        ("η πτήση καθυστέρησε", "el"),
        ("תאריך הטיסה השתנה", "he"),
        ("تأخرت الرحلة كثيرا", "ar"),
        ("", None),
        ("ok", None),
        ("kqzx wvut lmno prst hjkl", None),
        ("12345 67890 !!", None),
    ],
)
def test_a_language_is_told_by_script_and_frequent_words_or_not_at_all(text: str, expected: str | None) -> None:
    assert language(text, text.casefold().split()) == expected
