"""Who is let in, what they are shown, and what nobody can do from outside."""

import logging
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from bot.pages import PAGES, site
from bot.receiving.database import sessions
from tests.bot.pages.visiting import KEY, REPOSITORY, SECRET, Browser, Visiting, visiting
from tests.bot.receiving.scene import serving

Capture = pytest.CaptureFixture[str]
HOME = f"/repos/{REPOSITORY}/models"


def path(answer: httpx.Response) -> str:
    return urlsplit(str(answer.url)).path


# --- signing in ---


def test_somebody_signs_in_comes_back_to_the_page_they_wanted_and_signs_out(there: Visiting) -> None:
    browser = Browser(there.base)
    first = browser.get(HOME)
    assert path(first) == "/login" and "Sign in with GitHub" in first.text
    begin = "/login/github?to=" + quote(HOME, safe="")
    assert begin in first.text
    answer = browser.get(begin)
    assert (answer.status_code, path(answer)) == (200, HOME)
    assert "octocat" in answer.text and REPOSITORY in browser.get("/").text
    assert path(browser.get("/login")) == "/", "who is signed in is not asked again"
    assert path(browser.sign_out()) == "/login"
    assert path(browser.get(HOME)) == "/login" and browser.cookie() == ""


def test_the_cookie_holds_nothing_and_the_row_can_be_read_by_nobody_without_it(there: Visiting) -> None:
    browser = there.browser("octocat")
    with there.database.reads.connect() as connection:
        (row,) = connection.execute(sa.select(sessions)).all()
    token = next(each for each in there.github.state.tokens if each.startswith("ghu_"))
    assert browser.cookie() not in row.id and token.encode() not in row.sealed and b"octocat" not in row.sealed
    assert token not in str(browser.cookies) and len(browser.cookie()) == 43


def test_the_cookie_is_for_the_server_alone(there: Visiting) -> None:
    browser = Browser(there.base)
    browser.follow_redirects = False
    begun = browser.get("/login/github")
    for each in begun.headers.get_list("set-cookie"):
        assert "HttpOnly" in each and "SameSite=lax" in each and "Path=/" in each
    back = browser.get(begun.headers["location"])
    (made,) = [each for each in browser.get(back.headers["location"]).headers.get_list("set-cookie") if each.startswith("assay=")]
    assert "HttpOnly" in made and "SameSite=lax" in made and "Secure" not in made, "without https, on this machine only"


def test_behind_https_the_cookies_are_secure_and_of_this_host_alone(sqlite: str) -> None:
    with visiting(sqlite, public_url="https://assay.example") as there:
        browser = Browser(there.base)
        browser.follow_redirects = False
        begun = browser.get("/login/github")
        (made,) = begun.headers.get_list("set-cookie")
        assert made.startswith("__Host-assay-login=") and "Secure" in made and "Domain" not in made
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        assert asked["redirect_uri"] == ["https://assay.example/login/callback"]
        assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
        assert "scope" not in asked, "an App's permissions are its own"


def test_session_fixation_signing_in_makes_another_session_than_the_one_that_was_planted(there: Visiting) -> None:
    attacker = there.browser("eve")
    victim = Browser(there.base)
    victim.cookies.set("assay", attacker.cookie(), domain="127.0.0.1")
    there.github.state.browser = "octocat"
    victim.get("/login/github")
    assert victim.cookie() != attacker.cookie()
    assert "octocat" in victim.get("/").text
    assert path(attacker.get("/")) == "/login", "what was planted is over"
    stranger = Browser(there.base)
    stranger.cookies.set("assay", "A" * 43, domain="127.0.0.1")
    stranger.get("/login/github")
    assert stranger.cookie() != "A" * 43


@pytest.mark.parametrize("state", ["", "forged", None])
def test_a_forged_state_signs_nobody_in(there: Visiting, state: str | None) -> None:
    attacker = Browser(there.base)
    attacker.follow_redirects = False
    back = attacker.get(attacker.get("/login/github").headers["location"]).headers["location"]
    code = parse_qs(urlsplit(back).query)
    victim = Browser(there.base)
    if state != "forged":
        victim.follow_redirects = False
        victim.get("/login/github")
        victim.follow_redirects = True
    asked = {"code": code["code"][0], "state": code["state"][0] if state is None else state}
    answer = victim.get("/login/callback", params=asked)
    assert answer.status_code == 400 and "did not begin in this browser" in answer.text
    assert victim.cookie() == "" and not [each for each in there.github.state.tokens if each.startswith("ghu_")]


