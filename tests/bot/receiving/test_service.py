"""Everything in the folder put together."""

import asyncio
import copy
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.receiving.database import deliveries
from bot.receiving.delivery import Delivery
from bot.receiving.service import Outside
from tests.bot.receiving.conftest import prepared
from tests.bot.receiving.payloads import comment, samples
from tests.bot.receiving.scene import PATH, SECRET, Bot, Noting, ask, finish, headers, signature, until
from tests.postgres import Server, binaries

SAMPLES = list(samples().items())
Pairs = list[tuple[bytes, bytes]]


# --- thousands of odd requests ---

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=30), st.just("\x00"), st.just("\r\n"),
    st.just([]), st.just({}), st.just("9" * 400),
)  # fmt: skip


def somewhere(draw: st.DrawFn, payload: Any) -> tuple[Any, Any]:
    """A container within a payload, and one of its keys."""
    while True:
        keys = list(payload) if isinstance(payload, dict) else list(range(len(payload)))
        if not keys:
            return payload, None
        key = draw(st.sampled_from(keys))
        if not isinstance(payload[key], dict | list) or not payload[key] or draw(st.booleans()):
            return payload, key
        payload = payload[key]


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, bytes]:
    """An event's name and a body that is nearly one of its payloads."""
    event, payload = draw(st.sampled_from(SAMPLES))
    changed = copy.deepcopy(payload)
    for _ in range(draw(st.integers(0, 3))):
        place, key = somewhere(draw, changed)
        if key is not None:
            if draw(st.booleans()):
                place[key] = draw(scalars)
            elif isinstance(place, dict):
                del place[key]
    body = json.dumps(changed).encode()
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3]))):
        at, cut = draw(st.integers(0, len(body))), draw(st.integers(0, 3))
        body = body[:at] + draw(st.binary(max_size=4)) + body[at + cut :]
    if draw(st.integers(0, 9)) == 0:
        event = draw(st.one_of(st.sampled_from([name for name, _ in SAMPLES]), st.from_regex(r"[a-z_]{1,70}", fullmatch=True)))
    return event, body


@st.composite
def requests(draw: st.DrawFn) -> tuple[Pairs, list[bytes], bool]:
    """Headers, the pieces of a body, and whether GitHub signed it."""
    event, body = draw(bodies())
    signed = draw(st.integers(0, 3)) > 0
    name = f"{'signed' if signed else 'forged'}-{draw(st.integers(0, 2**64))}"
    given = headers(event, body, name)
    if not signed:
        forged = draw(
            st.sampled_from([None, signature(body, "somebody-elses-secret"), signature(body + b"x"), b"sha256=" + b"0" * 64])
        )
        given = [each for each in given if each[0] != b"x-hub-signature-256"]
        given += [(b"x-hub-signature-256", forged)] if forged else []
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(st.integers(0, len(given) - 1))
        key, value = given[at]
        if key != b"x-hub-signature-256":
            change = draw(st.sampled_from(["drop", "twice", "odd"]))
            odd = (key, draw(st.binary(max_size=20)))
            given = [*given[:at], *{"drop": [], "twice": [(key, value)] * 2, "odd": [odd]}[change], *given[at + 1 :]]
            if not given:
                given = [(b"x", b"y")]
    at = draw(st.integers(0, len(body)))
    return given, [body[:at], body[at:]], signed


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    url = f"sqlite:///{tmp_path_factory.mktemp('fuzz') / 'assay.sqlite3'}"
    prepared(url)
    with Bot(url, role="web", max_queue=1_000_000) as started:
        yield started
    assert sum(COUNTED.values()) >= 10_000
    early, late = MEMORY[len(MEMORY) // 4], MEMORY[-1]
    assert late - early < 64 * 1024**2, f"memory grew from {early:,} to {late:,} bytes"
    assert {202, 400, 401, 415} <= set(COUNTED), "they were of every kind"


COUNTED: dict[int, int] = {}
SIGNED: set[str] = set()
DELIVERY = b"x-github-delivery"
MEMORY: list[int] = []
"""Bytes that the process holds, after each twenty-five requests."""


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(requests(), min_size=25, max_size=25))
def test_thousands_of_odd_requests_are_answered_and_only_signed_ones_are_stored(
    intake: Bot, some: list[tuple[Pairs, list[bytes], bool]]
) -> None:
    async def all_of_them() -> list[int]:
        return [each.status for each in await asyncio.gather(*(ask(intake.app, "POST", PATH, *each[:2]) for each in some))]

    statuses = finish(all_of_them())
    for status, (_, _, signed) in zip(statuses, some, strict=True):
        COUNTED[status] = COUNTED.get(status, 0) + 1
        assert status < 500
        assert signed or status in (401, 413), "whatever is not signed is refused"
    MEMORY.append(psutil.Process().memory_info().rss)
    # An odd header may make another id of a signed one's, so that what was stored is held against what was sent.
    SIGNED.update(value.decode("latin-1") for pairs, _, signed in some if signed for key, value in pairs if key == DELIVERY)
    assert set(intake.ended()) <= SIGNED
    assert intake.webhook.buffered.held == 0


