"""The language of a text."""

from typing import get_args

import pytest

from actions.texts.characters import words
from actions.texts.language import LANGUAGES, language
from policy.texts import Language


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
        ("这家餐厅的味道非常好我们都很喜欢鲜の美味推荐大家", "zh"),
        ("यह उड़ान देर से आई", "hi"),
        ("เที่ยวบินล่าช้ามาก", "th"),
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
    assert language(text, words(text)) == expected


def test_the_policy_can_allow_just_what_can_be_told() -> None:
    assert set(get_args(Language)) == LANGUAGES


def test_few_frequent_words_among_many_tell_nothing() -> None:
    others = [f"kqz{index}wvut" for index in range(30)]
    assert language("x" * 20, ["the", "and", *others]) is None
    assert language("x" * 20, ["the", "and", *others[:10]]) == "en"
    assert language("x" * 20, ["the", *others[:5]]) is None


def test_what_two_languages_share_tells_neither() -> None:
    assert language("x" * 20, ["de", "la", "kqz"]) is None


def test_one_foreign_letter_makes_no_other_language() -> None:
    assert language("the angle \u03b1 of the flight was wide", words("the angle \u03b1 of the flight was wide")) == "en"
