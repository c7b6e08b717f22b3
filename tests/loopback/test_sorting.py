"""Sorted routes choose as a router that asks each of them."""

import re

from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match

from tests.loopback.routes import ROUTERS
from tests.loopback.sorting import CHOSEN, Sorted

ROUTES = [route for router in ROUTERS for route in router.routes]
SORTED = Sorted(ROUTES)
WORDS = ["", "repos", "acme", "7", "issues", "a b", *sorted({word for route in ROUTES for word in route.path.split("/")[1:]})]


def scope(method: str, path: str) -> dict[str, object]:
    """A request, as far as a route looks at it."""
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}


def asked(method: str, path: str) -> object:
    """The route that a router would choose by asking each in turn, and what it found."""
    partly: object = (Match.NONE, None, None)
    for route in ROUTES:
        match, found = route.matches(scope(method, path))
        if match == Match.FULL:
            return match, route, found["path_params"]
        if match == Match.PARTIAL and partly[0] == Match.NONE:
            partly = match, route, found["path_params"]
    return partly


def chosen(method: str, path: str) -> object:
    """The same of the sorted routes."""
    match, found = SORTED.matches(scope(method, path))
    return match, found.get(CHOSEN), found.get("path_params")


def test_each_path_that_is_known_leads_where_it_led() -> None:
    for route in ROUTES:
        for filled in ("7", "a-b", "deep/er"):
            path = re.sub(r"\{[^}]*\}", filled, route.path)
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                assert chosen(method, path) == asked(method, path), (method, path)


@given(st.sampled_from(["GET", "POST", "DELETE"]), st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=8))
def test_any_path_leads_where_it_would_by_asking_each(method: str, words: list[str]) -> None:
    assert chosen(method, "/" + "/".join(words)) == asked(method, "/" + "/".join(words))


def test_few_are_asked() -> None:
    assert len(SORTED.near("/repos/acme/flights/issues/7/comments")) < len(ROUTES) / 4
