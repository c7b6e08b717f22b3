"""Headless Chromium for tests: one browser a session, one page a test, and everything the page tries to fetch is caught.

Without a browser the tests are skipped, saying so; where `CI=true` or `ASSAY_REQUIRE_BROWSER=1` they fail instead, so that a
green run proves that the pages were looked at.
"""

import atexit
import functools
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Looked:
    """A page that was opened, with what it said and what it asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def open_all(self) -> int:
        """Open every fold; how many there are."""
        folds = self.page.locator("details")
        folds.evaluate_all("all => all.forEach(each => each.open = true)")
        return folds.count()


class Chromium:
    """Opens pages from strings, in windows of a given width and colour scheme."""

    def __init__(self, context_of_browser: object) -> None:
        self._browser = context_of_browser

    @contextmanager
    def look(self, html: str, *, width: int = 1200, scheme: str = "light") -> Iterator[Looked]:
        """A page in a fresh context. Every request it makes is recorded and refused."""
        context: BrowserContext = self._browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        try:
            page = context.new_page()
            looked = Looked(page)

            def refuse(route: Route) -> None:
                looked.requests.append(route.request.url)
                route.abort()

            def hear(message: ConsoleMessage) -> None:
                if message.type in ("error", "warning"):
                    looked.errors.append(message.text)

            page.on("console", hear)
            page.on("pageerror", lambda error: looked.errors.append(str(error)))
            page.on("dialog", lambda dialog: (looked.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
            context.route("**/*", refuse)
            page.set_content(html, wait_until="load")
            yield looked
        finally:
            context.close()

    @contextmanager
    def visit(
        self,
        base: str,
        path: str,
        cookies: Mapping[str, str],
        *,
        width: int = 1200,
        scheme: str = "light",
        others: Sequence[str] = (),
    ) -> Iterator[Looked]:
        """A page of a server on this machine, with cookies for it. Requests to none of `others` are recorded and refused."""
        window = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "has_touch": width < 500}
        context: BrowserContext = self._browser.new_context(**window)
        try:
            context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
            page = context.new_page()
            looked = Looked(page)

            def pass_on(route: Route) -> None:
                if route.request.url.startswith((f"{base}/", "data:", *others)):
                    route.continue_()
                else:
                    looked.requests.append(route.request.url)
                    route.abort()

            page.on("console", lambda message: looked.errors.append(message.text))
            page.on("pageerror", lambda error: looked.errors.append(str(error)))
            context.route("**/*", pass_on)
            page.goto(base + path, wait_until="load")
            yield looked
        finally:
            context.close()


def find() -> str | None:
    """The path of a Chromium or Chrome, if there is one."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def missing() -> NoReturn:
    """Skip, or fail where a browser is required."""
    told = f"NO BROWSER: none of {', '.join(_NAMES)} is on PATH, so nobody looked at the pages. Install chromium."
    if os.environ.get("CI") == "true" or os.environ.get("ASSAY_REQUIRE_BROWSER") == "1":
        pytest.fail(told, pytrace=False)
    pytest.skip(told)


@functools.cache
def shared(path: str) -> Chromium:
    """The one browser of this test process, whichever folder's tests ask first: there cannot be two at once."""
    stack = ExitStack()
    atexit.register(stack.close)
    # A home of its own: Chromium writes there, and a developer's profile is none of our business.
    home = stack.enter_context(TemporaryDirectory(prefix="assay-chromium-"))
    playwright = stack.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=path, args=_QUIET, env=os.environ | {"HOME": str(Path(home))})
    stack.callback(browser.close)
    return Chromium(browser)


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """The session's browser."""
    path = find()
    if path is None:
        missing()
    return shared(path)
