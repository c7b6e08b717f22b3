"""What MLflow sends is taken in by the signature that MLflow itself makes, while it is fresh, once."""

import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.registry.client import Registry
from bot.receiving import mlflow
from bot.receiving.intake import Received, Refusal
from bot.receiving.relevance import Own, unwanted
from bot.receiving.shapes import Registry as MlflowEvent
from tests.bot.receiving.payloads import told
from tests.bot.receiving.scene import Answer, Bot, serving, until
from tests.registry import fresh, mlflow_server, registry

__all__ = ["mlflow_server", "registry"]

SECRET, OLD = "a-registry-that-signs-its-words", "what-it-signed-with-last-year"
PATH = "/webhooks/mlflow"
SECRETS = {"mlflow": SECRET.encode(), "mlflow_old": OLD.encode()}
Pairs = list[tuple[bytes, bytes]]


def signed(body: bytes, secret: str = SECRET, id: str = "", at: float | None = None) -> Pairs:
    """The headers that MLflow's own code makes for a body."""
    from mlflow.webhooks.constants import WEBHOOK_DELIVERY_ID_HEADER, WEBHOOK_SIGNATURE_HEADER, WEBHOOK_TIMESTAMP_HEADER
    from mlflow.webhooks.delivery import _generate_hmac_signature

    id, moment = id or str(uuid.uuid4()), str(int(time.time() if at is None else at))
    headers = {
        "Content-Type": "application/json",
        WEBHOOK_DELIVERY_ID_HEADER: id,
        WEBHOOK_TIMESTAMP_HEADER: moment,
        WEBHOOK_SIGNATURE_HEADER: _generate_hmac_signature(secret, id, moment, body.decode()),
    }
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def told_as(**more: Any) -> bytes:
    return json.dumps(told(**more)).encode()


def received(headers: Pairs, body: bytes, method: str = "POST", limit: int = mlflow.LIMIT) -> tuple[int, str]:
    found = mlflow.receive(method, headers, body, SECRETS, limit)
    return (found.status, found.reason.value) if isinstance(found, Refusal) else (202, found.slot)


def changed(headers: Pairs, name: str, *values: bytes) -> Pairs:
    return [each for each in headers if each[0] != name.encode()] + [(name.encode(), value) for value in values]


def test_wh_10_what_mlflow_signs_is_a_delivery_of_either_secret() -> None:
    body = told_as()
    found = mlflow.receive("POST", signed(body, id="d-1"), body, SECRETS, mlflow.LIMIT)
    assert isinstance(found, Received) and found.slot == "mlflow"
    delivery = found.delivery
    assert (delivery.id, delivery.event, delivery.partition, delivery.action) == ("mlflow-d-1", "mlflow", "registry", "created")
    assert delivery.fold == "mlflow registry" and delivery.repository == ""
    assert received(signed(body, OLD), body) == (202, "mlflow_old")


@pytest.mark.parametrize("name", ["x-mlflow-signature", "x-mlflow-timestamp", "x-mlflow-delivery-id"])
def test_wh_02_without_a_part_of_its_signature_or_with_two_it_is_401(name: str) -> None:
    body = told_as()
    headers = signed(body)
    assert received(changed(headers, name), body)[0] == 401
    value = next(value for key, value in headers if key == name.encode())
    assert received(changed(headers, name, value, value), body)[0] == 401


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"v1,",
        b"v1," + b"A" * 43 + b"=",
        b"v2," + b"A" * 43 + b"=",
        b"v1,\xe9",
        b"v1,B" + b"A" * 42 + b"=",
        b"sha256=" + b"a" * 64,
    ],
)
def test_wh_05_a_forged_or_misformed_signature_is_401(value: bytes) -> None:
    body = told_as()
    assert received(changed(signed(body), "x-mlflow-signature", value), body)[0] == 401
    assert received(signed(body, "somebody-elses-secret"), body) == (401, "bad-signature")


@given(st.integers(0, 31), st.integers(1, 255))
def test_wh_06_no_other_signature_id_time_or_body_will_do(at: int, flip: int) -> None:
    body = told_as()
    headers = signed(body)
    other = bytearray(body)
    other[at] ^= flip
    assert received(headers, bytes(other)) == (401, "bad-signature")
    later = next(value for key, value in headers if key == b"x-mlflow-timestamp")
    assert received(changed(headers, "x-mlflow-timestamp", str(int(later) + flip).encode()), body) == (401, "bad-signature")
    assert received(changed(headers, "x-mlflow-delivery-id", f"other-{flip}".encode()), body) == (401, "bad-signature")


@pytest.mark.parametrize(
    ("offset", "status"), [(0, 202), (-290, 202), (290, 202), (-310, 401), (310, 401), (-1e9, 401), (9e10, 401)]
)
def test_wh_19_what_was_signed_long_ago_or_ahead_of_time_is_401(offset: float, status: int) -> None:
    body = told_as()
    assert received(signed(body, at=time.time() + offset), body)[0] == status


def test_wh_08_a_huge_body_is_413_before_anything_is_computed() -> None:
    body = b"x" * (mlflow.LIMIT + 1)
    assert received([], body) == (413, "too-large")


