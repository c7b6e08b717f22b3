"""A delivery, out of a body whose signature holds."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.receiving.delivery import Delivery, NotJson, read
from tests.bot.receiving.payloads import comment, pull_request, push, samples


def delivered(event: str, payload: object, delivery: str = "d-1") -> Delivery:
    return read(delivery, event, json.dumps(payload).encode())


def test_it_says_what_the_payload_says() -> None:
    found = delivered("issue_comment", comment())
    assert found.context == {
        "delivery": "d-1", "webhook": "issue_comment", "action": "created", "repository": "acme/flights", "number": 7,
        "sender": "octocat",
    }  # fmt: skip
    assert (found.repository_id, found.installation_id, found.partition) == (4711, 99, "4711/7")
    assert found.digest == hashlib.sha256(found.body).hexdigest()
    assert found.payload["comment"]["body"] == "/help"


def test_no_repr_shows_what_was_written() -> None:
    found = delivered("issue_comment", comment(body="hunter2 is my token"))
    assert "hunter2" not in repr(found)


def test_deliveries_of_one_pull_request_share_a_partition_whatever_the_event() -> None:
    everything = samples()
    partitions = {event: delivered(event, payload).partition for event, payload in everything.items()}
    about_seven = {"issue_comment", "issues", "pull_request", "pull_request_review", "pull_request_review_comment", "check_run"}
    assert {event for event, partition in partitions.items() if partition == "4711/7"} == about_seven | {"check_suite"}
    assert partitions["push"] == "4711/refs/heads/main"
    assert partitions["installation"] == "installation/99"
    assert partitions["ping"] == "none"


def test_a_renamed_repository_keeps_its_partition() -> None:
    payload = comment()
    payload["repository"]["full_name"] = "acme/renamed"
    assert delivered("issue_comment", payload).partition == delivered("issue_comment", comment()).partition


def test_only_pushes_fold() -> None:
    assert delivered("push", push()).fold == delivered("push", push()).fold != ""
    assert delivered("push", push("other")).fold != delivered("push", push()).fold
    assert delivered("pull_request", pull_request(action="synchronize")).fold
    assert not delivered("pull_request", pull_request()).fold
    assert not delivered("issue_comment", comment()).fold


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"1", b"null", b'"x"', b"{", b'{"a": NaN}', b'{"a": Infinity}', b"\xff", b'{"a":"\xff"}', b'{"a":"\\ud800"}',
        b"\xef\xbb\xbf{}", b"[" * 100_000, b'{"a":' * 100_000, b"{}{}", b"{'a': 1}",
    ],
)  # fmt: skip
def test_wh_06_what_is_no_json_object_in_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(NotJson):
        read("d-1", "star", body)


@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_there_is_a_delivery_or_a_refusal(body: bytes) -> None:
    try:
        found = read("d-1", "star", body)
    except NotJson:
        return
    assert isinstance(found.payload, dict)