# --- the parts together ---


def test_a_service_is_built_started_and_stopped_and_built_again(url: str) -> None:
    before = set(threading.enumerate())
    for number in range(2):
        with Bot(url) as bot:
            assert bot.post("issue_comment", comment(), f"d-{number}").status == 202
            bot.settle()
    left = {thread.name for thread in set(threading.enumerate()) - before if thread.name.startswith("assay-")}
    assert not left


def test_every_line_of_the_log_about_a_delivery_says_which_and_never_its_body(
    sqlite: str, capfd: pytest.CaptureFixture[str]
) -> None:
    import logging

    import structlog

    from bot.receiving import logs

    def fails(delivery: Delivery) -> str:
        raise KeyError(delivery.payload["comment"]["body"])

    before = {name: list(logging.getLogger(name).handlers) for name in ("", "dbos")}
    logs.start("debug", [SECRET])
    payload = comment(body="hunter2 is in the body")
    payload["sender"]["login"] = "octocat"
    try:
        with Bot(sqlite, Noting(fails)) as bot:
            bot.post("issue_comment", payload, "d-1")
            bot.settle()
            bot.post("issue_comment", payload, "d-1", secret="somebody-elses-secret")
    finally:
        structlog.reset_defaults()
        for name, handlers in before.items():
            logging.getLogger(name).handlers[:] = handlers
    text = capfd.readouterr().err
    lines = [json.loads(line) for line in text.splitlines()]
    about = [line for line in lines if line["logger"] in ("assay.receiving", "assay.handling") and line["event"] != "refused"]
    assert {line["event"] for line in about} == {"received", "a bug", "failed"}
    for line in about:
        assert (line["delivery"], line["repository"], line["number"], line["sender"]) == ("d-1", "acme/flights", 7, "octocat")
    [refused] = [line for line in lines if line["event"] == "refused"]
    assert (refused["status"], refused["reason"], refused["signed"]) == (401, "bad-signature", False)
    assert "hunter2" not in text and SECRET not in text


def test_the_sweep_is_done_at_the_start_and_what_is_missed_is_looked_for(sqlite: str) -> None:
    swept = threading.Event()

    class Nothing:
        asked = threading.Event()

        def newest_first(self) -> Iterator[Any]:
            self.asked.set()
            return iter(())

        def attempt(self, number: int) -> None:
            raise AssertionError

    with Bot(sqlite, outside=Outside(deliveries=Nothing(), sweep=lambda take_in: swept.set())) as bot:
        assert swept.wait(10) and Nothing.asked.wait(10)
        until(lambda: bot.metric("assay_periodic_total", name="sweep", outcome="done") == 1)
    swept.clear()
    with Bot(sqlite, role="web", outside=Outside(sweep=lambda take_in: swept.set())):
        time.sleep(0.2)
    assert not swept.is_set(), "a process that only takes in sweeps nothing"


def test_a_worker_alone_offers_no_webhook(sqlite: str) -> None:
    with Bot(sqlite, role="worker") as bot:
        assert bot.post("issue_comment", comment()).status == 404
        assert [bot.ask("GET", path).status for path in ("/healthz", "/readyz", "/metrics")] == [200] * 3


def test_what_is_older_than_the_retention_is_forgotten(url: str) -> None:
    with Bot(url, retention_days=1) as bot:
        bot.post("issue_comment", comment(), "old")
        bot.settle()
        with bot.service.database.durably() as connection:
            connection.execute(sa.update(deliveries).values(received=deliveries.c.received - 25 * 3600 * 1000))
        bot.service._prune()
        assert bot.ended() == {}
        assert bot.service.queue.statuses(["old"]) == {}


def test_a_database_that_dies_and_comes_back_loses_nothing(postgres_server: Server) -> None:
    home = binaries()
    assert home is not None
    server = Server(home, ("max_connections=50",))
    try:
        with Bot(server.database()) as bot:
            go = threading.Event()
            bot.handler.then = lambda delivery: str(go.wait(30))  # type: ignore[attr-defined]
            accepted = [
                f"d-{number}" for number in range(8) if bot.post("issue_comment", comment(number), f"d-{number}").status == 202
            ]
            assert len(accepted) == 8
            server.crash()
            assert bot.post("issue_comment", comment(), "meanwhile").status == 503
            assert bot.ask("GET", "/readyz").status == 503
            server.start()
            go.set()
            until(lambda: bot.ask("GET", "/readyz").status == 200, 40)
            until(lambda: bot.post("issue_comment", comment(), "after").status in (202, 200), 20)
            bot.settle(40)
            assert {name: outcome for name, (outcome, _) in bot.ended().items()} == dict.fromkeys([*accepted, "after"], "handled")
    finally:
        server.close()