def test_a_callback_works_once(there: Visiting) -> None:
    browser = Browser(there.base)
    browser.follow_redirects = False
    back = browser.get(browser.get("/login/github").headers["location"]).headers["location"]
    begun = browser.cookies.get("assay-login") or ""
    assert browser.get(back).status_code == 303
    assert browser.cookies.get("assay-login") is None
    again = Browser(there.base)
    again.cookies.set("assay-login", begun, domain="127.0.0.1")
    answer = again.get(back)
    assert answer.status_code == 400 and "does not take the code" in answer.text and again.cookie() == ""


def test_who_says_no_at_github_is_told_so(there: Visiting) -> None:
    there.github.state.browser = ""
    answer = Browser(there.base).get("/login/github")
    assert answer.status_code == 400 and "did not sign you in" in answer.text and "access_denied" not in answer.text


def test_a_client_secret_that_github_does_not_know_is_told_and_not_shown(sqlite: str) -> None:
    with visiting(sqlite, client_secret="not-the-secret-of-it") as there:
        answer = Browser(there.base).get("/login/github")
        assert answer.status_code == 400 and "client secret" in answer.text
        assert "not-the-secret-of-it" not in answer.text


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%2f/evil.example", "/%5cevil.example",
        "javascript:alert(1)", "/login/github", "/logout", "///evil", "/\t/evil.example", "/a\r\nSet-Cookie: x=y", "http:evil",
        "", "/repos/../../x", "/x#@evil.example", "@evil.example",
    ],
)  # fmt: skip
def test_open_redirect_signing_in_leads_nowhere_but_to_our_own_pages(there: Visiting, to: str) -> None:
    browser = Browser(there.base)
    answer = browser.get("/login/github", params={"to": to})
    assert (answer.url.host, answer.url.port, path(answer)) == ("127.0.0.1", urlsplit(there.base).port, "/")


# --- sessions ---


def test_an_expired_session_is_over(there: Visiting) -> None:
    browser = there.browser("octocat")
    with there.database.quick.begin() as connection:
        connection.execute(sa.update(sessions).values(ends=there.database.now - 1))
    assert path(browser.get("/")) == "/login"


def test_a_session_lasts_no_longer_than_its_token(there: Visiting) -> None:
    there.browser("octocat")
    with there.database.reads.connect() as connection:
        lasts = connection.execute(sa.select(sessions.c.ends - there.database.now)).scalar_one()
    assert 7.9 * 3600_000 < lasts <= 8 * 3600_000


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(there: Visiting) -> None:
    browser = there.browser("octocat")
    thief = Browser(there.base)
    thief.cookies.set("assay", browser.cookie(), domain="127.0.0.1")
    assert REPOSITORY in thief.get("/").text
    browser.sign_out()
    assert path(thief.get("/")) == "/login" and path(thief.get(HOME)) == "/login"
    with there.database.reads.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(sessions)).scalar_one() == 0


def test_a_token_that_was_revoked_at_github_ends_the_session(there: Visiting) -> None:
    browser = there.browser("octocat")
    for value in [each for each in there.github.state.tokens if each.startswith("ghu_")]:
        del there.github.state.tokens[value]
    assert path(browser.get(HOME)) == "/login"
    with there.database.reads.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(sessions)).scalar_one() == 0


def test_csrf_signing_out_takes_the_sessions_own_form(there: Visiting) -> None:
    browser, other = there.browser("octocat"), there.browser("mona")
    for answer in (
        browser.post("/logout"),
        browser.sign_out("guessed"),
        browser.sign_out(other.csrf()),
        browser.post("/logout", data={"csrf": browser.csrf()}, headers={"origin": "https://evil.example"}),
        browser.post("/logout", content=b"csrf=" + b"x" * 10_000, headers={"content-type": "application/x-www-form-urlencoded"}),
    ):
        assert answer.status_code in (400, 403)
    assert browser.get("/logout").status_code == 405, "a link or a picture signs nobody out"
    assert REPOSITORY in browser.get("/").text
    assert browser.post("/logout", data={"csrf": browser.csrf()}, headers={"origin": there.base}).status_code == 200
    assert path(browser.get("/")) == "/login"


