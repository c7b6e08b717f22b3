"""Sends requests through PyGithub: bounded patience, all pages, and problems instead of exceptions.

PyGithub's own retries are off, because they also repeat what may not be repeated blindly (a POST) and what does not help
(a missing permission). Addresses out of answers are followed only where they lead to the same API. Several threads may share a
transport.
"""

import json
import logging
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Protocol

import requests
from github.Auth import AppAuthToken, Auth, Token
from github.Requester import Requester

from bot.gateway.address import belongs
from bot.gateway.allowance import Allowance
from bot.gateway.connections import Connections
from bot.gateway.created import Created
from bot.gateway.memory import Known, Memory
from bot.gateway.problems import NotThere, Postponed, Refused, Unauthorized, accepted, forbidden
from policy.problems import OutsideProblem, Problem

PER_PAGE = 100
_MOST_PAGES = 300
_ATTEMPTS = 4
_LONGEST_WAIT = 120.0
"""Seconds that one request may wait in all; a limit that lasts longer is the caller's to wait for."""
_UNTOLD_WAIT = 60.0
"""Seconds to wait out a secondary limit that does not say how long, as GitHub's documentation asks."""
_HOPS = 3
"""Redirects that one request follows, such as those of a renamed repository."""


@dataclass(frozen=True)
class Answer:
    """One answer: its status, its headers by lower-case name, its JSON (None where there is none)."""

    status: int
    headers: dict[str, str]
    data: Any


class Credential(Protocol):
    """A token that is made anew from time to time. Both methods are called from several threads."""

    def token(self) -> str:
        """The token to use now."""

    def refused(self, token: str) -> bool:
        """GitHub takes this token no more: forget it. Says whether another may be asked for."""


