"""Routes sorted by two words of their paths, so that a request is held against the few that may be meant, not against each."""

from collections.abc import Sequence

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

CHOSEN = "loopback.chosen"


class Sorted(BaseRoute):
    """Many routes as one. The first that fits answers, as in a router: the order still counts."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self.routes = [route for route in routes if isinstance(route, APIRoute)]
        assert len(self.routes) == len(routes)
        self._near: dict[tuple[str, str], list[APIRoute]] = {}

    def near(self, path: str) -> list[APIRoute]:
        """The routes that a path may mean: those whose first and fourth words are the same, or could be anything."""
        first, fourth = words = _words(path)
        if words not in self._near:
            self._near[words] = [route for route in self.routes if _may_be(route.path, first, fourth)]
        return self._near[words]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As a router chooses: the first that fits wholly, else the first that fits but for its method."""
        if scope["type"] != "http":
            return Match.NONE, {}
        partly: tuple[Match, Scope] = Match.NONE, {}
        for route in self.near(scope["path"]):
            match, found = route.matches(scope)
            if match == Match.FULL:
                return match, {**found, CHOSEN: route}
            if match == Match.PARTIAL and partly[0] == Match.NONE:
                partly = match, {**found, CHOSEN: route}
        return partly

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """By the route that was chosen."""
        await scope[CHOSEN].handle(scope, receive, send)


def _words(path: str) -> tuple[str, str]:
    parts = [*path.split("/"), "", "", "", ""]
    return parts[1], parts[4]


def _may_be(template: str, first: str, fourth: str) -> bool:
    one, other = _words(template)
    early = any(":path}" in part for part in template.split("/")[:4])  # it swallows slashes: any word may come fourth
    return ("{" in one or one == first) and (early or "{" in other or other == fourth)
