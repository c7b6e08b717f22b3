"""What the service answers, and what it does before it answers."""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.receiving import endpoints
from bot.receiving.endpoints import Readiness
from bot.receiving.pressure import Buffered
from bot.receiving.service import Outside
from policy.problems import UserProblem
from tests.bot.receiving.payloads import check, comment, samples
from tests.bot.receiving.scene import PATH, SECRET, Bot, Noting, finish, headers, serving, signature, until

MB = 1024 * 1024


@pytest.fixture
def bot(sqlite: str) -> Iterator[Bot]:
    """It takes in and handles."""
    with Bot(sqlite) as started:
        yield started


@pytest.fixture
def web(sqlite: str) -> Iterator[Bot]:
    """It only takes in."""
    with Bot(sqlite, role="web") as started:
        yield started


def test_a_delivery_is_accepted_kept_and_handled(bot: Bot) -> None:
    answer = bot.post("issue_comment", comment(), "d-1")
    assert (answer.status, answer.json) == (202, {"status": "accepted", "reason": "accepted"})
    bot.settle()
    assert bot.ended() == {"d-1": ("handled", "noted")}
    assert bot.metric("assay_deliveries_total", outcome="accepted", reason="accepted") == 1


@pytest.mark.parametrize(
    ("given", "status", "reason"),
    [
        ([], 401, "unsigned"),
        ([(b"x-hub-signature", b"sha1=" + b"a" * 40)], 401, "unsigned"),
        ([(b"x-hub-signature-256", b"sha256=\xe9")], 401, "unsigned"),
        ([(b"x-hub-signature-256", signature(b"{}")), (b"x-hub-signature-256", signature(b"{}"))], 401, "unsigned"),
        ([(b"x-hub-signature-256", signature(b"{}", "another-secret-altogether"))], 401, "bad-signature"),
        ([(b"x-hub-signature-256", signature(b"{}"))], 415, "content-type"),
        (
            [(b"x-hub-signature-256", signature(b"{}")), (b"content-type", b"application/x-www-form-urlencoded")],
            415,
            "content-type",
        ),
        ([(b"x-hub-signature-256", signature(b"{}")), (b"content-type", b"application/json")], 400, "delivery-id"),
    ],
)
def test_wh_02_to_11_what_is_no_delivery_is_refused_and_nothing_is_stored(
    web: Bot, given: list[tuple[bytes, bytes]], status: int, reason: str
) -> None:
    answer = web.ask("POST", PATH, given, b"{}")
    assert (answer.status, answer.json) == (status, {"status": "refused", "reason": reason})
    assert web.ended() == {}
    assert web.metric("assay_deliveries_total", outcome="refused", reason=reason) == 1


def test_wh_06_bytes_that_are_no_utf_8_are_400_where_they_are_signed(web: Bot) -> None:
    assert (web.post("push", b'{"a":"\xff"}').status, web.post("push", b'{"a":"\xff"}').reason) == (400, "not-json")


def test_wh_07_20_mb_of_brackets_with_a_wrong_signature_are_401(web: Bot) -> None:
    body = b"[" * (20 * MB)
    assert web.ask("POST", PATH, headers("push", b"other"), body).status == 401


def test_wh_08_a_length_beyond_the_limit_is_413_before_a_byte_is_read(web: Bot) -> None:
    with serving(web.app, lifespan="off") as address:
        place = urlsplit(address)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=10)
        connection.putrequest("POST", PATH)
        connection.putheader("content-length", str(26 * MB))
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("connection")) == (413, "close")
        connection.close()


def test_wh_08_a_body_without_a_length_is_cut_off_at_the_limit_and_memory_stays(web: Bot) -> None:
    sent, chunk = 0, b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with serving(web.app, lifespan="off") as address:
        place = urlsplit(address)
        with socket.create_connection((str(place.hostname), place.port or 0), timeout=10) as connection:
            connection.sendall(f"POST {PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".encode())
            with contextlib.suppress(OSError):  # the connection ends while there is more to send
                while sent < 200 * MB:
                    connection.sendall(chunk)
                    sent += 65_536
        until(lambda: web.metric("assay_deliveries_total", outcome="refused", reason="too-large") == 1)
    assert 25 * MB <= sent < 60 * MB, "no more than the limit and what was under way"


