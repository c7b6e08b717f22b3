"""Signing in with an App, as GitHub documents it."""

from urllib.parse import parse_qs, urlsplit

from tests.loopback.bodies.accounts import client_id
from tests.loopback.conftest import Client
from tests.loopback.server import Loopback
from tests.loopback.state import App

BACK = "https://assay.example/login/callback"


def app(github: Loopback) -> App:
    made = github.app("assay", issues="write")
    made.callbacks = [BACK]
    return made


def code(github: Loopback, made: App, **more: str) -> dict[str, list[str]]:
    asked = {"client_id": client_id(made.id), "redirect_uri": BACK, "state": "s", **more}
    answer = Client(github)("GET", "/login/oauth/authorize", params=asked)
    assert answer.status_code == 302 and answer.headers["location"].startswith(f"{BACK}?")
    return parse_qs(urlsplit(answer.headers["location"]).query)


def exchange(github: Loopback, made: App, **more: str) -> dict[str, object]:
    sent = {"client_id": client_id(made.id), "client_secret": made.client_secret, "redirect_uri": BACK, **more}
    answer = Client(github)("POST", "/login/oauth/access_token", data=sent)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_a_code_gives_a_token_once_and_only_to_who_began(github: Loopback) -> None:
    made = app(github)
    # The verifier and its challenge of RFC 7636, appendix B.
    verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
    back = code(github, made, **pkce)
    assert back["state"] == ["s"]
    assert exchange(github, made, code=back["code"][0])["error"] == "bad_verification_code"
    given = code(github, made, **pkce)["code"][0]
    told = exchange(github, made, code=given, code_verifier=verifier)
    assert str(told["access_token"]).startswith("ghu_") and (told["expires_in"], told["token_type"]) == (28800, "bearer")
    assert exchange(github, made, code=given, code_verifier=verifier)["error"] == "bad_verification_code"
    assert Client(github, str(told["access_token"]))("GET", "/user").json()["login"] == "octocat"
    assert exchange(github, made, client_secret="wrong", code=given)["error"] == "incorrect_client_credentials"


def test_a_callback_that_is_not_the_apps_and_a_no_lead_back_with_an_error(github: Loopback) -> None:
    made = app(github)
    assert code(github, made, redirect_uri="https://evil.example/")["error"] == ["redirect_uri_mismatch"]
    github.state.browser = ""
    assert code(github, made)["error"] == ["access_denied"]


def test_a_users_token_reaches_what_both_the_app_and_the_person_reach(github: Loopback) -> None:
    made = app(github)
    for name in ("acme/flights", "acme/secret", "acme/hidden", "acme/apart"):
        github.repository(name, private=name != "acme/flights")
    github.install(made, ["acme/flights", "acme/secret", "acme/hidden"])
    github.role("acme/secret", "octocat", "read")
    github.role("acme/apart", "octocat", "read")
    token = str(exchange(github, made, code=code(github, made)["code"][0])["access_token"])
    asking = Client(github, token)
    (installed,) = asking("GET", "/user/installations").json()["installations"]
    names = asking("GET", f"/user/installations/{installed['id']}/repositories").json()["repositories"]
    assert [each["full_name"] for each in names] == ["acme/flights", "acme/secret"]
    assert [asking("GET", f"/repos/acme/{name}").status_code for name in ("secret", "hidden", "apart")] == [200, 404, 404]
    assert asking("GET", "/user/installations/1/repositories").status_code == 404
    assert Client(github, github.user_token("octocat"))("GET", "/user/installations").status_code == 403
