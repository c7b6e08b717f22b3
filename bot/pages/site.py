"""The addresses of the pages: who asks, what they may see, and one bounded page of it.

Everything that waits does so in a few threads of its own, so that neither a slow GitHub nor many readers keep a delivery waiting.
"""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot import dispatching
from bot.app.gateways import Gateways
from bot.app.installations import NotInstalled
from bot.app.manifest import CALLBACK
from bot.gateway.glancing import GlanceGateway
from bot.pages import PAGES, deliveries, repositories
from bot.pages.access import Access, Hidden, SignedOut
from bot.pages.budget import Budget
from bot.pages.page import Looking
from bot.pages.returning import own
from bot.pages.sealed import Seal
from bot.pages.sessions import Session, Sessions
from bot.pages.signing import SigningIn
from bot.pages.visit import HEADERS, Visit, away
from bot.receiving.database import Database
from bot.receiving.journal import Journal
from bot.registered import Registries
from bot.settings import Settings
from policy.problems import OutsideProblem, Problem, UserProblem
from policy.result import Status
from reports import pages as drawn
from reports.html import inline
from reports.markdown import text
from reports.pages import Frame, Notice, Sheet, Tab

_THREADS = 8
_WAITING = 16
"""Readers who may wait for a thread; whoever comes then is told to come again."""
_SECONDS = 25.0
"""How long a reader waits at most."""
_SIGN_IN_SECONDS = 600
_PAGES_A_MINUTE = 60
_REQUESTS_AN_HOUR = 1_000
"""What the pages may ask of GitHub for one account, of the 5,000 and more that its installation has."""
_MOST_LINES = 10
_SIGNING_IN = b"signing in"
_log = structlog.get_logger("assay.pages")


