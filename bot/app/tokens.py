"""Tokens of installations: for the repositories and permissions that are needed, kept until shortly before they end.

Made once, however many ask for it at the same time, and forgotten when GitHub takes it no more.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any

from bot.app.installations import as_the_app
from bot.app.newest import Newest
from bot.gateway.transport import Answer, Transport
from policy.problems import OutsideProblem

EARLY = 300.0
"""Seconds before its end at which a token is replaced: what begins with it has time to finish."""
_MOST = 4096


@dataclass(frozen=True)
class Scope:
    """What a token may be used for. `repositories` are numeric ids or, where those are not known, names; none means all."""

    installation: int
    permissions: tuple[tuple[str, str], ...]
    repositories: tuple[int | str, ...]

    @classmethod
    def of(cls, installation: int, permissions: Mapping[str, str], repositories: Iterable[int | str] = ()) -> "Scope":
        """The same scope whatever the order."""
        return cls(installation, tuple(sorted(permissions.items())), tuple(sorted(set(repositories), key=str)))

    def body(self) -> dict[str, Any]:
        """What GitHub is asked for."""
        numbers = [each for each in self.repositories if isinstance(each, int)]
        names = [each.rpartition("/")[2] for each in self.repositories if isinstance(each, str)]
        return {
            "permissions": dict(self.permissions),
            **({"repository_ids": numbers} if numbers else {}),
            **({"repositories": names} if names else {}),
        }


@dataclass(frozen=True)
class Minted:
    """A token, until when it is good by our clock, and the present names of its repositories by their numeric ids."""

    token: str = field(repr=False)
    until: float
    names: Mapping[int, str]


class Tokens:
    """The tokens of an App. `transport` speaks as the App itself."""

    def __init__(self, transport: Transport, clock: Callable[[], float] = time.time) -> None:
        self._transport, self._clock = transport, clock
        self._kept: Newest[Scope, Minted] = Newest(_MOST)
        self._flights: dict[Scope, Future[Minted]] = {}
        self._lock = Lock()

    def get(self, scope: Scope) -> Minted:
        """A token that is good for some minutes more.

        Raises NotThere for an installation that GitHub does not know, Forbidden for one that is suspended, Refused for what it
        was not granted or does not reach; whoever waited for the same token is told the same.
        """
        with self._lock:
            kept = self._kept.get(scope)
            if kept is not None and self._clock() < kept.until - EARLY:
                return kept
            flight = self._flights.get(scope)
            first = flight is None
            if flight is None:
                flight = self._flights[scope] = Future()
        if not first:
            return flight.result()
        try:
            minted = self._mint(scope)
        except BaseException as error:
            with self._lock:
                del self._flights[scope]
            flight.set_exception(error)
            raise
        with self._lock:
            self._kept.put(scope, minted)
            del self._flights[scope]
        flight.set_result(minted)
        return minted

    def drop(self, scope: Scope, token: str) -> None:
        """Forget a token that GitHub refused, unless another has taken its place."""
        self._kept.drop(lambda held, minted: held == scope and minted.token == token)

    def forget(self, installation: int) -> None:
        """Forget every token of an installation."""
        self._kept.drop(lambda held, _: held.installation == installation)

    def _mint(self, scope: Scope) -> Minted:
        path = f"/app/installations/{scope.installation}/access_tokens"
        # One token more than is used does no harm, so a lost answer is no reason to give up.
        answer = as_the_app(lambda: self._transport.send("POST", path, body=scope.body(), present=lambda: None))
        try:
            names = {each["id"]: each["full_name"] for each in answer.data.get("repositories") or ()}
            return Minted(str(answer.data["token"]), self._clock() + _life(answer), names)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise OutsideProblem("GitHub's answer holds no token", path, "See that GITHUB_API_URL is an API") from None


class InstallationToken:
    """The credential of one scope, for a transport."""

    def __init__(self, tokens: Tokens, scope: Scope) -> None:
        self._tokens, self._scope = tokens, scope

    def __repr__(self) -> str:
        return f"InstallationToken({self._scope})"

    def token(self) -> str:
        """The token for the next request."""
        return self._tokens.get(self._scope).token

    def refused(self, token: str) -> bool:
        """Forget it; the next is a new one."""
        self._tokens.drop(self._scope, token)
        return True


def _life(answer: Answer) -> float:
    """Seconds that a token lives, by GitHub's own clock at both ends, so that ours may be wrong."""
    ends = datetime.fromisoformat(answer.data["expires_at"]).timestamp()
    return ends - parsedate_to_datetime(answer.headers["date"]).timestamp()
