"""`assay app`: an App by one click, and what it may do."""

import html
import json
import re
from pathlib import Path
from threading import Thread

import httpx
import pytest

from bot.app.gateways import Gateways
from bot.app.permissions import EVENTS, PERMISSIONS
from tests.assay.conftest import Assay
from tests.loopback.server import running


def press(page: str) -> None:
    """What somebody does in the browser: presses the button, and is led back."""
    shown = httpx.get(page, timeout=10).text
    action, sent = (re.search(form, shown) for form in (r'action="([^"]+)"', r'value="([^"]+)"'))
    assert action and sent
    answer = httpx.post(html.unescape(action[1]), data={"manifest": html.unescape(sent[1])}, timeout=10)
    httpx.get(answer.headers["location"], timeout=10)


def test_one_click_makes_an_app_that_works(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda page: (opened.append(page), Thread(target=press, args=(page,)).start()))
    with running() as github:
        monkeypatch.setenv("GITHUB_API_URL", github.url + "/")
        url = ("--url", "https://assay.example")
        done = assay("app", "create", *url, "--name", "Assay Office", "--organization", "acme", "--write-contents", cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        [app] = github.state.apps.values()
        assert (app.owner.login, app.permissions["contents"]) == ("acme", "write")
        assert f"Open {opened[0]} and press the button" in done.out
        assert f"{github.url}/apps/assay-office/installations/new" in done.out
        assert "set -a; . assay-app.env; set +a; assay serve" in done.out
        lines = (tmp_path / "assay-app.env").read_text().splitlines()
        env = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        assert app.hook is not None
        for secret in (env["ASSAY_PRIVATE_KEY"], app.hook.secret, *app.private_key.splitlines()):
            assert secret not in done.out
        github.commit("acme/flights", {"a": "a"})
        installed = github.install(app, ["acme/flights"])
        gateways = Gateways.of(env["GITHUB_API_URL"], int(env["ASSAY_APP_ID"]), env["ASSAY_PRIVATE_KEY"])
        assert gateways.gateway(installed.id, "acme/flights").repository().full_name == "acme/flights"


def test_what_cannot_be_made_is_told_before_the_page_is_opened(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "assay-app.env").write_text("mine")
    for arguments, said in (
        (("--url", "https://assay.example"), "assay-app.env: there is something already"),
        (("--url", "assay.example"), "--url: not an address that GitHub can send to"),
        (("--url", "https://assay.example", "--name", "x" * 35), "--name: an App's name has 1 to 34 characters"),
        (("--url", "https://assay.example", "--out", "none/app.env"), "none: cannot write there"),
        ((), "Missing option"),
    ):
        done = assay("app", "create", *arguments, "--no-browser", cwd=tmp_path)
        assert (done.code, done.out, said in done.err) == (2, "", True), done.err


def test_permissions_and_events_are_listed_with_their_reasons(assay: Assay, tmp_path: Path) -> None:
    done = assay("app", "permissions", cwd=tmp_path)
    assert done.code == 0
    for each in PERMISSIONS:
        assert re.search(rf"^{each.name}: {each.level} +{re.escape(each.reason)}$", done.out, re.MULTILINE)
    assert re.search(r"^  contents: write +where the policy wants pictures", done.out, re.MULTILINE)
    assert all(re.search(rf"^{each.name} +", done.out, re.MULTILINE) for each in EVENTS)
    told = json.loads(assay("app", "permissions", "--json", cwd=tmp_path).out)
    assert [each["name"] for each in told["permissions"]] == [each.name for each in PERMISSIONS]
    assert told["events"][0]["reason"] and [each["name"] for each in told["unasked"]] == [
        "installation",
        "installation_repositories",
    ]