def test_wh_08_a_body_without_a_length_is_told_413(web: Bot) -> None:
    given = [each for each in headers("push", b"") if each[0] != b"content-length"]
    answer = web.ask("POST", PATH, given, chunks=[b"x" * MB] * 30)
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert web.webhook.buffered.held == 0


def test_wh_08_a_valid_body_of_20_mb_is_accepted(bot: Bot) -> None:
    payload = comment(filler="x" * (20 * MB))
    with serving(bot.app, lifespan="off") as address:
        body = json.dumps(payload).encode()
        given = {name.decode(): value.decode() for name, value in headers("issue_comment", body, "large")}
        assert httpx.post(address + PATH, content=body, headers=given, timeout=30).status_code == 202
        until(lambda: "large" in [each.id for each in bot.seen])
    assert len(bot.seen[0].body) == len(body)


def test_wh_08_the_limit_is_not_below_githubs_own(web: Bot) -> None:
    limit = web.settings.max_body
    assert limit == 25 * MB
    body = b" " * limit
    assert web.post("push", body).status == 400
    assert web.post("push", body + b" ").status == 413


def test_wh_10_both_secrets_count_while_one_replaces_the_other(sqlite: str) -> None:
    old = "the-secret-of-yesterday"
    with Bot(sqlite, webhook_secret_old=old) as bot:
        assert [bot.post("issue_comment", comment(), secret=each).status for each in (SECRET, old)] == [202, 202]
        assert (
            bot.metric("assay_signature_slot_total", slot="current"),
            bot.metric("assay_signature_slot_total", slot="old"),
        ) == (1, 1)
        bot.settle()
    with Bot(sqlite, webhook_secret=old, webhook_secret_old=SECRET) as bot:
        assert [bot.post("issue_comment", comment(), secret=each).status for each in (SECRET, old)] == [202, 202]
        bot.settle()
    with Bot(sqlite) as bot:
        assert [bot.post("issue_comment", comment(), secret=each).status for each in (SECRET, old)] == [202, 401]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PATH, 405), ("PUT", PATH, 405), ("POST", "/healthz", 405), ("GET", "/", 404), ("POST", "/webhooks/github/", 404),
        ("POST", "/webhooks", 404), ("GET", "/docs", 404), ("GET", "/openapi.json", 404), ("GET", "/webhooks/../etc/passwd", 404),
    ],
)  # fmt: skip
def test_wh_12_other_methods_and_paths_are_405_and_404_and_say_nothing(web: Bot, method: str, path: str, status: int) -> None:
    answer = web.ask(method, path)
    assert answer.status == status
    assert len(answer.body) < 60 and b"Traceback" not in answer.body


def test_wh_12_an_error_of_ours_says_nothing_either(web: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.webhook, "read", lambda *given: 1 / 0)
    with serving(web.app, lifespan="off") as address:
        answer = httpx.post(address + PATH, content=b"{}")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")


def test_wh_13_a_header_cannot_forge_a_line(web: Bot) -> None:
    body = json.dumps(comment()).encode()
    given = [(name, b"a\r\nx: y" if name == b"x-github-delivery" else value) for name, value in headers("issue_comment", body)]
    assert web.ask("POST", PATH, given, body).reason == "delivery-id"


def test_wh_17_a_body_under_another_events_name_is_400_and_has_no_effect(web: Bot) -> None:
    payload = comment()
    assert web.post("deployment_protection_rule", payload, "d-1").status == 400
    assert web.ended() == {}
    assert web.post("issue_comment", payload, "d-1").status == 202


def test_wh_18_unsigned_requests_reserve_nothing(web: Bot) -> None:
    payload = comment()
    body = json.dumps(payload).encode()
    given = [each for each in headers("issue_comment", body, "guessed") if each[0] != b"x-hub-signature-256"]
    assert web.ask("POST", PATH, given, body).status == 401
    assert web.ask("POST", PATH, [*given, (b"x-hub-signature-256", signature(b"x"))], body).status == 401
    assert web.ended() == {}
    assert web.post("issue_comment", payload, "guessed").reason == "accepted"


