"""Who asks: GITHUB_TOKEN, a person, an app, nobody."""

import time

import jwt
import pytest

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback
from tests.loopback.state import App

REPO = "/repos/acme/flights"


def signed(app: App, life: int = 540, key: str | None = None) -> str:
    now = int(time.time())
    return jwt.encode({"iss": str(app.id), "iat": now - 60, "exp": now + life}, key or app.private_key, "RS256")


def test_a_github_token_has_no_self_and_a_person_has(github: Loopback, reader: Client) -> None:
    assert reader("GET", "/user").json()["message"] == "Resource not accessible by integration"
    assert Client(github, github.user_token("octocat"))("GET", "/user").json()["login"] == "octocat"
    assert Client(github)("GET", "/user").status_code == 401
    assert Client(github)("GET", "/users/github-actions[bot]").json()["id"] == 41898282


def test_a_wrong_token_is_refused_everywhere(github: Loopback) -> None:
    wrong = Client(github, "ghs_wrong")("GET", REPO)
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Bad credentials")


def test_a_private_repository_is_not_there_for_strangers(github: Loopback, reader: Client) -> None:
    github.repository("acme/secret", private=True)
    for client in (Client(github), reader):
        assert client("GET", "/repos/acme/secret").status_code == 404
    assert Client(github, github.token("acme/secret"))("GET", "/repos/acme/secret").json()["private"]


def test_a_public_repository_is_read_by_nobody_in_particular(github: Loopback) -> None:
    nobody = Client(github)
    assert nobody("GET", REPO).json()["default_branch"] == "main"
    assert nobody("POST", f"{REPO}/issues", {"title": "x"}).status_code == 401


def test_a_token_of_another_repository_may_not_write_here(github: Loopback) -> None:
    other = Client(github, github.token("mona/flights", "write"))
    assert other("POST", f"{REPO}/issues", {"title": "x"}).status_code == 403


def test_an_app_trades_its_jwt_for_a_token_narrowed_to_what_it_asks(github: Loopback) -> None:
    app = github.app("assay", issues="write", checks="write")
    installed = github.install(app, ["acme/flights"])
    as_app = Client(github, signed(app))
    assert as_app("GET", "/app").json()["slug"] == "assay"
    assert [one["id"] for one in as_app("GET", "/app/installations").json()] == [installed.id]
    assert as_app("GET", f"{REPO}/installation").json()["id"] == installed.id
    url = f"/app/installations/{installed.id}/access_tokens"
    made = as_app("POST", url, {"permissions": {"issues": "write"}, "repositories": ["flights"]})
    assert made.status_code == 201
    as_bot = Client(github, made.json()["token"])
    comment = as_bot("POST", f"{REPO}/issues/1/comments", {"body": "x"}).json()
    assert (comment["user"]["login"], comment["performed_via_github_app"]["slug"]) == ("assay[bot]", "assay")
    sha = github.repository("acme/flights").pulls[1].head_sha
    assert as_bot("POST", f"{REPO}/check-runs", {"name": "x", "head_sha": sha}).status_code == 403
    assert as_bot("GET", "/installation/repositories").json()["total_count"] == 1
    assert as_app("POST", url, {"permissions": {"contents": "write"}}).status_code == 422
    assert as_app("POST", url, {"repositories": ["elsewhere"]}).status_code == 422


def test_an_installation_token_dies(github: Loopback) -> None:
    token = github.token("acme/flights")
    github.state.tokens[token].expires_at = time.time() - 1
    assert Client(github, token)("GET", REPO).status_code == 401


@pytest.mark.parametrize("life", [-5, 3600])
def test_a_jwt_that_is_over_or_too_long_is_refused(github: Loopback, life: int) -> None:
    app = github.app("assay")
    assert Client(github, signed(app, life))("GET", "/app").status_code == 401


def test_a_jwt_of_another_key_is_refused(github: Loopback) -> None:
    app, other = github.app("assay"), github.app("other")
    assert Client(github, signed(app, key=other.private_key))("GET", "/app").status_code == 401


def test_the_limit_counts_down_and_a_304_is_free(github: Loopback, reader: Client) -> None:
    first = reader("GET", REPO)
    again = reader("GET", REPO, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["x-ratelimit-remaining"] == again.headers["x-ratelimit-remaining"] == "999"
    assert reader("GET", "/rate_limit").json()["resources"]["core"]["remaining"] == 999
    token = reader.http.headers["authorization"].split()[1]
    github.state.tokens[token].remaining = 0
    empty = reader("GET", REPO)
    assert (empty.status_code, empty.headers["x-ratelimit-remaining"]) == (403, "0")
    assert empty.json()["message"].startswith("API rate limit exceeded")


def test_another_token_never_gets_a_304_for_this_ones_etag(github: Loopback, reader: Client, writer: Client) -> None:
    etag = reader("GET", REPO).headers["etag"]
    assert writer("GET", REPO, headers={"if-none-match": etag}).status_code == 200


def test_ap_07_enterprise_server_answers_under_its_own_prefix(github: Loopback) -> None:
    client = Client(github, github.token("acme/flights", "write"), "/api/v3")
    body = client("GET", REPO).json()
    assert body["url"] == f"{github.enterprise_url}{REPO}"
    assert body["html_url"] == f"{github.url}/acme/flights"
    assert client("POST", f"{REPO}/issues/1/comments", {"body": "x"}).json()["url"].startswith(github.enterprise_url)


def test_bad_json_and_unknown_routes_are_told_apart(github: Loopback, writer: Client) -> None:
    assert writer.http.post(f"{REPO}/issues", content=b"{").status_code == 400
    assert writer.http.post(f"{REPO}/issues", content=b"[]").status_code == 400
    assert writer("GET", f"{REPO}/nonsense").status_code == 404
    assert writer("GET", f"{REPO}/pulls/abc").status_code == 404
