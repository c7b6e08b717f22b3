"""What is sealed can be read only by whoever holds the key and knows what it was sealed for."""

import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class Seal:
    """Seals small objects with AES-GCM, by a key of their own for each purpose."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def close(self, value: Mapping[str, Any], purpose: bytes) -> bytes:
        """A value, sealed for a purpose, which may hold a secret of its own."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher(purpose).encrypt(nonce, json.dumps(dict(value)).encode(), None)

    def open(self, sealed: bytes, purpose: bytes) -> dict[str, Any] | None:
        """What was sealed; None where another key, another purpose or another hand was at it."""
        try:
            found = json.loads(self._cipher(purpose).decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
        except (InvalidTag, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _cipher(self, purpose: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, b"assay pages", purpose).derive(self._key))
