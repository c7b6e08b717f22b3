"""The pages beside the webhook, in the whole service: neither keeps the other waiting."""

import re
import threading
import time
from functools import partial

import httpx
import pytest

from bot.app.gateways import Gateways
from bot.pages import site
from bot.pages.sealed import Seal
from bot.pages.sessions import Sessions
from bot.receiving.service import Outside
from tests.bot.pages.visiting import KEY, REPOSITORY, Visiting
from tests.bot.receiving.payloads import comment
from tests.bot.receiving.scene import PATH, SECRET, Bot, headers, serving


def service(there: Visiting, url: str) -> Bot:
    """The whole service, with the pages of this scene."""
    ways = Gateways.configured(there.settings)
    return Bot(url, outside=Outside(pages=partial(site.routes, there.settings, ways, there.registry.get)))


def test_a_slow_github_and_many_readers_keep_no_delivery_waiting(there: Visiting, sqlite: str) -> None:
    with service(there, sqlite) as bot, serving(bot.app, lifespan="off") as base:
        known = there.session(there.browser("octocat"))
        cookie = Sessions(bot.service.database, Seal(KEY)).begin(known.person, known.token, None)
        there.github.fail("slow", "GET", "/repos/.*", seconds=3.0, times=None)
        readers = [threading.Thread(target=read, args=(base, cookie), daemon=True) for _ in range(12)]
        for each in readers:
            each.start()
        time.sleep(0.3)  # they are on their way
        started = time.perf_counter()
        for number in range(20):
            assert bot.post("issue_comment", comment(), f"d-{number}").status == 202
        assert httpx.get(f"{base}/healthz", timeout=5).status_code == 200
        assert any(each.is_alive() for each in readers), f"{time.perf_counter() - started:.1f} s, and every reader has an answer"
        there.github.faults.clear()
        for each in readers:
            each.join(timeout=30)


def read(base: str, cookie: str) -> None:
    """Somebody looks at a page."""
    httpx.get(f"{base}/repos/{REPOSITORY}/models", cookies={"assay": cookie}, timeout=30, verify=False)


def test_too_many_readers_are_told_to_come_again(there: Visiting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(there.site, "_busy", 24)
    answer = there.browser().get("/login")
    assert answer.status_code == 503 and "Too many people" in answer.text


def test_a_reader_waits_no_longer_than_a_while(there: Visiting, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = there.browser("octocat")
    monkeypatch.setattr(site, "_SECONDS", 0.2)
    there.github.fail("slow", "GET", f"/repos/{REPOSITORY}", seconds=1.0)
    answer = browser.get(f"/repos/{REPOSITORY}/models")
    assert answer.status_code == 504 and "takes long" in answer.text


def test_without_pages_the_webhook_works_as_before(sqlite: str) -> None:
    with Bot(sqlite) as bot:
        assert bot.ask("GET", "/").status == 404
        assert bot.post("issue_comment", comment(), "d-1").status == 202


def test_no_page_is_in_the_way_of_what_machines_ask(there: Visiting, sqlite: str) -> None:
    with service(there, sqlite) as bot:
        assert bot.ask("GET", "/healthz").status == 200 and bot.ask("GET", "/readyz").status in (200, 503)
        assert re.match(rb"# HELP", bot.ask("GET", "/metrics").body)
        assert bot.ask("GET", PATH, headers("issue_comment", b"{}", "d", SECRET)).status == 405
        assert bot.ask("GET", "/login").status == 200