def test_events_without_use_and_our_own_echoes_are_recorded_and_not_handled(bot: Bot) -> None:
    assert bot.post("star", samples()["issues"], "d-1").json == {"status": "ignored", "reason": "unknown-event"}
    assert bot.post("ping", samples()["ping"], "d-2").reason == "unknown-event"
    assert bot.post("check_run", check(), "d-3").reason == "own"
    bot.settle()
    assert bot.ended() == {
        "d-1": ("ignored", "unknown-event"), "d-2": ("ignored", "unknown-event"), "d-3": ("ignored", "own"),
    }  # fmt: skip
    assert bot.seen == []


def test_wh_22_the_answer_does_not_wait_for_the_handler(sqlite: str) -> None:
    go = threading.Event()
    with Bot(sqlite, Noting(lambda delivery: str(go.wait(30)))) as bot:
        began = time.monotonic()
        assert bot.post("issue_comment", comment(), "slow").status == 202
        answered = time.monotonic() - began
        until(lambda: len(bot.seen) == 1)
        assert bot.ended() == {"slow": ("queued", "")}, "it is on the disk while the handler is at work"
        time.sleep(answered * 2)
        assert bot.ended() == {"slow": ("queued", "")}
        go.set()
        bot.settle()


def test_wh_22_an_answer_is_never_given_before_the_commit(web: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    commit = web.service.intake._commit

    def committing(items: Any) -> Any:
        answers = commit(items)
        assert web.service.journal.load("d-1") is not None
        events.append("committed")
        return answers

    monkeypatch.setattr(web.service.intake, "_commit", committing)
    web.post("issue_comment", comment(), "d-1")
    assert events == ["committed"]


def test_wh_23_a_full_queue_is_503_and_counted_and_takes_more_when_it_is_not(sqlite: str) -> None:
    go = threading.Event()
    with Bot(sqlite, Noting(lambda delivery: str(go.wait(30))), max_queue=3) as bot:
        statuses = [bot.post("issue_comment", comment(number), f"d-{number}").status for number in range(5)]
        assert statuses == [202, 202, 202, 503, 503]
        assert bot.metric("assay_deliveries_total", outcome="refused", reason="queue-full") == 2
        assert bot.ask("GET", "/readyz").status == 503
        assert bot.post("star", comment(), "ignored").status == 202, "what is only recorded takes no place"
        assert "d-3" not in bot.ended()
        go.set()
        bot.settle()
        until(lambda: bot.post("issue_comment", comment(9), "d-9").status == 202)
        bot.settle()
        assert sorted(each.id for each in bot.seen) == ["d-0", "d-1", "d-2", "d-9"]


def test_wh_23_too_many_bytes_at_once_are_503(web: Bot) -> None:
    web.webhook.buffered = Buffered(1000)
    answer = web.post("issue_comment", comment(filler="x" * 2000))
    assert (answer.status, answer.reason) == (503, "queue-full")
    assert web.post("ping", b"{}").status == 400, "and what fits is looked at"


def test_what_the_database_does_not_take_is_503(web: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(items: Any) -> Any:
        raise OSError("no space left on device")

    monkeypatch.setattr(web.service.intake, "_commit", failing)
    answer = web.post("issue_comment", comment(), "d-1")
    assert (answer.status, answer.reason) == (503, "not-stored")
    assert web.ended() == {}


def test_what_is_not_stored_in_time_is_503_and_then_is_not_stored_at_all(web: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "_DURABLE_SECONDS", 0.05)
    monkeypatch.setattr(web.service.intake, "_gather", lambda: time.sleep(0.5))
    answer = web.post("issue_comment", comment(), "d-1")
    assert (answer.status, answer.reason) == (503, "not-stored")
    time.sleep(0.7)
    assert web.ended() == {}


def test_a_body_that_does_not_arrive_is_408(web: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "_WHOLE_BODY_SECONDS", 0.05)
    answer = web.ask("POST", PATH, headers("push", b"{}"), chunks=[])
    assert (answer.status, answer.reason, answer.headers["connection"]) == (408, "slow", "close")


def test_wh_26_only_githubs_addresses_may_where_that_is_asked_for(sqlite: str) -> None:
    outside = Outside(addresses=lambda: ["192.0.2.0/24"])
    with Bot(sqlite, outside=outside, allow_github_only=True, trusted_proxies="10.0.0.0/8") as bot:
        until(lambda: bot.ask("GET", "/readyz").json["addresses"] == "ok")
        body = json.dumps(comment()).encode()
        forged = [*headers("issue_comment", body), (b"x-forwarded-for", b"192.0.2.7")]
        assert bot.ask("POST", PATH, forged, body, client="198.51.100.1").status == 403
        assert bot.ask("POST", PATH, headers("issue_comment", body), body, client="192.0.2.1").status == 202
        body = json.dumps(comment()).encode()
        passed = [*headers("issue_comment", body), (b"x-forwarded-for", b"192.0.2.7")]
        assert bot.ask("POST", PATH, passed, body, client="10.1.1.1").status == 202
        assert bot.ask("GET", "/healthz", client="198.51.100.1").status == 200


def test_wh_26_a_list_that_nobody_can_fetch_is_no_reason_to_let_everybody_in(sqlite: str) -> None:
    with pytest.raises(UserProblem, match="ASSAY_ALLOW_GITHUB_ONLY"):
        Bot(sqlite, allow_github_only=True)


def test_au_06_machines_ask_without_a_secret_and_learn_none(sqlite: str) -> None:
    token = "ghp_" + "a" * 36
    with Bot(sqlite, github_token=token) as bot:
        bot.post("issue_comment", comment(), "d-1")
        bot.settle()
        for path in ("/healthz", "/readyz", "/metrics"):
            answer = bot.ask("GET", path)
            assert answer.status == 200, path
            for hidden in (SECRET, token, "octocat", "acme/flights", "sqlite"):
                assert hidden.encode() not in answer.body, (path, hidden)
        assert (
            b'assay_handled_total{event="issue_comment",outcome="handled",reason="noted"} 1.0' in bot.ask("GET", "/metrics").body
        )
        assert bot.ask("GET", "/readyz").json == {"database": "ok", "queue": "ok", "worker": "ok"}


def test_au_06_it_is_not_ready_where_database_or_queue_or_worker_is_unusable(bot: Bot) -> None:
    readiness = bot.service.readiness()
    readiness.seconds = 0.3

    def unusable() -> set[str]:
        answer = finish(readiness.answer(None))  # type: ignore[arg-type]
        found = {name for name, state in json.loads(bytes(answer.body)).items() if state != "ok"}
        assert (answer.status_code == 200) == (not found)
        return found

    assert unusable() == set()
    with bot.service.database.quick.begin():  # whoever wants to write waits in vain
        assert unusable() == {"database"}
    bot.service.lease._beaten = (0.0, 0.0)
    assert unusable() == {"worker"}
    bot.service.lease.beat()
    bot.service.intake.close()
    assert unusable() == {"queue"}


def test_au_06_a_key_that_does_not_sign_is_told(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with Bot(sqlite, private_key=key.decode()) as bot:
        assert bot.ask("GET", "/readyz").json["key"] == "ok"
        monkeypatch.setattr("bot.settings.key_is_usable", lambda settings: False)
        answer = bot.ask("GET", "/readyz")
        assert (answer.status, answer.json["key"]) == (503, "unusable")


def test_a_check_that_hangs_is_not_ready() -> None:
    go = threading.Event()

    asked_for: list[int] = []

    def check() -> bool:
        asked_for.append(1)
        return go.wait(20)

    hanging = Readiness({"database": check}, seconds=0.05)

    async def asked() -> list[int]:
        answer = await hanging.answer(None)  # type: ignore[arg-type]
        again = await hanging.answer(None)  # type: ignore[arg-type]
        return [answer.status_code, again.status_code]

    assert finish(asked()) == [503, 503]
    assert asked_for == [1], "whatever hangs is not begun again"
    go.set()
