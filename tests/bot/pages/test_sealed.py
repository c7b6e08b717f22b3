"""What is sealed is read by nobody else, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pages.sealed import Seal

VALUES = st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.booleans() | st.none(), max_size=4)


@given(VALUES, st.binary(max_size=40))
def test_what_was_sealed_is_read_again(value: dict[str, object], purpose: bytes) -> None:
    assert Seal("k" * 32).open(Seal("k" * 32).close(value, purpose), purpose) == value


@given(VALUES, st.data())
def test_a_changed_bit_another_key_or_another_purpose_opens_nothing(value: dict[str, object], data: st.DataObject) -> None:
    seal = Seal("k" * 32)
    sealed = seal.close(value, b"one")
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytes([*sealed[:at], sealed[at] ^ (1 << data.draw(st.integers(0, 7))), *sealed[at + 1 :]])
    assert seal.open(changed, b"one") is None
    assert seal.open(sealed, b"two") is None
    assert Seal("l" * 32).open(sealed, b"one") is None


@pytest.mark.parametrize("junk", [b"", b"x", b"x" * 11, b"x" * 12, b"x" * 13, b"x" * 200])
def test_junk_opens_nothing(junk: bytes) -> None:
    assert Seal("k" * 32).open(junk, b"one") is None


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert Seal("k" * 32).close({"a": 1}, b"one") != Seal("k" * 32).close({"a": 1}, b"one")
