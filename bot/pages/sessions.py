"""Who is signed in: a row for each session, which only the browser that holds its secret can open.

The cookie is a random number and holds nothing. The row's id is a hash of it, and the row is sealed with a key made of it and of
ASSAY_SESSION_KEY: neither the table nor the cookie alone tells a token. Signing out deletes the row, so a copy of the cookie is
worth nothing from then on.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.pages.sealed import Seal
from bot.receiving.database import Database, sessions

LONGEST = 8 * 3600
"""Seconds that a session lasts at most; GitHub's tokens for people last as long."""
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True)
class Person:
    """An account of GitHub's; the numeric id stays when it is renamed."""

    id: int
    login: str


@dataclass(frozen=True)
class Session:
    """A session: whose it is, by which token GitHub is asked for them, and what their forms carry."""

    id: str
    person: Person
    token: str = field(repr=False)
    csrf: str = field(repr=False)


class Sessions:
    """The sessions of one database."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database, self._seal = database, seal

    def begin(self, person: Person, token: str, seconds: int | None) -> str:
        """A new session, for as long as the token lasts; what the cookie is to hold. Those that ran out are forgotten."""
        cookie = secrets.token_urlsafe(32)
        value = {"id": person.id, "login": person.login, "token": token, "csrf": secrets.token_urlsafe(32)}
        lasts = min(LONGEST, seconds) if seconds else LONGEST
        with self._database.quick.begin() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.ends < self._database.now))
            row = {"id": _row(cookie), "sealed": self._seal.close(value, _purpose(cookie))}
            connection.execute(sa.insert(sessions).values(**row, ends=self._database.now + lasts * 1000))
        return cookie

    def find(self, cookie: str) -> Session | None:
        """The session of a cookie; None where there is none, or it ran out."""
        if not _COOKIE.match(cookie):
            return None
        wanted = sa.select(sessions.c.sealed).where(sessions.c.id == _row(cookie), sessions.c.ends > self._database.now)
        with self._database.reads.connect() as connection:
            sealed = connection.execute(wanted).scalar_one_or_none()
        found = self._seal.open(sealed, _purpose(cookie)) if sealed is not None else None
        if found is None:
            return None
        return Session(_row(cookie), Person(int(found["id"]), str(found["login"])), str(found["token"]), str(found["csrf"]))

    def end(self, cookie: str) -> None:
        """Forget a session; one that is not there is no problem."""
        if _COOKIE.match(cookie):
            with self._database.quick.begin() as connection:
                connection.execute(sa.delete(sessions).where(sessions.c.id == _row(cookie)))


def _row(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _purpose(cookie: str) -> bytes:
    return b"session " + cookie.encode()
