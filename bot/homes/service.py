"""The home with a server: each delivery of the webhook service, with the token of its installation."""

from collections.abc import Callable

import structlog

from bot import dispatching, sweeping
from bot.app.gateways import Gateways
from bot.gateway.sparing import sparing
from bot.receiving.delivery import Delivery, Handler
from bot.settings import Settings
from policy.problems import OutsideProblem, UserProblem

_log = structlog.get_logger("assay.sweep")


def gateways(settings: Settings) -> Gateways:
    """Every repository that the settings give a way to. Raises UserProblem for a key that is none."""
    return Gateways.of(
        settings.github_api_url,
        settings.app_id,
        settings.private_key.get_secret_value(),
        settings.github_token.get_secret_value(),
        spacing=settings.write_spacing,
    )


def handler(settings: Settings, ways: Gateways) -> Handler:
    """Handles deliveries: the same handlers as in a job."""

    def handle(delivery: Delivery) -> str:
        if delivery.event in ("installation", "installation_repositories") and delivery.installation_id is not None:
            ways.forget(delivery.installation_id)
        if not delivery.repository:
            return "not-ours"
        gateway = ways.gateway(delivery.installation_id, delivery.repository, delivery.repository_id)
        around = dispatching.around(
            gateway, delivery.payload, buttons=settings.app, prefix=settings.prefix, server=settings.server
        )
        return dispatching.handle(around, delivery.event, delivery.payload).value

    return handle


def sweep(settings: Settings, ways: Gateways) -> Callable[[], None]:
    """Looks after every repository, as long as there are requests to spare."""

    def everywhere() -> None:
        for installation, repository in ways.everywhere():
            try:
                gateway = sparing(ways.gateway(installation, repository.full_name, repository.id))
                payload = {"repository": vars(repository)}
                around = dispatching.around(
                    gateway, payload, buttons=settings.app, prefix=settings.prefix, server=settings.server
                )
                _log.info("swept", repository=repository.full_name, said=sweeping.sweep(around))
            except (UserProblem, OutsideProblem) as problem:
                _log.warning("not swept", repository=repository.full_name, problem=problem.what)

    return everywhere
