"""The home with a server: a delivery, the token of its installation, and the same handlers. The process is in tests/e2e."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from actions.registry.client import Registry
from assay.registered import Registered
from bot.app.gateways import Gateways
from bot.app.permissions import EVENTS, asked
from bot.gateway.requesting import RequestGateway
from bot.gateway.transport import Transport
from bot.homes import service
from bot.promotion.asked import LABEL
from bot.receiving.delivery import Delivery, read
from bot.settings import Settings, load
from policy import origin
from tests.bot.promotion.court import POLICY, Shelf
from tests.bot.receiving.conftest import sqlite, sqlite_template
from tests.bot.receiving.payloads import told
from tests.bot.receiving.scene import Bot, serving, until
from tests.e2e.serving import NAME, SECRET, prepare, reactions, say, state
from tests.loopback.server import Loopback, running
from tests.loopback.state import App, Comment, Installation
from tests.policy.test_origin import SOME
from tests.registry import fresh, mlflow_server, registry

__all__ = ["mlflow_server", "registry", "sqlite", "sqlite_template"]


@dataclass
class Home:
    """An App on a GitHub on loopback, and the home without its process."""

    github: Loopback
    settings: Settings
    app: App
    installation: Installation
    ways: Gateways

    def happen(self, about: object, action: str = "created") -> str:
        """Something happens, and the home handles the delivery."""
        event, payload = self.github.event(NAME, about, action)  # type: ignore[arg-type]
        return service.handler(self.settings, self.ways)(
            delivery(event, {**payload, "installation": {"id": self.installation.id}})
        )


def delivery(event: str, payload: dict[str, object]) -> Delivery:
    return read("delivery-1", event, json.dumps(payload).encode())


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with running() as github:
        prepare(github)
        app = github.app("assay", events=[each.name for each in EVENTS], **asked("write"))
        installation = github.install(app, [NAME])
        settings = load(
            webhook_secret=SECRET, app_id=app.id, app_slug=app.slug, private_key=app.private_key, write_spacing=0.0,
            github_api_url=github.url,
        )  # fmt: skip
        yield Home(github, settings, app, installation, Gateways.configured(settings))


def test_a_comment_is_answered_by_the_apps_own_bot(home: Home) -> None:
    comment = say(home.github, 1, "/train train.lr=0.1")
    assert home.happen(comment) == "run-started"
    assert sorted(reactions(home.github, comment)) == ["eyes", "rocket"]
    (answer,) = [each for each in home.github.repository(NAME).comments.values() if each.author.login == "assay[bot]"]
    assert "runs on" in answer.body


def test_ap_06_a_token_is_made_for_the_one_repository(home: Home) -> None:
    other = home.github.repository("acme/other")
    home.installation.repositories.append(other.full_name)
    home.happen(say(home.github, 1, "/help"))
    made = [token for token in home.github.state.tokens.values() if token.app_id == home.app.id]
    assert made and all(token.repositories == {NAME} for token in made)


def test_what_is_about_no_repository_asks_for_nothing(home: Home) -> None:
    about = {"id": home.installation.id, "app_id": home.app.id, "account": {"id": 1, "login": "acme"}}
    payload = {"action": "created", "installation": about, "repositories": [], "sender": {"id": 1, "login": "a"}}
    assert service.handler(home.settings, home.ways)(delivery("installation", payload)) == "not-ours"


def test_a_sweep_answers_what_was_missed_everywhere(home: Home) -> None:
    comment = say(home.github, 1, "/train train.lr=0.1")
    service.sweep(home.settings, home.ways)(service.handler(home.settings, home.ways))
    assert sorted(reactions(home.github, comment)) == ["eyes", "rocket"]
    assert state(home.github)["orders"] == [(0, "train")]


def test_a_swept_comment_that_was_answered_while_it_waited_in_the_queue_is_not_done_again(home: Home) -> None:
    comment = say(home.github, 1, "/train train.lr=0.1")
    queue: list[Delivery] = []
    service.sweep(home.settings, home.ways)(queue.append)
    assert [(each.event, each.partition.rpartition("/")[2], each.installation_id) for each in queue] == [
        ("issue_comment", "1", home.installation.id),
        ("pull_request", "1", home.installation.id),
    ]
    home.happen(comment)
    assert service.handler(home.settings, home.ways)(queue[0]) == "answered"
    assert state(home.github)["orders"] == [(0, "train")]


def test_what_a_sweep_comes_by_is_judged_in_its_turn(home: Home) -> None:
    queue: list[Delivery] = []
    service.sweep(home.settings, home.ways)(queue.append)
    assert [service.handler(home.settings, home.ways)(each) for each in queue] == ["refreshed"]


def test_ap_04_what_a_sweep_comes_by_waits_for_the_next_one_where_few_requests_are_left(home: Home) -> None:
    queue: list[Delivery] = []
    service.sweep(home.settings, home.ways)(queue.append)
    spare = [token for token in home.github.state.tokens.values() if token.app_id == home.app.id]
    for token in spare:
        token.remaining = 50
    home.happen(say(home.github, 1, "/help"))  # which is told how little is left, and goes on
    assert [service.handler(home.settings, home.ways)(each) for each in queue] == ["put-off"]


def test_one_repository_that_cannot_be_swept_keeps_no_other_from_it(home: Home) -> None:
    broken = home.github.repository("acme/aaa")
    home.installation.repositories.insert(0, broken.full_name)
    comment = say(home.github, 1, "/help")
    home.github.fail("status", path="/repos/acme/aaa/", times=None, status=404)
    service.sweep(home.settings, home.ways)(service.handler(home.settings, home.ways))
    assert len(reactions(home.github, comment)) == 2


def test_a_repository_is_asked_about_its_own_registry_and_no_other(home: Home) -> None:
    asked: list[str] = []
    event, payload = home.github.event(NAME, say(home.github, 1, "/help"), "created")
    whole = delivery(event, {**payload, "installation": {"id": home.installation.id}})
    service.handler(home.settings, home.ways, asked.append)(whole)
    assert asked == [NAME]


def test_a_promotion_is_asked_for_and_approved_by_the_apps_own_bot(home: Home) -> None:
    sha = home.github.commit(NAME, {"assay.yml": POLICY})
    shelf = Shelf([SOME.model_copy(update={"code_sha": sha, "pull_request": None})])

    def happen(comment: Comment) -> str:
        event, payload = home.github.event(NAME, comment, "created")
        whole = delivery(event, {**payload, "installation": {"id": home.installation.id}})
        return service.handler(home.settings, home.ways, lambda name: shelf)(whole)

    for login in ("carol", "dan"):
        home.github.role(NAME, login, "write")
    assert happen(say(home.github, 1, "/promote flight-delay to staging")) == "request-opened"
    (issue,) = [each for each in home.github.repository(NAME).issues.values() if each.labels == [LABEL]]
    assert issue.author.login == "assay[bot]"
    (card,) = home.github.comments(NAME, issue.number)
    found = re.search(r"/approve [0-9a-f]{12}", card.body)
    assert found and card.author.login == "assay[bot]"
    approvals = [say(home.github, issue.number, found[0], by=login) for login in ("carol", "dan")]
    assert [happen(each) for each in approvals] == ["vote-heard"] * 2
    assert "may be promoted" in home.github.comments(NAME, issue.number)[0].body


def test_what_the_registry_tells_is_looked_at_in_the_one_repository_that_it_is_of(home: Home) -> None:
    home.github.commit(NAME, {"assay.yml": POLICY})
    shelf = Shelf([SOME], aliases={"production": 1})
    settings = home.settings.model_copy(update={"registry_repository": NAME})
    handle = service.handler(settings, home.ways, lambda name: shelf if name == NAME else None)
    event = read("mlflow-1", "mlflow", json.dumps(told()).encode())
    assert handle(event) == handle(event) == "registry-outside"
    issues = [each for each in home.github.repository(NAME).issues.values() if "points to version 1" in each.title]
    assert len(issues) == 1 and issues[0].author.login == "assay[bot]"
    assert service.handler(home.settings, home.ways)(event) == "not-ours"


def test_from_a_real_mlflow_to_the_issue_in_which_it_is_set_back(
    home: Home, sqlite: str, registry: Registry, mlflow_server: str
) -> None:
    from mlflow import MlflowClient

    model, secret = fresh(), "what-the-registry-signs-with"
    policy = POLICY.replace("flight-delay", model).replace("after: staging", "on_outside_move: revert")
    home.github.commit(NAME, {"assay.yml": policy})
    settings = home.settings.model_copy(update={"registry_repository": NAME})
    run = registry.begin(f"assay/{model}", "a run", {})
    for _ in range(2):
        registry.create(model, run, "model", origin.tags(SOME))
    registry.point(model, "production", 1)
    somebody = RequestGateway(Transport.to(home.github.url, home.github.token(NAME, "write")), NAME)
    somebody.create_deployment(home.github.commit(NAME, {}), "production", model, {"model": model, "version": 1})
    for each in home.github.repository(NAME).deployments.values():
        each.creator = home.app.bot
    registries = Registered.of_one({"MLFLOW_TRACKING_URI": mlflow_server}, NAME)
    given = {"mlflow_webhook_secret": secret, "registry_repository": NAME}
    client = MlflowClient(tracking_uri=mlflow_server, registry_uri=mlflow_server)
    with (
        Bot(sqlite, service.handler(settings, home.ways, registries), **given) as bot,
        serving(bot.app, lifespan="off") as address,
    ):
        events: Any = ["model_version_alias.created"]
        hook = client.create_webhook(fresh("hook"), f"{address}/webhooks/mlflow", events, secret=secret)
        try:
            client.set_registered_model_alias(model, "production", "2")
            until(lambda: registry.aliases(model) == {"production": 1})
            bot.settle()  # after what setting it back made MLflow tell
        finally:
            client.delete_webhook(hook.webhook_id)
    (issue,) = [each for each in home.github.repository(NAME).issues.values() if "points to version 2" in each.title]
    assert issue.state == "closed" and issue.author.login == "assay[bot]"


def test_a_sweep_has_the_registry_looked_at_in_its_turn_where_the_repository_has_one(home: Home) -> None:
    queue: list[Delivery] = []
    service.sweep(home.settings, home.ways, lambda name: Shelf())(queue.append)
    assert [each.partition for each in queue if each.event == "mlflow"] == ["registry"]
