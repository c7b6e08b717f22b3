"""A connection is one request's own, and is used again."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.gateway.connections import Connections
from tests.bot.gateway.scene import Scene


def test_there_are_as_many_connections_as_requests_at_once_and_no_more() -> None:
    connections, used = Connections("http://localhost:9", 1), set[int]()
    for _ in range(5):
        with connections.one() as connection:
            used.add(id(connection))
    assert len(used) == 1
    with connections.one() as first, connections.one() as second:
        assert first is not second
    connections.close()
    with connections.one() as third:
        assert third not in (first, second)


def test_one_that_failed_is_not_used_again() -> None:
    connections = Connections("https://localhost:9/api/v3", 1)
    with pytest.raises(ValueError, match="x"), connections.one() as failed:
        raise ValueError("x")
    with connections.one() as next_one:
        assert next_one is not failed


def test_nobody_holds_two_at_once_however_many_there_are() -> None:
    connections, busy = Connections("http://localhost:9", 1), set[int]()

    def use(_: int) -> bool:
        with connections.one() as connection:
            alone = id(connection) not in busy
            busy.add(id(connection))
            busy.discard(id(connection))
            return alone

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(500)))


def test_an_answer_that_is_not_ready_is_not_asked_for_without_end(here: Scene) -> None:
    here.github.fail("status", "GET", "/pulls/", times=None, status=202, message="later")
    assert here.transport.send("GET", f"/repos/acme/flights/pulls/{here.number}").data["message"] == "later"
    assert len(here.github.requests) == 1