class Site:
    """The pages of one process."""

    def __init__(self, settings: Settings, ways: Gateways, registries: Registries, database: Database, journal: Journal) -> None:
        self._settings, self._ways, self._registries, self._journal = settings, ways, registries, journal
        self._seal = Seal(settings.session_key.get_secret_value())
        self._sessions = Sessions(database, self._seal)
        self._access = Access(settings.github_api_url)
        self._people, self._accounts = Budget(_PAGES_A_MINUTE, 60), Budget(_REQUESTS_AN_HOUR, 3600)
        secret, callback = settings.client_secret.get_secret_value(), settings.public_url + CALLBACK
        self._signing = SigningIn(settings.server, settings.github_api_url, settings.client_id, secret, callback)
        secure = settings.public_url.startswith("https://")
        self._secure, prefix = secure, "__Host-" if secure else ""
        self._cookie, self._begun = f"{prefix}assay", f"{prefix}assay-login"
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="assay-pages")
        self._busy, self._lock = 0, Lock()

    def routes(self) -> list[BaseRoute]:
        """Every address."""
        found: list[tuple[str, Callable[[Visit], Response], str]] = [
            ("/", self._home, "GET"),
            ("/login", self._login, "GET"),
            ("/login/github", self._begin, "GET"),
            (CALLBACK, self._finish, "GET"),
            ("/logout", self._logout, "POST"),
            ("/deliveries", self._deliveries, "GET"),
            ("/repos/{path:path}", self._repository, "GET"),
        ]
        routes: list[BaseRoute] = [Route(path, self._answering(work), methods=[method]) for path, work, method in found]
        return [Route("/pages.css", _style, methods=["GET"]), *routes]

    def close(self) -> bool:
        """Take nothing up any more. Says whether nothing is at work."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            return self._busy == 0

    # --- one request ---

    def _answering(self, work: Callable[[Visit], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            visit = await Visit.of(request)
            if visit is None:
                return self._told(Visit(request.method, request.url.path), 400, "The form cannot be read")
            return await self._in_time(visit, work)

        return answer

    async def _in_time(self, visit: Visit, work: Callable[[Visit], Response]) -> Response:
        with self._lock:
            full = self._busy >= _THREADS + _WAITING
            self._busy += 0 if full else 1
        if full:
            return self._told(visit, 503, "Too many people look at these pages now", "Load it again in a moment")
        future = self._threads.submit(self._worked, visit, work)
        future.add_done_callback(self._freed)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future)), _SECONDS)
        except TimeoutError:
            return self._told(visit, 504, "GitHub takes long to answer", "Load it again in a minute")

    def _freed(self, _: object) -> None:
        with self._lock:
            self._busy -= 1

    def _worked(self, visit: Visit, work: Callable[[Visit], Response]) -> Response:
        started = time.perf_counter()
        try:
            response = work(visit)
        except SignedOut:
            response = away(f"/login?to={quote(own(visit.wanted), safe='')}")
        except (Hidden, NotInstalled):
            response = self._told(visit, 404, Hidden().what, Hidden().next)
        except _TooMany as problem:
            response = self._told(visit, 429, problem.what, problem.next)
        except OutsideProblem as problem:
            response = self._told(visit, 503, problem.what, problem.next)
        except UserProblem as problem:
            response = self._told(visit, 400, problem.what, problem.next)
        _log.info("page", path=visit.path, status=response.status_code, seconds=round(time.perf_counter() - started, 3))
        return response

    # --- signing in and out ---

    def _login(self, visit: Visit) -> Response:
        to = own(visit.query.get("to", "/"))
        if self._sessions.find(visit.cookies.get(self._cookie, "")) is not None:
            return away(to)
        action = Tab("Sign in with GitHub", f"/login/github?to={quote(to, safe='')}")
        intro = (
            "Assay shows what your GitHub account may see: models, approvals, history, ledger and verdicts of its repositories."
        )
        return self._page(
            200,
            Sheet("Sign in", drawn.words(intro), actions=(action,)),
            Frame(footer="Nothing is stored here but the session, for eight hours at most."),
        )

    def _begin(self, visit: Visit) -> Response:
        begun = self._signing.begin()
        kept = {"state": begun.state, "verifier": begun.verifier, "to": own(visit.query.get("to", "/")), "at": int(time.time())}
        response = away(begun.address)
        self._set(response, self._begun, self._seal.close(kept, _SIGNING_IN).hex(), _SIGN_IN_SECONDS)
        return response

    def _finish(self, visit: Visit) -> Response:
        try:
            response = self._finished(visit)
        except Problem as problem:
            again = Tab("Sign in with GitHub", "/login/github")
            notice = Notice(Status.FAILED, inline(text(f"{problem.what}. {problem.next}").source))
            status = 502 if isinstance(problem, OutsideProblem) else 400
            response = self._page(status, Sheet("Not signed in", notices=(notice,), actions=(again,)), Frame(footer=""))
        self._set(response, self._begun, "", 0)
        return response

    def _finished(self, visit: Visit) -> Response:
        kept = self._kept(visit)
        if kept is None or not hmac.compare_digest(str(kept["state"]), visit.query.get("state", "")):
            raise UserProblem("This sign-in did not begin in this browser, or it took too long", "", "Begin again")
        if visit.query.get("error") or not visit.query.get("code"):
            raise UserProblem("GitHub did not sign you in", "", "Say yes there, or see which account is signed in")
        token = self._signing.token(visit.query["code"], str(kept["verifier"]))
        person = self._signing.person(token)
        self._sessions.end(visit.cookies.get(self._cookie, ""))
        response = away(own(str(kept["to"])))
        self._set(response, self._cookie, self._sessions.begin(person, token.value, token.seconds), None)
        _log.info("signed in", person=person.id)
        return response

    def _kept(self, visit: Visit) -> dict[str, Any] | None:
        try:
            found = self._seal.open(bytes.fromhex(visit.cookies.get(self._begun, "")), _SIGNING_IN)
        except ValueError:
            return None
        return found if found is not None and 0 <= time.time() - found["at"] <= _SIGN_IN_SECONDS else None

    def _logout(self, visit: Visit) -> Response:
        session = self._session(visit)
        foreign = visit.origin not in ("", self._settings.public_url)
        if foreign or not hmac.compare_digest(session.csrf, visit.form.get("csrf", "")):
            return self._told(visit, 403, "This form is not of this session", "Go back, load the page again, and sign out there")
        self._sessions.end(visit.cookies.get(self._cookie, ""))
        self._access.forget(session)
        response = away("/login")
        self._set(response, self._cookie, "", 0)
        return response

    def _session(self, visit: Visit) -> Session:
        found = self._sessions.find(visit.cookies.get(self._cookie, ""))
        if found is None:
            raise SignedOut
        if not self._people.left(found.person.id):
            raise _TooMany("This account has looked at many pages within a minute", "", "Load it again in a minute")
        self._people.spend(found.person.id)
        return found

    def _asking(self, visit: Visit, session: Session, work: Callable[[], Response]) -> Response:
        """Do what asks GitHub for a person; where it takes their token no more, the session is over."""
        try:
            return work()
        except SignedOut:
            self._sessions.end(visit.cookies.get(self._cookie, ""))
            self._access.forget(session)
            raise

    # --- pages ---

    def _home(self, visit: Visit) -> Response:
        session = self._session(visit)
        tabs = self._tabs(session, "", "/")

        def shown() -> Response:
            sheet = repositories.draw(self._access.reach(session), next(iter(PAGES), ""))
            return self._page(200, sheet, Frame(session.person.login, session.csrf, tabs=tabs))

        return self._asking(visit, session, shown)

    def _deliveries(self, visit: Visit) -> Response:
        session = self._session(visit)
        if not deliveries.operates(session.person, self._settings.operators):
            raise Hidden
        sheet = deliveries.draw(deliveries.look(self._journal, visit.query))
        tabs = self._tabs(session, "", "/deliveries")
        return self._page(200, sheet, Frame(session.person.login, session.csrf, tabs=tabs))

    def _repository(self, visit: Visit) -> Response:
        session = self._session(visit)
        owner, _, rest = visit.path.removeprefix("/repos/").partition("/")
        name, _, page = rest.partition("/")
        if not _plain(owner) or not _plain(name) or (page and page not in PAGES):
            raise Hidden
        full_name = f"{owner}/{name}"
        if not page:
            return away(f"/repos/{quote(full_name)}/{next(iter(PAGES))}")
        return self._asking(visit, session, lambda: self._shown(visit, session, full_name, page))

    def _shown(self, visit: Visit, session: Session, full_name: str, page: str) -> Response:
        repository = self._access.repository(session, full_name)
        account = repository.full_name.partition("/")[0].lower()
        if not self._accounts.left(account):
            raise _TooMany("These pages have asked much of GitHub within the hour", "", "Load it again later")
        gateway = GlanceGateway.within(
            self._ways.gateway(None, repository.full_name, repository.id), min(PAGES[page].REQUESTS, self._accounts.left(account))
        )
        registry = self._registries(gateway.full_name)
        home = {"server": self._settings.server, "prefix": self._settings.prefix, "registry": registry}
        around = dispatching.around(gateway, {"repository": vars(repository)}, buttons=self._settings.app, **home)
        frame = Frame(session.person.login, session.csrf, gateway.full_name, self._tabs(session, gateway.full_name, page))
        try:
            return self._page(200, PAGES[page].show(Looking(gateway, around, visit.query)), frame)
        except (UserProblem, OutsideProblem) as problem:
            return self._page(503 if isinstance(problem, OutsideProblem) else 200, _unready(PAGES[page].TITLE, problem), frame)
        finally:
            self._accounts.spend(account, gateway.requests)

    def _tabs(self, session: Session, full_name: str, current: str) -> tuple[Tab, ...]:
        found = [] if full_name else [Tab("Repositories", "/", current == "/")]
        if full_name:
            found = [Tab(page.TITLE, f"/repos/{full_name}/{key}", key == current) for key, page in PAGES.items()]
        if deliveries.operates(session.person, self._settings.operators):
            found.append(Tab(deliveries.TITLE, "/deliveries", current == "/deliveries"))
        return tuple(found)

    def _told(self, visit: Visit, status: int, what: str, advice: str = "") -> Response:
        """A page that only says something."""
        titles = {404: "Not here", 429: "Too much at once", 400: "Not understood", 403: "Not allowed"}
        hint = drawn.words(f"{advice}." if advice else "")
        return self._page(status, Sheet(titles.get(status, "Not now"), empty=f"{what}.", hint=hint), Frame(footer=""))

    def _page(self, status: int, sheet: Sheet, frame: Frame) -> Response:
        return HTMLResponse(drawn.render(sheet, frame), status, headers=HEADERS)

    def _set(self, response: Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax")


class _TooMany(UserProblem):
    """Somebody asks too much."""


def routes(
    settings: Settings, ways: Gateways, registries: Registries, database: Database, journal: Journal
) -> tuple[list[BaseRoute], Callable[[], bool]]:
    """The addresses, and what closes what is behind them. Where something is not set, each says so and nothing else."""
    if settings.unset_for_pages:
        return unset(settings.unset_for_pages), lambda: True
    site = Site(settings, ways, registries, database, journal)
    return site.routes(), site.close


def unset(missing: list[str]) -> list[BaseRoute]:
    """The addresses where there are no pages."""
    said = f"There are no pages here. Set {', '.join(missing)} for `assay serve` to have some; docs/pages.md says how.\n"

    async def answer(request: Request) -> Response:
        return PlainTextResponse(said, 404)

    return [Route(path, answer, methods=["GET"]) for path in ("/", "/login", CALLBACK, "/deliveries", "/repos/{path:path}")]


def _unready(title: str, problem: Problem) -> Sheet:
    """A page that cannot be shown, in the problem's own words; where GitHub was asked is not for the reader."""
    lines = [_sentence(each) for each in problem.what.splitlines()[:_MOST_LINES] if each]
    notices = tuple(Notice(Status.FAILED, drawn.words(each)) for each in lines)
    return Sheet(title, notices=notices, empty="There is nothing to show now.", hint=drawn.words(problem.next))


def _sentence(said: str) -> str:
    """A problem as a sentence; what begins with a file's name begins as that is written."""
    return f"{said[:1].upper()}{said[1:]}." if said.split(" ", 1)[0].isalpha() else said


async def _style(request: Request) -> Response:
    return Response(drawn.style(), headers={**HEADERS, "cache-control": "public, max-age=300"}, media_type="text/css")


def _plain(part: str) -> bool:
    return (
        0 < len(part) <= 100
        and part not in (".", "..")
        and all(each.isalnum() or each in "-_." for each in part)
        and part.isascii()
    )
