"""What GitHub sent to the App's webhook, so that what was missed can be found, read, and sent once more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.app.installations import as_the_app
from bot.gateway.transport import Transport
from policy.problems import OutsideProblem


@dataclass(frozen=True)
class Delivery:
    """One attempt at an event. `guid` is the event's, the same for every attempt; `id` is the attempt's, larger when later."""

    id: int
    guid: str
    event: str
    action: str | None
    delivered_at: str
    """In ISO 8601."""
    redelivery: bool
    status_code: int
    installation: int | None
    repository: int | None

    @property
    def arrived(self) -> bool:
        """Whether the receiver said that it has it."""
        return 200 <= self.status_code < 300

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Delivery":
        """From GitHub's `hook-delivery-item` or `hook-delivery`."""
        try:
            return cls(
                id=int(data["id"]),
                guid=str(data["guid"]),
                event=str(data["event"]),
                action=data.get("action"),
                delivered_at=str(data["delivered_at"]),
                redelivery=bool(data["redelivery"]),
                status_code=int(data["status_code"]),
                installation=data.get("installation_id"),
                repository=data.get("repository_id"),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise OutsideProblem(f"GitHub's answer lacks {error}", "deliveries", "See that GITHUB_API_URL is an API") from None


@dataclass(frozen=True)
class Content:
    """What was sent: headers by lower-case name, and the payload, read. Its bytes as they were signed are not kept by GitHub."""

    delivery: Delivery
    headers: Mapping[str, str] = field(repr=False)
    payload: Mapping[str, Any] = field(repr=False)


class Deliveries:
    """The deliveries of an App; GitHub keeps those of the last days. Raises UserProblem where the App's key is not taken."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def newest_first(self) -> Iterator[Delivery]:
        """All deliveries, asked for page by page: stop where enough is known."""
        pages = self._transport.pages("/app/hook/deliveries")
        while (data := as_the_app(lambda: next(pages, None))) is not None:
            yield Delivery.of(data)

    def content(self, number: int) -> Content:
        """What was sent with a delivery, by its `id`. Raises NotThere for one that GitHub keeps no more."""
        data = as_the_app(lambda: self._transport.send("GET", f"/app/hook/deliveries/{number}")).data
        request = data.get("request") or {}
        headers = {str(name).lower(): str(value) for name, value in (request.get("headers") or {}).items()}
        return Content(Delivery.of(data), headers, request.get("payload") or {})

    def attempt(self, number: int) -> None:
        """Have a delivery sent once more, under its guid. Twice does no harm: whoever receives knows the guid."""
        as_the_app(lambda: self._transport.send("POST", f"/app/hook/deliveries/{number}/attempts", present=lambda: None))