def test_wh_11_wh_12_wh_17_the_rest_of_a_request_is_as_strict() -> None:
    body = told_as()
    assert received(signed(body), body, "GET") == (405, "unsigned")
    assert received(changed(signed(body), "content-type", b"text/plain"), body) == (415, "content-type")
    for odd, reason in ((b"{", "not-json"), (b"[]", "not-json"), (b"{}", "shape"), (b'{"entity": "model_version"}', "shape")):
        assert received(signed(odd), odd) == (400, reason)
    githubs = json.dumps({**told(), "sender": {"id": 1, "login": "x"}}).encode()
    assert received(signed(githubs), githubs) == (400, "shape")


def test_every_example_of_mlflow_is_read_and_only_what_is_about_models_matters() -> None:
    from mlflow.entities.webhook import VALID_ENTITY_ACTIONS, WebhookEntity, WebhookEvent
    from mlflow.webhooks.types import get_example_payload_for_event

    for entity, actions in VALID_ENTITY_ACTIONS.items():
        for action in actions:
            data = get_example_payload_for_event(WebhookEvent(entity, action))
            whole = {"entity": entity.value, "action": action.value, "timestamp": datetime.now(UTC).isoformat(), "data": data}
            body = json.dumps(whole).encode()
            found = mlflow.receive("POST", signed(body), body, SECRETS, mlflow.LIMIT)
            if entity is WebhookEntity.BUDGET_POLICY:
                continue
            assert isinstance(found, Received) and isinstance(found.delivery.typed, MlflowEvent)
            ours = entity.value.startswith(("model_", "registered_"))
            reason = unwanted(found.delivery, Own(), datetime.now(UTC), mlflow.WINDOW)
            assert found.delivery.typed.matters == ours == (reason is None)


# --- at the service ---


@pytest.fixture
def bot(sqlite: str) -> Iterator[Bot]:
    secrets = {"mlflow_webhook_secret": SECRET, "mlflow_webhook_secret_old": OLD, "registry_repository": "acme/flights"}
    with Bot(sqlite, **secrets) as started:
        yield started


def post(bot: Bot, body: bytes, headers: Pairs | None = None) -> Answer:
    return bot.ask("POST", PATH, signed(body) if headers is None else headers, body)


def test_wh_14_wh_15_wh_22_it_is_durable_before_the_answer_handled_once_and_a_replay_changes_nothing(bot: Bot) -> None:
    body = told_as()
    headers = signed(body, id="d-1")
    assert (post(bot, body, headers).status, bot.service.journal.load("mlflow-d-1") is not None) == (202, True)
    bot.settle()
    assert post(bot, body, headers).json == {"status": "duplicate", "reason": "duplicate"}
    assert post(bot, body, signed(body, id="d-2")).json == {"status": "duplicate", "reason": "replayed"}
    bot.settle()
    assert bot.ended() == {"mlflow-d-1": ("handled", "noted")} and len(bot.seen) == 1
    assert bot.metric("assay_signature_slot_total", slot="mlflow") == 3


def test_a_real_server_delivers_what_happens_to_a_model(bot: Bot, registry: Registry, mlflow_server: str) -> None:
    from mlflow import MlflowClient

    client, name = MlflowClient(tracking_uri=mlflow_server, registry_uri=mlflow_server), fresh()
    with serving(bot.app, lifespan="off") as address:
        events: Any = ["model_version.created", "model_version_alias.created"]
        hook = client.create_webhook(fresh("hook"), f"{address}{PATH}", events, secret=SECRET)
        try:
            registry.create(name, registry.begin(f"assay/{name}", "a run", {}), "model", {})
            registry.point(name, "production", 1)
            until(lambda: len(bot.ended()) == 2)
        finally:
            client.delete_webhook(hook.webhook_id)
    bot.settle()
    assert set(bot.ended().values()) <= {("handled", "noted"), ("ignored", "superseded")}
    told = {each.typed.data.name for each in bot.seen if isinstance(each.typed, MlflowEvent)}
    assert told == {name} and bot.metric("assay_signature_slot_total", slot="mlflow") == 2


def test_wh_02_what_is_refused_leaves_no_trace(bot: Bot) -> None:
    body = told_as()
    assert post(bot, body, signed(body, "somebody-elses-secret")).status == 401
    assert post(bot, body, signed(body, at=time.time() - 600)).reason == "timestamp"
    big = signed(b"{}")
    assert post(bot, b"{}", changed(big, "content-length", str(mlflow.LIMIT + 1).encode())).status == 413
    assert bot.ask("GET", PATH).status == 405
    assert bot.ended() == {} and bot.seen == []


def test_what_is_not_about_models_is_recorded_and_ignored(bot: Bot) -> None:
    assert post(bot, told_as(entity="prompt")).reason == "unknown-event"


def test_wh_12_where_no_secret_is_set_there_is_nothing(sqlite: str) -> None:
    body = told_as()
    with Bot(sqlite, role="web") as bot:
        assert post(bot, body).status == 404 and post(bot, body, []).status == 404
