"""Webhooks: signed, numbered, sent in order, never in the way of the request that caused them.

A repository's own hook and the hook of every App that is installed there hear of an event, each under an id of its own.
"""

import hashlib
import hmac
import itertools
import json
import queue
import ssl
import threading
import time
import uuid
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus

import httpx

from tests.loopback.state import App, Hook, Installation, Json, Repository, State, moment, node

UNASKED = ("installation", "installation_repositories", "ping")
"""What GitHub tells an App whether or not it subscribed."""


@dataclass(frozen=True)
class Delivery:
    """One webhook as it went out; `status` is None where nobody answered.

    `id` is the event's, the same for every attempt; `number` is the attempt's. `app_id` is None for a repository's hook.
    """

    id: str
    event: str
    hook: int
    url: str
    headers: dict[str, str]
    body: bytes
    status: int | None
    number: int = 0
    redelivery: bool = False
    app_id: int | None = None
    delivered_at: str = ""
    duration: float = 0.0
    outcome: str = ""
    answer_headers: dict[str, str] | None = None
    answer: str | None = None

    @property
    def payload(self) -> Json:
        """The body, read."""
        parsed: Json = json.loads(self.body)
        return parsed


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that this machine trusts, read once."""
    return httpx.create_ssl_context()


class Sender:
    """Sends from one thread, so that deliveries keep their order. `timeout` is how many seconds a receiver has."""

    def __init__(self, state: State) -> None:
        self.deliveries: list[Delivery] = []
        self.timeout = 10.0
        self._state = state
        self._numbers = itertools.count(90_001)
        # No connection outlives its request.
        self._http = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0), verify=_trusted())
        self._waiting: queue.Queue[Delivery | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def send(self, events: list[tuple[str, Json, Repository]]) -> None:
        """Queues events for every hook that listens, and for every App that is installed on the repository."""
        for event, payload, repository in events:
            for hook in repository.hooks.values():
                if hook.active and ("*" in hook.events or event in hook.events or payload.get("hook_id") == hook.id):
                    self._queue(event, payload, hook, "repository", repository.id, None)
            for installation in self._state.covering(repository.full_name):
                self.tell(self._state.apps[installation.app_id], event, payload, installation)

    def tell(self, app: App, event: str, payload: Json, installation: Installation) -> None:
        """Queues an event for an App, if it listens; the payload says which installation it is about."""
        hook = app.hook
        if hook is None or not hook.active or not (event in UNASKED or event in app.events):
            return
        about = payload if "installation" in payload else {**payload, "installation": _short(installation)}
        self._queue(event, about, hook, "integration", app.id, app.id)

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Sends a delivery once more under the same id, as the button on GitHub does."""
        return self._post(replace(delivery, redelivery=True))

    def attempt(self, delivery: Delivery) -> None:
        """Queues a delivery once more, as the API does."""
        self._waiting.put(replace(delivery, redelivery=True))

    def of_app(self, app_id: int) -> list[Delivery]:
        """What was sent to an App, the newest first."""
        return [one for one in reversed(self.deliveries) if one.app_id == app_id]

    def drain(self) -> None:
        """Waits until everything queued was sent."""
        self._waiting.join()

    def close(self) -> None:
        """Ends the thread once the queue is empty."""
        self._waiting.put(None)
        self._thread.join(timeout=10)
        self._http.close()

    def _queue(self, event: str, payload: Json, hook: Hook, kind: str, target: int, app_id: int | None) -> None:
        body = json.dumps(payload).encode()
        guid = str(uuid.uuid4())
        headers = {
            "content-type": "application/json",
            "user-agent": "GitHub-Hookshot/loopback",
            "x-github-delivery": guid,
            "x-github-event": event,
            "x-github-hook-id": str(hook.id),
            "x-github-hook-installation-target-id": str(target),
            "x-github-hook-installation-target-type": kind,
        }
        if hook.secret:
            headers["x-hub-signature-256"] = signature(hook.secret, body)
        self._waiting.put(Delivery(guid, event, hook.id, hook.url, headers, body, None, app_id=app_id))

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            self._post(item)
            self._waiting.task_done()
        self._waiting.task_done()

    def _post(self, delivery: Delivery) -> Delivery:
        began, at = time.monotonic(), moment()
        sent = replace(delivery, number=next(self._numbers), delivered_at=at, status=None, answer=None, answer_headers=None)
        try:
            answer = self._http.post(delivery.url, content=delivery.body, headers=delivery.headers, timeout=self.timeout)
            sent = replace(
                sent,
                status=answer.status_code,
                outcome="OK" if answer.is_success else _phrase(answer.status_code),
                answer=answer.text,
                answer_headers=dict(answer.headers),
            )
        except httpx.TimeoutException:
            sent = replace(sent, outcome="timed out")
        except httpx.HTTPError:
            sent = replace(sent, outcome="failed to connect to host")
        sent = replace(sent, duration=round(time.monotonic() - began, 2))
        self.deliveries.append(sent)
        return sent


def _short(installation: Installation) -> Json:
    return {"id": installation.id, "node_id": node("IN", installation.id)}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"status {status}"