# --- who sees what ---


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("repository", ["acme/hidden", "other/apart", "acme/nowhere", "acme/..", "a/b%2fc", "acme/hid den"])
def test_cross_installation_access_what_an_account_may_not_read_is_not_there(there: Visiting, page: str, repository: str) -> None:
    browser = there.browser("octocat")
    answer = browser.get(f"/repos/{repository}/{page}")
    assert answer.status_code == 404
    assert "may not see it" in answer.text or answer.text == "Not Found"
    assert "acme/hidden" not in browser.get("/").text and "other/apart" not in browser.get("/").text


def test_a_public_repository_without_the_app_is_not_there(there: Visiting) -> None:
    there.github.repository("other/public")
    answer = there.browser("octocat").get("/repos/other/public/models")
    assert answer.status_code == 404


def test_every_page_asks_github_with_the_persons_own_token_and_remembers_it_a_minute_at_most(
    there: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = there.browser("octocat")
    now = [1000.0]
    monkeypatch.setattr(there.site._access, "_clock", lambda: now[0])
    (token,) = [each for each in there.github.state.tokens.values() if each.value.startswith("ghu_")]

    def own() -> int:
        return len([each for each in there.github.requests if token.value in each.headers.get("authorization", "")])

    there.github.forget_requests()
    assert browser.get(HOME).status_code == 200 and own() == 1
    now[0] += 59
    assert browser.get(HOME).status_code == 200 and own() == 1
    token.repositories = set()  # they were taken off the repository
    now[0] += 2
    assert browser.get(HOME).status_code == 404 and own() == 2


def test_what_one_account_may_see_is_not_remembered_for_another(there: Visiting) -> None:
    assert there.browser("mona").get("/repos/acme/hidden/models").status_code == 200
    assert there.browser("octocat").get("/repos/acme/hidden/models").status_code == 404


def test_a_suspended_installation_shows_nothing(there: Visiting) -> None:
    browser = there.browser("octocat")
    there.github.suspend(there.installation)
    there.site._access.forget(there.session(browser))
    assert REPOSITORY not in browser.get("/").text


# --- the answers ---


def test_every_answer_forbids_scripts_frames_and_being_kept(there: Visiting) -> None:
    browser = there.browser("octocat")
    for address in ("/", HOME, "/login", "/deliveries", "/repos/acme/hidden/models"):
        answer = browser.get(address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in answer.text and "style=" not in answer.text


def test_no_token_and_no_secret_is_ever_logged(there: Visiting, caplog: pytest.LogCaptureFixture, capfd: Capture) -> None:
    caplog.set_level(logging.DEBUG)
    for theirs in ("httpx", "httpcore"):  # the test's own browser
        caplog.set_level(logging.CRITICAL, theirs)
    browser = there.browser("octocat")
    browser.get(HOME)
    browser.sign_out()
    said = caplog.text + "".join(capfd.readouterr())
    assert "signed in" in said
    for value in (*there.github.state.tokens, there.app.client_secret, KEY, SECRET, "code=", "state="):
        assert value not in said


def test_where_something_is_not_set_the_pages_say_what(there: Visiting) -> None:
    bare = there.settings.model_copy(update={"client_id": "", "public_url": ""})
    found, close = site.routes(bare, there.site._ways, there.registry.get, there.database, there.journal)
    with serving(Starlette(routes=found), lifespan="off") as base:
        for address in ("/", "/login", HOME, "/deliveries"):
            answer = httpx.get(base + address)
            assert answer.status_code == 404
            assert "Set ASSAY_CLIENT_ID, ASSAY_PUBLIC_URL" in answer.text and "docs/pages.md" in answer.text
    close()


def test_somebody_who_loads_pages_without_end_is_told_to_wait(there: Visiting, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = there.browser("octocat")
    monkeypatch.setattr(there.site._people, "_most", 3)
    statuses = [browser.get("/deliveries").status_code for _ in range(6)]
    assert statuses[-1] == 429
    assert there.browser("mona").get("/").status_code == 200


def test_a_github_that_is_away_is_told_and_the_next_page_is_well(there: Visiting) -> None:
    browser = there.browser("octocat")
    there.github.fail("status", "GET", f"/repos/{REPOSITORY}", status=502)
    answer = browser.get(HOME)
    assert answer.status_code == 503 and "GitHub" in answer.text
    assert browser.get(HOME).status_code == 200
