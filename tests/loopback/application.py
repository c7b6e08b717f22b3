"""The loopback GitHub as one ASGI application."""

from functools import cache

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from tests.loopback.call import Refusal
from tests.loopback.edge import Edge
from tests.loopback.faults import Faults, Seen
from tests.loopback.routes import ROUTERS
from tests.loopback.sorting import Sorted
from tests.loopback.state import State
from tests.loopback.webhooks import Sender


def build(state: State, faults: Faults, log: list[Seen], sender: Sender) -> Edge:
    """Every route behind the edge."""
    return Edge(_routes(), state, faults, log, sender)


@cache
def _routes() -> FastAPI:
    """The routes, made once: whose state they are about comes with each request."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.router.routes.append(Sorted([route for router in ROUTERS for route in router.routes]))
    app.add_exception_handler(Refusal, _refuse)
    app.add_exception_handler(HTTPException, _not_found)
    app.add_exception_handler(RequestValidationError, _not_found)
    return app


async def _refuse(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, Refusal)
    return problem.response()


async def _not_found(_: Request, problem: Exception) -> Response:
    """An unknown route, or a number that is none."""
    return Refusal(404, "Not Found").response()
