"""The home with a server: each delivery of the webhook service, with the token of its installation."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot import dispatching, sweeping
from bot.app.gateways import Gateways
from bot.around import Around
from bot.gateway import Gateway
from bot.gateway.sparing import sparing
from bot.receiving import swept
from bot.receiving.delivery import Delivery, Handler
from bot.receiving.shapes import REGISTRY
from bot.registered import Registries, nowhere
from bot.settings import Settings
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason

_log = structlog.get_logger("assay.sweep")


def handler(settings: Settings, ways: Gateways, registries: Registries = nowhere) -> Handler:
    """Handles deliveries by the same handlers as a job. `registries` says which repository has one."""

    def handle(delivery: Delivery) -> str:
        if delivery.event.startswith("installation") and delivery.installation_id is not None:
            ways.forget(delivery.installation_id)
        # What the registry tells names no repository: it is about the one that the settings name.
        where = settings.registry_repository if delivery.event == REGISTRY else delivery.repository
        if not where:
            return Reason.NOT_OURS.value
        gateway = ways.writing(delivery.installation_id, where, delivery.repository_id)
        around = _around(settings, gateway, delivery.payload, registries)
        return dispatching.handle(around, delivery.event, delivery.payload).value

    return handle


def sweep(settings: Settings, ways: Gateways, registries: Registries = nowhere) -> Callable[[swept.TakeIn], None]:
    """Looks after every repository, as long as there are requests to spare."""

    def everywhere(take_in: swept.TakeIn) -> None:
        for installation, found in ways.everywhere():
            try:
                gateway = sparing(ways.writing(installation, found.full_name, found.id))
                around = _around(settings, gateway, {"repository": vars(found)}, registries)
                said = sweeping.sweep(around, swept.Queued(take_in, found, installation, around.clock()))
                _log.info("swept", repository=found.full_name, said=said)
            except (UserProblem, OutsideProblem) as problem:
                _log.warning("not swept", repository=found.full_name, problem=problem.what)

    return everywhere


def _around(settings: Settings, gateway: Gateway, payload: Mapping[str, Any], registries: Registries) -> Around:
    more = {"prefix": settings.prefix, "server": settings.server, "registry": registries(gateway.full_name)}
    return dispatching.around(gateway, payload, buttons=settings.app, **more)
