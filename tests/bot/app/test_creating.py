"""The manifest flow, walked through as a browser does."""

import html
import logging
import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.app.creating import Made, Place, create
from bot.app.key import PrivateKey
from bot.app.manifest import Wish
from bot.gateway.address import server_url
from policy.problems import OutsideProblem, UserProblem
from tests.loopback.server import Loopback, running

WISH = Wish('Assay "office" & <co>', "https://assay.example")


@pytest.fixture
def github() -> Iterator[Loopback]:
    """A GitHub on loopback."""
    with running() as made:
        yield made


class Browser:
    """Somebody at the page; `made` is what comes of it."""

    def __init__(self, pool: ThreadPoolExecutor, place: Place, file: Path, patience: float = 20.0) -> None:
        shown: Queue[str] = Queue()
        self.made: Future[Made] = pool.submit(create, WISH, place, file, shown.put, 0, patience)
        self.http = httpx.Client(timeout=10)
        self.page = shown.get(timeout=10)

    def form(self) -> tuple[str, str]:
        """Where the button leads, and the manifest it takes along."""
        shown = self.http.get(self.page)
        assert shown.status_code == 200 and "<script" not in shown.text
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        action = re.search(r'action="([^"]+)"', shown.text)
        sent = re.search(r'name="manifest" value="([^"]+)"', shown.text)
        assert action and sent
        return html.unescape(action[1]), html.unescape(sent[1])

    def press(self) -> str:
        """Press the button; the answer is where GitHub leads back to."""
        action, sent = self.form()
        answer = self.http.post(action, data={"manifest": sent})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


Opened = Callable[..., Browser]


@pytest.fixture
def opened(tmp_path: Path, github: Loopback) -> Iterator[Opened]:
    """Opens the page of a flow."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda organisation="", base=github.url, **more: Browser(
            pool, Place(base, server_url({"GITHUB_API_URL": base}), organisation), tmp_path / "app.env", **more
        )


@pytest.mark.parametrize("organisation", ["", "acme"])
def test_a_button_makes_the_app_and_its_credentials_lie_in_the_file(
    opened: Opened,
    github: Loopback,
    tmp_path: Path,
    organisation: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = opened(organisation)
    end = browser.http.get(browser.press())
    assert end.status_code == 200 and "terminal" in end.text
    made = browser.made.result(timeout=10)
    [app] = github.state.apps.values()
    assert app.hook is not None
    assert made == Made(app.id, "assay-office-co", f"{github.url}/apps/assay-office-co", tmp_path / "app.env", True)
    assert app.owner.login == (organisation or "octocat") and app.name == WISH.name
    env = dict(line.split("=", 1) for line in (tmp_path / "app.env").read_text().splitlines() if "=" in line)
    assert PrivateKey.parse(env["ASSAY_PRIVATE_KEY"]).sign({})
    assert (env["ASSAY_APP_ID"], env["ASSAY_WEBHOOK_SECRET"]) == (str(app.id), app.hook.secret)
    assert (tmp_path / "app.env").stat().st_mode & 0o777 == 0o600
    told = caplog.text + "".join(capsys.readouterr()) + end.text + repr(made)
    for secret in (app.hook.secret, app.client_secret, *app.private_key.splitlines()[1:-1], env["ASSAY_PRIVATE_KEY"]):
        assert secret not in told


def test_a_code_without_our_state_is_not_looked_at(opened: Opened, github: Loopback, tmp_path: Path) -> None:
    browser = opened()
    back = browser.press()
    code = parse_qs(urlsplit(back).query)["code"][0]
    for query in (f"code={code}", f"code={code}&state=", f"code={code}&state=é", f"code={code}&state=guessed"):
        answer = browser.http.get(f"{browser.page}created?{query}")
        assert answer.status_code == 400 and code in github.state.codes
    assert browser.http.get(browser.page + "other").status_code == 404
    assert browser.http.post(browser.page).status_code == 501
    assert browser.http.get(back).status_code == 200
    assert browser.made.result(timeout=10).file == tmp_path / "app.env"


def test_a_page_of_another_name_that_leads_here_is_turned_away(opened: Opened) -> None:
    browser = opened()
    assert browser.http.get(browser.page, headers={"host": "evil.example"}).status_code == 421
    port = urlsplit(browser.page).port
    assert browser.http.get(browser.page, headers={"host": f"localhost:{port}"}).status_code == 200
    browser.http.get(browser.press())
    browser.made.result(timeout=10)


def test_a_code_that_is_over_or_none_ends_the_flow_with_advice(opened: Opened, github: Loopback, tmp_path: Path) -> None:
    browser = opened()
    back = browser.press()
    github.state.codes.clear()
    assert browser.http.get(back).status_code == 502
    with pytest.raises(OutsideProblem, match="does not know the code"):
        browser.made.result(timeout=10)
    browser = opened()
    state = parse_qs(urlsplit(browser.form()[0]).query)["state"][0]
    for code in ("../../app", ""):
        if not browser.made.done():
            browser.http.get(f"{browser.page}created", params={"code": code, "state": state})
            with pytest.raises(OutsideProblem, match="without a code"):
                browser.made.result(timeout=10)
    assert list(tmp_path.iterdir()) == []


def test_nobody_who_comes_back_is_a_problem_and_the_page_is_gone(opened: Opened) -> None:
    browser = opened(patience=0.2)
    with pytest.raises(UserProblem, match="nobody came back"):
        browser.made.result(timeout=10)
    with pytest.raises(httpx.ConnectError):
        browser.http.get(browser.page)


def test_a_file_that_is_there_or_a_port_that_is_taken_stops_it_before_it_begins(tmp_path: Path) -> None:
    place, shown = Place("https://api.github.com", "https://github.com"), list[str]()
    (tmp_path / "there").write_text("mine")
    with pytest.raises(UserProblem, match="something already"):
        create(WISH, place, tmp_path / "there", shown.append)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UserProblem, match="--port"):
        create(WISH, place, tmp_path / "new", shown.append, port=taken.getsockname()[1])
    assert shown == []


@pytest.mark.parametrize(
    ("api", "organisation", "form"),
    [
        ("https://api.github.com", "", "https://github.com/settings/apps/new"),
        ("https://api.github.com", "acme", "https://github.com/organizations/acme/settings/apps/new"),
        ("https://ghes.example/api/v3", "acme", "https://ghes.example/organizations/acme/settings/apps/new"),
        ("https://api.octo.ghe.com", "", "https://octo.ghe.com/settings/apps/new"),
    ],
)
def test_ap_07_every_kind_of_github_has_its_form(api: str, organisation: str, form: str) -> None:
    assert Place(api, server_url({"GITHUB_API_URL": api}), organisation).form == form


def test_what_is_no_name_of_an_organisation_is_a_problem() -> None:
    for name in ("../x", "a/b", "a?b", "-a"):
        with pytest.raises(UserProblem, match="--organization"):
            _ = Place("https://api.github.com", "https://github.com", name).form