@dataclass
class Transport:
    """Sends requests to one API. `requests` counts them, tries included; `spacing` is the least number of seconds between writes.

    The token is kept in PyGithub's requester, or by the credential, so that no repr of ours holds it. `allowance` is that of the
    account, which other transports may share. With `may_wait`, what only reads is put off while little is left of the hour.
    `most` is how many requests it may send in all, where that is limited.
    """

    base: str
    requester: Requester = field(repr=False)
    connections: Connections = field(repr=False)
    pause: Callable[[float], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.time, repr=False)
    spacing: float = 1.0
    credential: Credential | None = field(default=None, repr=False)
    allowance: Allowance = field(default_factory=Allowance)
    memory: Memory = field(default_factory=Memory, repr=False)
    may_wait: bool = False
    most: int | None = None
    requests: int = 0
    _created: Created = field(default_factory=lambda: Created(""), repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    @classmethod
    def to(cls, base: str, token: str, timeout: int = 20) -> "Transport":
        """A transport with a token; `timeout` in seconds."""
        auth = Token(token) if token else None
        return cls(base, _requester(base, auth, timeout), Connections(base, timeout), _created=Created(base))

    @classmethod
    def of(cls, base: str, credential: Credential, allowance: Allowance, timeout: int = 20) -> "Transport":
        """A transport with a token that is made anew from time to time, and the allowance of the account that it is of."""
        found = cls.to(base, "", timeout)
        found.credential, found.allowance = credential, allowance
        return found

    def send(
        self,
        verb: str,
        path: str,
        *,
        body: Any = None,
        needs: dict[str, str] | None = None,
        present: Callable[[], Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request, again where that may help.

        `needs` are the permissions it takes, for the advice. `present` looks up what a POST would make: it is asked before the
        POST is repeated, and its finding is the answer. Raises Forbidden, NotThere, Refused, Postponed or OutsideProblem.
        """
        answer = self._send(verb, path, body, needs, present, headers)
        if 300 <= answer.status < 400:
            raise OutsideProblem("GitHub points to another address", f"{verb} {path}", "See what GITHUB_API_URL should be")
        return answer

    def _send(
        self,
        verb: str,
        path: str,
        body: Any,
        needs: dict[str, str] | None,
        present: Callable[[], Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """As `send`; an answer that leads out of the API is given as it is."""
        if self.may_wait and verb == "GET" and self.allowance.low(self.clock()):
            raise _postponed(path, self.allowance.resets)
        waited = 0.0
        for attempt in range(_ATTEMPTS):
            if attempt and present is not None and (found := present()) is not None:
                return Answer(200, {}, found)
            answer, failure = self._follow(verb, path, body, headers)
            if answer is not None and answer.status < 400:
                if verb == "POST" and isinstance(answer.data, dict):
                    self._created.note(answer.data.get("url"), self.clock())
                return answer
            wait = _backoff(attempt) if answer is None else self._wait(answer, attempt, path)
            problem = (
                OutsideProblem(failure, f"{verb} {path}", _LATER) if answer is None else _problem(verb, path, answer, needs or {})
            )
            repeatable = (
                verb != "POST" or present is not None or (answer is not None and (_limited(answer) or answer.status == 404))
            )
            if wait is None or not repeatable or attempt == _ATTEMPTS - 1 or waited + wait > _LONGEST_WAIT:
                raise problem
            self.pause(wait)
            waited += wait
        raise AssertionError("the last attempt raises")

    def pages(self, path: str, key: str | None = None, needs: dict[str, str] | None = None) -> Iterator[Any]:
        """Every item of a list, through all its pages. `key` names the list where the answer is an object."""
        url: str | None = f"{path}{'&' if '?' in path else '?'}per_page={PER_PAGE}"
        for _ in range(_MOST_PAGES):
            if url is None:
                return
            answer = self.send("GET", url, needs=needs)
            yield from answer.data[key] if key else answer.data
            url = self._next(answer, path)
        raise OutsideProblem(f"the list has more than {_MOST_PAGES} pages", path, "Delete what is not needed")

    def download(self, path: str, limit: int, needs: dict[str, str]) -> bytes:
        """The bytes that an address of the API redirects to, at most `limit`. The token is not sent along.

        Raises OutsideProblem where GitHub points nowhere or the transfer fails, Refused where there are more bytes.
        """
        answer = self._send("GET", path, None, needs)
        target = answer.headers.get("location", "")
        secure = target.startswith("https://") or (self.base.startswith("http://") and target.startswith("http://"))
        if answer.status not in (302, 307) or not secure:
            raise OutsideProblem("GitHub does not say where the file is", path, _LATER)
        for attempt in range(_ATTEMPTS):
            try:
                return _fetch(target, limit, path)
            except requests.RequestException as error:
                if attempt == _ATTEMPTS - 1:
                    raise OutsideProblem(f"the transfer failed ({type(error).__name__})", path, _LATER) from None
                self.pause(_backoff(attempt))
        raise AssertionError("the last attempt raises")

    def _follow(self, verb: str, path: str, body: Any, headers: dict[str, str] | None) -> tuple[Answer | None, str]:
        """One try, with the redirects that stay within the API; a repository that was renamed answers by them."""
        for _ in range(_HOPS):
            answer, failure = self._signed(verb, path, body, headers)
            target = answer.headers.get("location", "") if answer is not None and answer.status in (302, 307, 308) else ""
            if not belongs(target, self.base):
                return answer, failure
            path = target
        raise OutsideProblem("GitHub leads in a circle", f"{verb} {path}", "See what GITHUB_API_URL should be")

    def _signed(self, verb: str, path: str, body: Any, headers: dict[str, str] | None) -> tuple[Answer | None, str]:
        """One try; where the token was refused, once more with a fresh one. What got a 401 was not carried out."""
        if self.credential is None:
            return self._try(self.requester, verb, path, body, headers)
        token = self.credential.token()
        answer, failure = self._try(self.requester.withAuth(AppAuthToken(token)), verb, path, body, headers)
        if answer is not None and answer.status == 401 and self.credential.refused(token):
            fresh = self.requester.withAuth(AppAuthToken(self.credential.token()))
            return self._try(fresh, verb, path, body, headers)
        return answer, failure

    def _try(
        self, requester: Requester, verb: str, path: str, body: Any, headers: dict[str, str] | None
    ) -> tuple[Answer | None, str]:
        """One try: the answer, or in words why there is none."""
        known = self.memory.recall(path) if verb == "GET" and not headers else None
        sent = {"If-None-Match": known.etag} if known else dict(headers or {})
        if verb != "GET":
            self.allowance.turn(self.spacing, self.clock, self.pause)
        with self._lock:
            if self.most is not None and self.requests >= self.most:
                raise OutsideProblem(f"it takes more than the {self.most} requests that it may", f"{verb} {path}", "Ask for less")
            self.requests += 1
        try:
            with self.connections.one() as connection:
                status, found, text = requester.requestJson(verb, path, None, sent, body, connection)  # type: ignore[arg-type]
        except requests.Timeout:
            return None, "GitHub did not answer in time"
        except (requests.RequestException, OSError) as error:
            return None, f"GitHub cannot be reached ({type(error).__name__})"
        self.allowance.note(found)
        if status == 304 and known:
            with self._lock:
                self.requests -= 1
            status, text, found = 200, known.text, {**({"link": known.link} if known.link else {}), **found}
        elif status == 200 and verb == "GET" and not headers and (etag := found.get("etag")):
            self.memory.keep(path, Known(etag, text, found.get("link", "")))
        try:
            return Answer(status, found, json.loads(text) if text else None), ""
        except ValueError:
            # A proxy's page, or a redirect's text. Only its status tells anything.
            return Answer(status if status >= 300 else 502, found, None), ""

    def _wait(self, answer: Answer, attempt: int, path: str) -> float | None:
        """Seconds to wait before trying again; None where that does not help."""
        if answer.status == 404 and self._created.covers(path, self.clock()):
            return _backoff(attempt)
        if answer.status >= 500:
            return _number(answer.headers.get("retry-after", "")) or _backoff(attempt)
        if not _limited(answer):
            return None
        if told := _number(answer.headers.get("retry-after", "")):
            return told + random.uniform(0, 1)  # noqa: S311 - jitter, not a secret
        if answer.headers.get("x-ratelimit-remaining") == "0":
            reset = _number(answer.headers.get("x-ratelimit-reset", ""))
            return max(1.0, reset - self.clock()) + random.uniform(0, 1)  # noqa: S311
        return _UNTOLD_WAIT * random.uniform(1, 1.2)  # noqa: S311

    def _next(self, answer: Answer, path: str) -> str | None:
        found = re.search(r'<([^<>]+)>\s*;\s*rel="next"', answer.headers.get("link", ""))
        if not found:
            return None
        if not belongs(found[1], self.base):
            raise OutsideProblem("the list continues at another address", path, "See what GITHUB_API_URL should be")
        return found[1]


_LATER = "Try again later"


_UNHEARD = logging.Logger("bot.gateway.unheard", logging.CRITICAL + 1)
"""PyGithub would write whole answers to its log, and those that make an App or a token hold secrets."""


def _requester(base: str, auth: Auth | None, timeout: int) -> Requester:
    Requester.injectLogger(_UNHEARD)
    return Requester(
        auth=auth,
        base_url=base,
        timeout=timeout,
        user_agent="assay",
        per_page=PER_PAGE,
        verify=True,
        retry=0,
        pool_size=None,
        api_version="2022-11-28",
    )


def _postponed(path: str, resets: float) -> Postponed:
    told = datetime.fromtimestamp(resets, UTC).strftime("%H:%M UTC")
    return Postponed(
        "less than a tenth of the hour's requests is left, so what may wait does", f"GET {path}", f"Ask after {told}", resets
    )


def _problem(verb: str, path: str, answer: Answer, needs: dict[str, str]) -> Problem:
    place, said = f"{verb} {path}", _said(answer)
    if answer.status >= 500 or _limited(answer):
        what = "GitHub asks to wait" if _limited(answer) else f"GitHub failed ({answer.status})"
        return OutsideProblem(what, place, _LATER)
    if answer.status == 401:
        return Unauthorized("the token is not valid any more", place, "Give another, or make a new one")
    if answer.status == 403:
        return forbidden(place, said, accepted(answer.headers.get("x-accepted-github-permissions", "")) or needs)
    if answer.status in (404, 410):
        return NotThere(
            "GitHub has no such thing, or hides it from this token",
            place,
            "See that the name is right and what the token may read",
        )
    return Refused(f"GitHub refused it ({answer.status}: {said})", place, "Report this with what was being done")


def _said(answer: Answer) -> str:
    """GitHub's own words, in one short line."""
    data = answer.data if isinstance(answer.data, dict) else {}
    found = [str(data.get("message", ""))]
    errors = data.get("errors")
    found += [
        str(each.get("message") or each.get("code") or "") if isinstance(each, dict) else str(each) for each in errors or []
    ]
    return " ".join(" ".join(filter(None, found)).split())[:300] or "no reason given"


def _limited(answer: Answer) -> bool:
    """Whether a rate limit was met, which a missing permission (also 403) is not."""
    if answer.status == 429:
        return True
    said = _said(answer).lower()
    told = "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
    return answer.status == 403 and (told or "rate limit" in said or "abuse detection" in said)


def _backoff(attempt: int) -> float:
    return (2.0**attempt) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret


def _number(text: str) -> int:
    return int(float(text)) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text) else 0


def _fetch(url: str, limit: int, place: str) -> bytes:
    with requests.Session() as session:
        session.auth = lambda prepared: prepared  # otherwise requests would look for a password in ~/.netrc
        with session.get(url, stream=True, timeout=30, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as found:
            if found.status_code != 200:
                raise requests.HTTPError(f"status {found.status_code}")
            pieces, size = [], 0
            for piece in found.iter_content(65_536):
                size += len(piece)
                if size > limit:
                    raise Refused(f"the file has more than {limit:,} bytes", place, "Only facts.json belongs in it")
                pieces.append(piece)
            return b"".join(pieces)
