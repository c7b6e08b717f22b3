"""The check against GitHub's description refuses what GitHub would not send."""

import re
from dataclasses import replace

import pytest
from fastapi.routing import APIRoute
from pydantic import ValidationError

from tests.loopback.conftest import Client
from tests.loopback.routes import ROUTERS
from tests.loopback.schemas import ANSWERS, adapter, check, check_webhook, model_of
from tests.loopback.server import Loopback


def test_a_missing_field_a_wrong_type_and_an_unknown_route_are_found(github: Loopback, writer: Client) -> None:
    writer("POST", "/repos/acme/flights/issues/1/comments", {"body": "x"})
    seen = github.requests[-1]
    check(seen)
    for wrong in ({"id": "seven"}, {"author_association": "FRIEND"}, {"created_at": "yesterday"}):
        with pytest.raises(ValidationError):
            check(replace(seen, answer={**seen.answer, **wrong}))
    with pytest.raises(ValidationError):
        check(replace(seen, answer={key: value for key, value in seen.answer.items() if key != "html_url"}))
    with pytest.raises(AssertionError, match="no schema named"):
        check(replace(seen, path="/repos/acme/flights/nonsense"))


WITHOUT_JSON = (
    "GET .*/zip",
    "GET .*/_storage/.*",
    "GET .*/(raw|blob)/.*",
    "(GET|POST) .*/(info/refs|git-upload-pack|git-receive-pack)",
    "POST .*/dispatches",
    "POST .*/deployment_protection_rule",
    "DELETE .*",
    "GET .*/collaborators/octocat",
    "POST /graphql",
    "POST .*/settings/apps/new",
    "(GET|POST) /login/oauth/(authorize|access_token)",
)
"""Routes whose good answer is no JSON, and those that the description of the REST API leaves out: GraphQL and OAuth."""
SAMPLES = {
    "file": "train.yml",
    "number": "1",
    "attempt": "1",
    "identifier": "1",
    "reaction_id": "1",
    "sha": "a" * 40,
    "form": "zip",
    "verb": "rerun",
    "login": "octocat",
}


def test_every_route_is_held_to_a_schema() -> None:
    unnamed = []
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            path = re.sub(r"\{(\w+)(:path)?\}", lambda found: SAMPLES.get(found[1], "name"), route.path)
            lines = [f"{method} {path}" for method in sorted(route.methods or ())]
            for method, line in zip(sorted(route.methods or ()), lines, strict=True):
                if model_of(method, path, {}) is None and not any(re.fullmatch(form, line) for form in WITHOUT_JSON):
                    unnamed.append(line)
    assert unnamed == []


def test_every_schema_exists() -> None:
    for _, _, name in ANSWERS:
        adapter(name)


def test_a_payload_that_lacks_its_sender_is_found() -> None:
    with pytest.raises(ValidationError):
        check_webhook("issues", {"action": "opened"})
