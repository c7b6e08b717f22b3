"""What a request asks for and carries, within bounds."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.requests import Request

from bot.pages.returning import own
from bot.pages.visit import HEADERS, Visit, away
from tests.bot.receiving.scene import finish

FORM = "application/x-www-form-urlencoded"


def read(method: str = "GET", query: str = "", body: Sequence[bytes] = (b"",), kind: str = FORM, **headers: str) -> Visit | None:
    given = [(name.encode(), value.encode()) for name, value in {"content-type": kind, **headers}.items()]
    scope = {"type": "http", "method": method, "path": "/x y", "query_string": query.encode(), "headers": given, "scheme": "http"}
    waiting = list(body)

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0)
        if not waiting:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    return finish(Visit.of(Request({**scope, "server": ("assay.example", 80)}, receive)))


def test_query_form_cookies_and_origin_are_read() -> None:
    made = read("POST", "page=2&x=", [b"csrf=a%20", b"b&y=1"], cookie="assay=c", origin="https://a.example")
    assert made == Visit("POST", "/x y", {"page": "2", "x": ""}, {"csrf": "a b", "y": "1"}, {"assay": "c"}, "https://a.example")
    assert "a b" not in repr(made) and "assay" not in repr(made)


@pytest.mark.parametrize("body", [[b"x" * 5000], [b"x" * 3000] * 2, [b"a=1&" * 40]])
def test_a_form_that_is_too_long_is_not_read(body: list[bytes]) -> None:
    assert read("POST", body=body) is None


def test_what_is_no_form_carries_nothing_and_a_query_without_end_counts_as_none() -> None:
    other = read("POST", "a&" * 40, [b'{"csrf": "x"}'], "application/json")
    assert other is not None and other.form == {} and other.query == {}
    assert (read("GET", "q=" + "x" * 3000) or Visit("", "")).query == {}


def test_one_comes_back_to_where_one_was() -> None:
    made = Visit("GET", "/repos/acme/flights/ledger", {"page": "2"})
    assert own(made.wanted) == "/repos/acme/flights/ledger?page=2"
    assert own(Visit("GET", "/repos/a/b/ledger", {"to": "//evil.example"}).wanted) == "/"


def test_an_answer_that_leads_elsewhere_is_guarded_too() -> None:
    answer = away("/login")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert all(answer.headers[name] for name in HEADERS)
