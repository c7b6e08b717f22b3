"""Signing in at a GitHub on loopback, and at servers that are none."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.pages.signing import Begun, SigningIn, Token
from policy.problems import OutsideProblem, UserProblem
from tests.bot.pages.visiting import Visiting
from tests.bot.receiving.scene import serving


def signing(there: Visiting, **given: str) -> SigningIn:
    settings = there.settings
    known = {
        "server": settings.server, "base": settings.github_api_url, "client_id": settings.client_id,
        "client_secret": settings.client_secret.get_secret_value(), "callback": there.app.callbacks[0],
    }  # fmt: skip
    return SigningIn(**{**known, **given})


def code(begun: Begun) -> str:
    answer = httpx.get(begun.address)
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == [begun.state]
    return back["code"][0]


def test_a_code_becomes_a_token_and_the_token_a_person(there: Visiting) -> None:
    one = signing(there)
    begun = one.begin()
    token = one.token(code(begun), begun.verifier)
    person = one.person(token)
    assert (person.login, token.seconds) == ("octocat", 28800) and token.value.startswith("ghu_")
    assert token.value not in repr(token) and begun.verifier not in repr(begun) and begun.verifier not in begun.address


def test_each_sign_in_has_a_state_and_a_verifier_of_its_own(there: Visiting) -> None:
    one, two = signing(there).begin(), signing(there).begin()
    assert one.state != two.state and one.verifier != two.verifier and min(len(one.state), len(one.verifier)) >= 43


def test_pkce_a_code_is_worth_nothing_to_another_sign_in(there: Visiting) -> None:
    one = signing(there)
    begun, other = one.begin(), one.begin()
    with pytest.raises(UserProblem, match="does not take the code"):
        one.token(code(begun), other.verifier)


def test_a_code_that_github_does_not_know_is_the_readers_problem(there: Visiting) -> None:
    with pytest.raises(UserProblem, match="does not take the code"):
        signing(there).token("made-up", "v" * 64)


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"access_token": ""}), JSONResponse({"access_token": 7, "token_type": "bearer"}), JSONResponse(["x"]),
        JSONResponse({"access_token": "x", "token_type": "mac"}), Response("<html>", 200), Response("", 502), JSONResponse({}),
        RedirectResponse("https://evil.example/", 307),
    ],
)  # fmt: skip
def test_a_server_that_answers_something_else_is_the_worlds_problem(there: Visiting, answer: Response) -> None:
    async def odd(request: Request) -> Response:
        return answer

    app = Starlette(routes=[Route("/login/oauth/access_token", odd, methods=["POST"])])
    with serving(app, lifespan="off") as base, pytest.raises((OutsideProblem, UserProblem)) as told:
        signing(there, server=base).token("c", "v" * 64)
    assert "secret" not in str(told.value)


def test_a_server_that_is_away_is_the_worlds_problem(there: Visiting) -> None:
    with pytest.raises(OutsideProblem, match="does not answer"):
        signing(there, server="http://127.0.0.1:1").token("c", "v" * 64)
    with pytest.raises(OutsideProblem):
        signing(there, base="http://127.0.0.1:1").person(Token("ghu_x", None))


def test_an_enterprise_server_signs_people_in_at_its_own_address(there: Visiting) -> None:
    begun = signing(there, server="https://github.corp.example").begin()
    assert begun.address.startswith("https://github.corp.example/login/oauth/authorize?")
