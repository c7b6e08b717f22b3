"""Webhooks: signed, numbered, sent in order, never in the way of the request that caused them."""

import hashlib
import hmac
import json
import queue
import threading
import uuid
from dataclasses import dataclass

import httpx

from tests.loopback.state import Hook, Json, Repository, State


@dataclass(frozen=True)
class Delivery:
    """One webhook as it went out; `status` is None where nobody answered."""

    id: str
    event: str
    hook: int
    url: str
    headers: dict[str, str]
    body: bytes
    status: int | None

    @property
    def payload(self) -> Json:
        """The body, read."""
        parsed: Json = json.loads(self.body)
        return parsed


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Sender:
    """Sends from one thread, so that deliveries keep their order."""

    def __init__(self, state: State) -> None:
        self.deliveries: list[Delivery] = []
        self._state = state
        self._waiting: queue.Queue[tuple[str, Json, Hook, str] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def send(self, events: list[tuple[str, Json, Repository]]) -> None:
        """Queues events for every hook that listens."""
        for event, payload, repository in events:
            for hook in repository.hooks.values():
                if hook.active and ("*" in hook.events or event in hook.events or payload.get("hook_id") == hook.id):
                    self._waiting.put((event, payload, hook, str(uuid.uuid4())))

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Sends a delivery once more under the same id, as the button on GitHub does."""
        return self._post(delivery.url, delivery.event, delivery.hook, delivery.id, delivery.headers, delivery.body)

    def drain(self) -> None:
        """Waits until everything queued was sent."""
        self._waiting.join()

    def close(self) -> None:
        """Ends the thread once the queue is empty."""
        self._waiting.put(None)
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            event, payload, hook, number = item
            body = json.dumps(payload).encode()
            headers = {
                "content-type": "application/json",
                "user-agent": "GitHub-Hookshot/loopback",
                "x-github-delivery": number,
                "x-github-event": event,
                "x-github-hook-id": str(hook.id),
                "x-github-hook-installation-target-type": "repository",
                "x-hub-signature-256": signature(hook.secret, body),
            }
            self._post(hook.url, event, hook.id, number, headers, body)
            self._waiting.task_done()
        self._waiting.task_done()

    def _post(self, url: str, event: str, hook: int, number: str, headers: dict[str, str], body: bytes) -> Delivery:
        try:
            status: int | None = httpx.post(url, content=body, headers=headers, timeout=10).status_code
        except httpx.HTTPError:
            status = None
        delivery = Delivery(number, event, hook, url, headers, body, status)
        self.deliveries.append(delivery)
        return delivery
