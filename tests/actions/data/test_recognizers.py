"""The forms of personal values, one by one, and the words of a column's name."""

from collections.abc import Callable

import pytest

from actions.data.recognizers import RECOGNIZERS, address, bare, card, email, iban, nino, phone, stdnum, telling_address, words
from tests.actions.data.personal_values import ADDRESSES, CARDS, EMAILS, IBANS, PHONES


def test_each_check_knows_its_own() -> None:
    assert all(map(email, EMAILS))
    assert all(map(phone, PHONES))
    assert all(map(iban, IBANS))
    assert all(map(card, CARDS))
    assert all(map(address, ADDRESSES))
    assert nino("AB 12 34 56 C")


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (email, "icon@2x.png"),
        (email, "git@github.com"),
        (email, "x" * 65 + "@acme.org"),
        (phone, "+10000000000"),
        (phone, "2024561111"),
        (iban, "DE89370400440532013001"),
        (iban, "XX00"),
        (card, "4111111111111112"),
        (card, "9111111111111111"),
        (card, "4444444444444444"),
        (card, "0000000000000000"),
        (address, "256.1.1.1"),
        (address, "127.0.0.1"),
        (address, "0.0.0.0"),
        (address, "255.255.255.0"),
        (telling_address, "1.2.3.4"),
        (telling_address, "a::b"),
        (nino, "BG123456A"),
        (nino, "AB123456E"),
    ],
)
def test_what_only_looks_like_it_fails_the_check(check: Callable[[str], bool], value: str) -> None:
    assert not check(value)


def test_an_iban_is_seen_before_words_in_capitals() -> None:
    assert iban("DE89 3704 0044 0532 0130 00 MAIN STREET")


def test_separators_do_not_matter() -> None:
    assert bare("390.533.447-05") == "39053344705"
    assert card("4111 1111-1111 1111")


def test_a_check_that_raises_is_not_valid() -> None:
    from stdnum.cn import ric

    with pytest.raises(KeyError):
        ric.is_valid("529229200001010025")
    assert not stdnum("cn.ric", "529229200001010025")
    assert not stdnum("us.ssn", "\x00")


def test_a_name_is_read_in_words_whatever_its_style() -> None:
    assert {"customer", "email", "address", "emailaddress"} <= words("customerEmail_address")
    assert "ip" in words("client-IP") and "ip" not in words("zipcode") and "ip" not in words("ship")


def test_forms_that_share_a_kind_share_the_words_of_the_kind() -> None:
    for recognizer in RECOGNIZERS:
        assert recognizer.hints, recognizer.form
        assert 0 < recognizer.chance < 1
