"""How the App itself speaks to GitHub: a JSON web token that it signs, good for minutes."""

import time
from collections.abc import Callable
from typing import Any

from bot.app.key import PrivateKey

_SKEW = 60
"""Seconds by which this machine's clock may be ahead of GitHub's or behind it, as GitHub's documentation advises."""
_LONGEST = 600
"""Seconds from now that GitHub lets such a token live."""


def claims(app_id: int, now: float) -> dict[str, Any]:
    """What the token says: issued a minute ago, over before GitHub's ten minutes are, wherever in the minute its clock stands."""
    return {"iat": int(now) - _SKEW, "exp": int(now) + _LONGEST - _SKEW, "iss": str(app_id)}


class AppToken:
    """The App's own credential. A token is signed anew for each request, which takes a millisecond."""

    def __init__(self, app_id: int, key: PrivateKey, clock: Callable[[], float] = time.time) -> None:
        self._app_id, self._key, self._clock = app_id, key, clock

    def __repr__(self) -> str:
        return f"AppToken({self._app_id})"

    def token(self) -> str:
        """A token for the next request."""
        return self._key.sign(claims(self._app_id, self._clock()))

    def refused(self, token: str) -> bool:
        """GitHub does not take it: the key or the clock is wrong, and another token would be no better."""
        return False
