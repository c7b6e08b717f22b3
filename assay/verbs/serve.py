"""`assay serve`: the webhook service."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from socket import socket

    from fastapi import FastAPI

    from bot.settings import Settings


def command(
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option("--port", help="The port; 0 for a free one. [default: 8000]")] = None,
    role: Annotated[
        str | None,
        typer.Option("--role", help="`web` takes deliveries in, `worker` handles them, `both` does both. [default: both]"),
    ] = None,
    workers_concurrency: Annotated[
        int | None,
        typer.Option("--workers-concurrency", help="Deliveries that each process handles at a time. [default: 64]"),
    ] = None,
    log_level: Annotated[str | None, typer.Option("--log-level", help="debug, info, warning or error. [default: info]")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the settings are right and what is missing.")] = False,
) -> int:
    """Receive GitHub's webhooks and act on them: verified, kept before they are answered, handled once.

    `POST /webhooks/github` takes deliveries; `/` shows models, approvals and the ledger to people who sign in with GitHub, once
    `ASSAY_CLIENT_ID`, `ASSAY_CLIENT_SECRET`, `ASSAY_PUBLIC_URL` and `ASSAY_SESSION_KEY` are set; `GET /healthz`, `/readyz` and
    `/metrics` are for machines that look after it. One process with an SQLite file is enough to begin with; with PostgreSQL any
    number of processes and machines share the work, and what a dead one leaves is taken over by the others. SIGTERM lets handlers
    end.

    Settings come from the environment, or from a TOML or YAML file that `ASSAY_SETTINGS` names; options win over both.
    `ASSAY_WEBHOOK_SECRET` must be set (`ASSAY_WEBHOOK_SECRET_OLD` beside it while you change it). `ASSAY_APP_ID` and
    `ASSAY_PRIVATE_KEY` make it act as a GitHub App; `GITHUB_TOKEN` stands in for one to try it out. `ASSAY_DATABASE_URL` names
    the database, `GITHUB_API_URL` a GitHub Enterprise Server. With `ASSAY_MLFLOW_WEBHOOK_SECRET`,
    `POST /webhooks/mlflow` takes in what MLflow tells of the models of the repository that `ASSAY_REGISTRY_REPOSITORY` names.
    Every secret can be a file: `ASSAY_PRIVATE_KEY_FILE`.

    Examples: `assay serve`, `assay serve --host 0.0.0.0 --port 8080`, `assay serve --role worker --workers-concurrency 128`,
    `assay serve --check`.
    """
    try:
        from bot import settings as configuration
        from bot.receiving import logs, service  # noqa: F401 - asked for here, so that what is not installed is told before all else
    except ModuleNotFoundError as error:
        from policy.problems import UserProblem

        raise UserProblem(f"the service needs {error.name}", "assay serve", "Install assay[service]") from None

    settings = configuration.load(
        host=host,
        port=port,
        role=role,
        workers_concurrency=workers_concurrency,
        log_level=log_level,
    )
    for line in configuration.missing(settings):
        typer.echo(f"assay: {line}", err=True)
    if check:
        typer.echo("the settings are right")
        return 0
    logs.start(settings.log_level, settings.every_secret())
    return run(application(settings), settings)


def application(settings: "Settings") -> "FastAPI":
    """The service with the handlers of the house. Raises a Problem where it cannot start."""
    import os
    from functools import partial

    from assay.registered import Registered
    from bot.app.gateways import Gateways
    from bot.gateway.transport import Transport
    from bot.homes.service import handler, sweep
    from bot.pages.site import routes
    from bot.receiving.allowed import hook_addresses
    from bot.receiving.service import Outside, build

    ways, registries = Gateways.configured(settings), Registered.of_one(os.environ, settings.registry_repository)
    anybody = Transport.to(settings.github_api_url, "")
    outside = Outside(
        deliveries=ways.deliveries,
        sweep=sweep(settings, ways, registries) if settings.app or settings.github_token.get_secret_value() else None,
        addresses=lambda: hook_addresses(anybody),
        pages=partial(routes, settings, ways, registries),
    )
    return build(settings, handler(settings, ways, registries), outside)


def run(app: "FastAPI", settings: "Settings") -> int:
    """Serve until SIGTERM or SIGINT. The answer is an exit code. Raises UserProblem where nobody may listen on the address."""
    import os
    import signal

    import uvicorn

    listener = _listener(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    typer.echo(f"assay: listening on http://{f'[{host}]' if ':' in host else host}:{port}", err=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        # Who sent a request is told from X-Forwarded-For by `bot.receiving.allowed`, and by nobody else.
        proxy_headers=False,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)
    for each in (signal.SIGTERM, signal.SIGINT):
        # uvicorn ends in good order and then raises the signal once more, which would be the end before this is.
        signal.signal(each, signal.SIG_IGN)
    server.run([listener])
    if not app.state.service.idle:
        # A handler that did not end in time would keep the process; its work belongs to others now.
        os._exit(0)
    return 0 if server.started else 3


def _listener(host: str, port: int) -> "socket":
    from socket import AF_INET, AF_INET6, create_server

    from policy.problems import UserProblem

    try:
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET, backlog=2048)
    except OSError as error:
        advice = "Name another with --host and --port, or end what listens there"
        raise UserProblem(f"cannot listen there ({error.strerror or error})", f"{host}:{port}", advice) from None
