"""Making an App of a manifest."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback
from tests.loopback.test_apps import signed

MANIFEST: dict[str, Any] = {
    "name": "Assay Office",
    "url": "https://assay.example",
    "redirect_url": "http://127.0.0.1:1/created",
    "hook_attributes": {"url": "https://assay.example/webhooks/github"},
    "default_permissions": {"issues": "write", "merge_queues": "read"},
    "default_events": ["issues", "merge_group"],
}


def post(github: Loopback, manifest: object, where: str = "/settings/apps/new") -> httpx.Response:
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    return httpx.post(f"{github.url}{where}?state=s%26t", data={"manifest": text}, timeout=10)


def test_a_manifest_becomes_an_app_whose_credentials_are_given_once(github: Loopback) -> None:
    back = post(github, MANIFEST, "/organizations/acme/settings/apps/new")
    assert back.status_code == 302
    query = parse_qs(urlsplit(back.headers["location"]).query)
    assert back.headers["location"].startswith("http://127.0.0.1:1/created?")
    assert query["state"] == ["s&t"]
    nobody = Client(github)
    url = f"/app-manifests/{query['code'][0]}/conversions"
    made = nobody("POST", url)
    assert (made.status_code, made.json()["slug"], made.json()["owner"]["login"]) == (201, "assay-office", "acme")
    assert nobody("POST", url).status_code == 404
    app = github.state.apps[made.json()["id"]]
    assert app.hook is not None
    assert (made.json()["pem"], made.json()["webhook_secret"]) == (app.private_key, app.hook.secret)
    assert Client(github, signed(app))("GET", "/app").json()["name"] == "Assay Office"


def test_without_a_hook_there_is_no_secret(github: Loopback) -> None:
    back = post(github, {**MANIFEST, "hook_attributes": {"url": "https://x.example", "active": False}})
    code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
    made = Client(github)("POST", f"/app-manifests/{code}/conversions").json()
    assert (made["webhook_secret"], made["owner"]["login"]) == (None, "octocat")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "name wasn't supplied"),
        ({"name": "x" * 35}, "name is too long"),
        ({"hook_attributes": {"url": "assay.example"}}, "hook url"),
        ({"default_permissions": {"telepathy": "read"}}, "telepathy"),
        ({"default_permissions": {"issues": "own"}}, "issues"),
        ({"default_events": ["push"]}, "unsupported: push"),
        ({"default_events": ["installation"]}, "unsupported: installation"),
    ],
)
def test_a_manifest_that_github_would_not_take_is_refused(github: Loopback, change: dict[str, Any], said: str) -> None:
    refused = post(github, {**MANIFEST, **change})
    assert (refused.status_code, said in refused.text) == (422, True)
    assert post(github, "{").status_code == 422
