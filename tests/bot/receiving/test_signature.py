"""Whether GitHub sent these bytes."""

import hashlib
import hmac
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.receiving import signature
from bot.receiving.signature import claimed, slot

OFFICIAL = b"757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
SECRETS = {"current": b"the-secret-of-today", "old": b"the-secret-of-yesterday"}
GOOD = b"sha256=" + OFFICIAL


def signed(value: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"x-hub-signature-256", value)]


def test_wh_01_githubs_own_example_is_verified() -> None:
    given = claimed(signed(GOOD))
    assert given == OFFICIAL
    assert slot(given, b"Hello, World!", {"current": b"It's a Secret to Everybody"}) == "current"


def test_wh_02_without_a_signature_there_is_none() -> None:
    assert claimed([(b"content-type", b"application/json")]) is None


def test_wh_03_sha_1_is_never_looked_at() -> None:
    sha1 = b"sha1=" + hmac.new(b"x", b"{}", hashlib.sha1).hexdigest().encode()
    assert claimed([(b"x-hub-signature", sha1)]) is None
    assert claimed(signed(sha1)) is None


@pytest.mark.parametrize("value", ["sha256=é".encode(), b"sha256=\xe9", "sha256=é".encode("utf-16"), b"sha256=" + b"\xe9" * 64])
def test_wh_04_bytes_that_are_no_text_are_no_signature(value: bytes) -> None:
    assert claimed(signed(value)) is None


@pytest.mark.parametrize(
    "value",
    [
        GOOD[:-1], GOOD + b"0", b"sha256=" + b"g" * 64, GOOD.upper(), b"SHA256=" + OFFICIAL, b" " + GOOD, GOOD + b" ",
        GOOD + b"\n", GOOD + b"," + GOOD, GOOD + b", sha256=" + OFFICIAL, OFFICIAL, b"sha256:" + OFFICIAL, b"sha256=", b"",
    ],
)  # fmt: skip
def test_wh_05_anything_but_githubs_exact_form_is_no_signature(value: bytes) -> None:
    assert claimed(signed(value)) is None


def test_wh_05_two_signatures_are_none_even_where_both_are_right() -> None:
    assert claimed(signed(GOOD) * 2) is None


@given(st.binary(max_size=200))
def test_wh_05_whatever_is_not_the_form_is_refused(value: bytes) -> None:
    found = claimed(signed(value))
    assert (found is not None) == bool(re.fullmatch(rb"sha256=[0-9a-f]{64}", value))


@given(body=st.binary(max_size=300), other=st.binary(max_size=300))
def test_wh_10_the_slot_is_that_of_the_secret_in_whatever_order_they_stand(body: bytes, other: bytes) -> None:
    for name, secret in SECRETS.items():
        made = hmac.new(secret, body, hashlib.sha256).hexdigest().encode()
        assert slot(made, body, SECRETS) == name
        assert slot(made, body, dict(reversed(SECRETS.items()))) == name
        assert slot(made, body, {key: value for key, value in SECRETS.items() if key != name}) is None
        assert (slot(made, other, SECRETS) is None) == (other != body)


def test_an_empty_secret_signs_for_nobody() -> None:
    made = hmac.new(b"", b"{}", hashlib.sha256).hexdigest().encode()
    assert slot(made, b"{}", {"current": b""}) is None
    assert slot(made, b"{}", {}) is None


def test_every_secret_is_compared_in_constant_time_and_as_bytes_even_after_one_matched(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def comparing(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(signature, "hmac", SimpleNamespace(new=hmac.new, compare_digest=comparing))
    made = hmac.new(SECRETS["current"], b"{}", hashlib.sha256).hexdigest().encode()
    assert slot(made, b"{}", SECRETS) == "current"
    assert len(compared) == len(SECRETS)
    assert all(isinstance(each, bytes) for pair in compared for each in pair)
