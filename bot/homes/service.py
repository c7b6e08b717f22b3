"""The home with a server: each delivery of the webhook service, with the token of its installation."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot import dispatching, sweeping
from bot.app.gateways import Gateways
from bot.app.permissions import WRITING
from bot.around import Around
from bot.gateway import Gateway
from bot.gateway.sparing import sparing
from bot.receiving import swept
from bot.receiving.delivery import Delivery, Handler
from bot.settings import Settings
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason

_log = structlog.get_logger("assay.sweep")


def gateways(settings: Settings) -> Gateways:
    """Every repository that the settings give a way to. Raises UserProblem for a key that is none."""
    key, token = settings.private_key.get_secret_value(), settings.github_token.get_secret_value()
    return Gateways.of(settings.github_api_url, settings.app_id, key, token, spacing=settings.write_spacing)


def handler(settings: Settings, ways: Gateways) -> Handler:
    """Handles deliveries by the same handlers as a job."""

    def handle(delivery: Delivery) -> str:
        if delivery.event.startswith("installation") and delivery.installation_id is not None:
            ways.forget(delivery.installation_id)
        if not delivery.repository:
            return Reason.NOT_OURS.value
        gateway = ways.gateway(delivery.installation_id, delivery.repository, delivery.repository_id, WRITING)
        return dispatching.handle(_around(settings, gateway, delivery.payload), delivery.event, delivery.payload).value

    return handle


def sweep(settings: Settings, ways: Gateways) -> Callable[[swept.TakeIn], None]:
    """Looks after every repository, as long as there are requests to spare."""

    def everywhere(take_in: swept.TakeIn) -> None:
        for installation, found in ways.everywhere():
            try:
                gateway = ways.gateway(installation, found.full_name, found.id, WRITING)
                around = _around(settings, sparing(gateway), {"repository": vars(found)})
                said = sweeping.sweep(around, swept.Queued(take_in, found, installation, around.clock()))
                _log.info("swept", repository=found.full_name, said=said)
            except (UserProblem, OutsideProblem) as problem:
                _log.warning("not swept", repository=found.full_name, problem=problem.what)

    return everywhere


def _around(settings: Settings, gateway: Gateway, payload: Mapping[str, Any]) -> Around:
    return dispatching.around(gateway, payload, buttons=settings.app, prefix=settings.prefix, server=settings.server)
