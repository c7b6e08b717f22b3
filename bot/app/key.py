"""The App's private key. It signs, and shows itself to nobody: not in a repr, a log, a problem or a pickle."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NoReturn

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from policy.problems import UserProblem

WHERE = "ASSAY_PRIVATE_KEY"
_ADVICE = "Give the PEM file that GitHub made for the App, whole, or its base64"
_SHORTEST = 2048


class PrivateKey:
    """An RSA key that signs the App's tokens."""

    __slots__ = ("_key",)

    def __init__(self, key: RSAPrivateKey) -> None:
        self._key = key

    @classmethod
    def parse(cls, text: str) -> "PrivateKey":
        r"""From PEM text, from base64 of it, or from PEM whose line ends were written as `\n` to fit on one line.

        Raises UserProblem, which never quotes what was given.
        """
        try:
            found = load_pem_private_key(_pem(text).encode(), None)
        except TypeError:
            raise UserProblem("the private key is locked with a passphrase", WHERE, _ADVICE) from None
        except (ValueError, UnsupportedAlgorithm):
            raise UserProblem("not a private key that can sign", WHERE, _ADVICE) from None
        if not isinstance(found, RSAPrivateKey) or found.key_size < _SHORTEST:
            raise UserProblem(f"not an RSA key of {_SHORTEST} bits or more, which GitHub makes", WHERE, _ADVICE)
        return cls(found)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JSON web token with these claims, signed with RS256."""
        return jwt.encode(dict(claims), self._key, "RS256")

    def __repr__(self) -> str:
        return "PrivateKey(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not written anywhere")


def _pem(text: str) -> str:
    text = text.strip()
    if "-----BEGIN" not in text:
        try:
            text = base64.b64decode("".join(text.split()), validate=True).decode("ascii").strip()
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return text.replace("\\n", "\n")
