"""Whether GitHub sent these bytes: HMAC-SHA256 over the raw body, compared in constant time with every secret there is."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

HEADER = b"x-hub-signature-256"
_FORM = re.compile(rb"sha256=([0-9a-f]{64})\Z")
Headers = Iterable[tuple[bytes, bytes]]
"""Names in lower case and values, as they came: a header that was sent twice is there twice."""


def values(headers: Headers, name: bytes) -> list[bytes]:
    """Every value of a header."""
    return [value for key, value in headers if key == name]


def claimed(headers: Headers) -> bytes | None:
    """The one signature that the headers hold, as hex digits; None where there is none, several, or one of another form.

    SHA-1 never counts, nor does anything beside the exact form that GitHub writes.
    """
    found = values(headers, HEADER)
    matched = _FORM.match(found[0]) if len(found) == 1 else None
    return matched[1] if matched else None


def slot(signature: bytes, body: bytes, secrets: Mapping[str, bytes]) -> str | None:
    """The name of the secret that the body was signed with; None where it was none of these.

    Every secret is tried and bytes are compared in constant time, so that the time tells neither which one nor how close.
    """
    matching = [
        name
        for name, secret in secrets.items()
        if secret and hmac.compare_digest(hmac.new(secret, body, hashlib.sha256).hexdigest().encode(), signature)
    ]
    return matching[0] if matching else None
