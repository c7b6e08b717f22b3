"""The App's key is read in every form people keep it in, and shown in none."""

import base64
import copy
import pickle
import textwrap
from functools import cache

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.key import PrivateKey
from policy.problems import UserProblem

NONE = serialization.NoEncryption()


@cache
def key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def pem(made: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, form: str = "TraditionalOpenSSL", lock: bytes | None = None) -> str:
    how = serialization.BestAvailableEncryption(lock) if lock else NONE
    return made.private_bytes(serialization.Encoding.PEM, getattr(serialization.PrivateFormat, form), how).decode()


def signs(text: str) -> bool:
    signed = PrivateKey.parse(text).sign({"iss": "1"})
    return jwt.get_unverified_header(signed)["alg"] == "RS256" and jwt.decode(signed, key().public_key(), ["RS256"]) == {
        "iss": "1"
    }


@pytest.mark.parametrize("form", ["TraditionalOpenSSL", "PKCS8"])
def test_pem_base64_and_one_line_are_the_same_key(form: str) -> None:
    text = pem(key(), form)
    for given_as in (
        text,
        f"\n  {text}\n\n",
        text.replace("\n", "\r\n"),
        base64.b64encode(text.encode()).decode(),
        text.replace("\n", "\\n"),
    ):
        assert signs(given_as)


@settings(max_examples=20, deadline=None)
@given(width=st.integers(1, 200), indent=st.sampled_from(["", " ", "\t"]))
def test_base64_may_be_wrapped_in_any_way(width: int, indent: str) -> None:
    lines = textwrap.wrap(base64.b64encode(pem(key()).encode()).decode(), width)
    assert PrivateKey.parse("\n".join(indent + line for line in lines)).sign({}).count(".") == 2


@pytest.mark.parametrize(
    "text", ["", "  ", "canary-canary", "-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----", "Y2FuYXJ5"]
)
def test_ap_08_what_is_no_key_is_a_problem_that_does_not_quote_it(text: str) -> None:
    with pytest.raises(UserProblem, match="not a private key") as caught:
        PrivateKey.parse(text)
    assert caught.value.where == "ASSAY_PRIVATE_KEY" and "canary" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_keys_that_github_does_not_make_are_refused() -> None:
    with pytest.raises(UserProblem, match="passphrase"):
        PrivateKey.parse(pem(key(), lock=b"canary"))
    for other in (pem(ec.generate_private_key(ec.SECP256R1())), pem(key(1024))):
        with pytest.raises(UserProblem, match="2048 bits"):
            PrivateKey.parse(other)
    public = key().public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(UserProblem, match="not a private key"):
        PrivateKey.parse(public.decode())


def test_ap_08_the_key_is_in_no_repr_and_is_neither_pickled_nor_copied() -> None:
    found = PrivateKey.parse(pem(key()))
    assert repr(found) == str(found) == f"{found}" == "PrivateKey(hidden)"
    for write in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not written"):
            write(found)
