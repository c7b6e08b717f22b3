"""From a request to a delivery or a refusal, in the right order."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.receiving import delivery
from bot.receiving.intake import Received, Refusal, declared_too_large, receive
from bot.receiving.reasons import Reason
from tests.bot.receiving.payloads import comment, push, samples
from tests.bot.receiving.scene import SECRET, headers, signature

SECRETS = {"current": SECRET.encode()}
LIMIT = 25 * 1024 * 1024
Pairs = list[tuple[bytes, bytes]]


def body_of(payload: object) -> bytes:
    return json.dumps(payload).encode()


def received(given_headers: Pairs, body: bytes, method: str = "POST", limit: int = LIMIT) -> tuple[int, str]:
    found = receive(method, given_headers, body, SECRETS, limit)
    return (found.status, found.reason.value) if isinstance(found, Refusal) else (202, found.slot)


def with_header(pairs: Pairs, name: bytes, *values: bytes) -> Pairs:
    return [(key, value) for key, value in pairs if key != name] + [(name, value) for value in values]


def test_a_signed_comment_is_a_delivery() -> None:
    body = body_of(comment())
    found = receive("POST", headers("issue_comment", body, "d-1"), body, SECRETS, LIMIT)
    assert isinstance(found, Received)
    assert (found.slot, found.delivery.id, found.delivery.event, found.delivery.number) == ("current", "d-1", "issue_comment", 7)


@pytest.mark.parametrize("event", samples())
def test_every_event_is_received(event: str) -> None:
    body = body_of(samples()[event])
    assert received(headers(event, body), body) == (202, "current")


def test_wh_02_without_a_signature_it_is_401() -> None:
    body = body_of(comment())
    assert received(with_header(headers("issue_comment", body), b"x-hub-signature-256"), body) == (401, "unsigned")


def test_wh_03_sha_1_does_not_help() -> None:
    body = body_of(comment())
    given_headers = with_header(headers("issue_comment", body), b"x-hub-signature-256")
    assert received([*given_headers, (b"x-hub-signature", b"sha1=" + b"a" * 40)], body) == (401, "unsigned")


@pytest.mark.parametrize("value", ["sha256=é".encode(), b"sha256=\xe9"])
def test_wh_04_a_signature_that_is_no_text_is_401(value: bytes) -> None:
    body = body_of(comment())
    assert received(with_header(headers("issue_comment", body), b"x-hub-signature-256", value), body) == (401, "unsigned")


def test_wh_05_two_right_signatures_are_401() -> None:
    body = body_of(comment())
    right = signature(body)
    assert received(with_header(headers("issue_comment", body), b"x-hub-signature-256", right, right), body) == (401, "unsigned")


def test_wh_06_the_raw_bytes_count() -> None:
    raw = b'{"a":"\xff"}'
    assert received(headers("push", raw), raw) == (400, "not-json")
    body = body_of(push())
    again = json.dumps(json.loads(body), indent=1).encode()
    assert received(headers("push", body), again) == (401, "bad-signature")


def test_wh_07_nothing_is_parsed_before_the_signature_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    monkeypatch.setattr(delivery, "from_json", lambda *given, **more: parsed.append(given))
    body = b"[" * (20 * 1024 * 1024)
    assert received(headers("push", b"other"), body) == (401, "bad-signature")
    assert not parsed


def test_wh_07_deep_nesting_that_is_signed_is_400_and_no_crash() -> None:
    body = b'{"a":' * 1_000_000
    assert received(headers("push", body), body) == (400, "not-json")


def test_wh_08_more_bytes_than_the_limit_are_413_before_anything_else() -> None:
    assert received([], b"x" * 11, limit=10) == (413, "too-large")
    assert declared_too_large([(b"content-length", b"27262976")], LIMIT) == Refusal(413, Reason.TOO_LARGE)
    assert declared_too_large([(b"content-length", b"26214400")], LIMIT) is None
    for odd in (b"", b"-5", b"1e9", b"9" * 40, b"0x10"):
        assert declared_too_large([(b"content-length", odd)], LIMIT) is None, odd
    assert declared_too_large([], LIMIT) is None


@pytest.mark.parametrize(
    "kind",
    [
        [b"application/x-www-form-urlencoded"], [b"application/json; charset=utf-7"], [], [b""], [b"text/json"],
        [b"application/json", b"application/json"], [b"application/json, text/plain"], [b"application/jsonx"],
    ],
)  # fmt: skip
def test_wh_11_another_content_type_is_415(kind: list[bytes]) -> None:
    body = body_of(comment())
    assert received(with_header(headers("issue_comment", body), b"content-type", *kind), body) == (415, "content-type")


@pytest.mark.parametrize(
    "kind", [b"application/json", b"Application/JSON", b"application/json; charset=utf-8", b'application/json;charset="UTF-8"']
)
def test_wh_11_json_in_utf_8_is_right(kind: bytes) -> None:
    body = body_of(comment())
    assert received(with_header(headers("issue_comment", body), b"content-type", kind), body) == (202, "current")


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE"])
def test_wh_12_another_method_is_405(method: str) -> None:
    body = body_of(comment())
    assert received(headers("issue_comment", body), body, method)[0] == 405


@pytest.mark.parametrize(
    "ids", [[], [b""], [b"x" * 10_000], [b"a\nb"], [b"a\r\nlevel: error"], [b"a b"], [b"../x"], [b"a~2"], [b"\xe9"], [b"a", b"b"]]
)
def test_wh_13_a_delivery_id_that_is_none_is_400(ids: list[bytes]) -> None:
    body = body_of(comment())
    assert received(with_header(headers("issue_comment", body), b"x-github-delivery", *ids), body) == (400, "delivery-id")


@pytest.mark.parametrize(
    "names", [[], [b""], [b"Issue_Comment"], [b"a" * 65], [b"issue_comment\n"], [b"push", b"push"], [b"\xe9"]]
)
def test_an_event_name_that_is_none_is_400(names: list[bytes]) -> None:
    body = body_of(comment())
    assert received(with_header(headers("issue_comment", body), b"x-github-event", *names), body) == (400, "event-name")


def test_wh_17_a_signed_body_under_another_events_name_is_400() -> None:
    body = body_of(comment())
    for event in ("deployment_protection_rule", "issues", "pull_request", "check_run", "push"):
        assert received(headers(event, body), body) == (400, "shape"), event


def test_unsigned_requests_learn_nothing_about_their_headers() -> None:
    assert received([(b"x-github-event", b"\xff")], b"") == (401, "unsigned")
    assert received([*headers("push", b"other")[:1], (b"x-hub-signature-256", signature(b"other"))], b"{}") == (
        401,
        "bad-signature",
    )


header_names = st.sampled_from(
    [b"content-type", b"x-github-event", b"x-github-delivery", b"x-hub-signature-256", b"content-length"]
)
pairs = st.lists(st.tuples(header_names, st.binary(max_size=80)), max_size=8)


@given(pairs, st.binary(max_size=200))
def test_whatever_comes_there_is_an_answer(given_headers: Pairs, body: bytes) -> None:
    status, _ = received(given_headers, body)
    assert status in (400, 401, 413, 415)


@given(pairs)
def test_whatever_headers_come_with_a_signed_body_there_is_an_answer(given_headers: Pairs) -> None:
    body = body_of(samples()["push"])
    status, _ = received([*given_headers, (b"x-hub-signature-256", signature(body))], body)
    assert status in (202, 400, 401, 415)
