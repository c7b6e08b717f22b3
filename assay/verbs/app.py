"""`assay app`: make the GitHub App that the service acts as, or say what it may do and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.options import Json

if TYPE_CHECKING:
    from bot.app.creating import Made

_SETTINGS: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "rich_markup_mode": "markdown"}
group = typer.Typer(
    help="Make the GitHub App that `assay serve` acts as, or say what it may do and why.\n\n"
    "Examples: `assay app create --url https://assay.example --organization acme`, `assay app permissions`.",
    **_SETTINGS,
)
_Url = Annotated[str, typer.Option("--url", help="The service's public address; GitHub sends to its /webhooks/github.")]
_Name = Annotated[str, typer.Option("--name", help="The App's name, which nobody else on that GitHub may have.")]
_Owner = Annotated[str, typer.Option("--organization", help="The organization that owns the App; yourself without it.")]
_Out = Annotated[Path, typer.Option("--out", "-o", help="The new file for the credentials; only you may read it.")]
_Port = Annotated[int, typer.Option("--port", help="The port of the page on this machine; 0 is any free one.")]
_Write = Annotated[
    bool, typer.Option("--write-contents", help="Also ask for contents: write; `assay app permissions` says for what.")
]
_Queue = Annotated[bool, typer.Option("--merge-queue/--no-merge-queue", help="Leave merge queues out for a server without them.")]
_Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Whether to open the page.")]


@group.command("create")
def create(
    url: _Url,
    name: _Name = "assay",
    organization: _Owner = "",
    out: _Out = Path("assay-app.env"),
    port: _Port = 0,
    write_contents: _Write = False,
    merge_queue: _Queue = True,
    browser: _Browser = True,
) -> None:
    """Make a GitHub App: opens a page whose button leads to GitHub, and keeps what GitHub gives back in a file.

    For GitHub Enterprise Server or a tenant of ghe.com set `GITHUB_API_URL`. On a machine without a browser forward a port:
    `ssh -L 8123:127.0.0.1:8123 host`, there `--port 8123 --no-browser`, and open the address that is printed.

    Examples: `assay app create --url https://assay.example`, `assay app create --url https://assay.example --organization acme
    --name acme-assay --write-contents`.
    """
    import os
    import webbrowser

    _needs()
    from bot.app.creating import Place, create
    from bot.app.manifest import Wish
    from bot.gateway.address import base_url, server_url

    def show(address: str) -> None:
        typer.echo(f"Open {address} and press the button; this waits for you to come back.")
        if browser:
            webbrowser.open(address)

    place = Place(base_url(os.environ), server_url(os.environ), organization)
    made = create(Wish(name, url, "write" if write_contents else "read", merge_queue), place, out, show, port)
    for line in _next(made):
        typer.echo(line)


@group.command("permissions")
def permissions(as_json: Json = False) -> None:
    """Say which permissions and events the App asks for, each with its reason.

    Examples: `assay app permissions`, `assay app permissions --json`.
    """
    import json
    from dataclasses import asdict

    from bot.app.permissions import EVENTS, PERMISSIONS, UNASKED

    if as_json:
        told = {"permissions": [asdict(each) for each in PERMISSIONS]}
        told |= {name: [asdict(each) for each in rows] for name, rows in (("events", EVENTS), ("unasked", UNASKED))}
        typer.echo(json.dumps(told, indent=1))
        return
    for each in PERMISSIONS:
        typer.echo(f"{each.name + ': ' + each.level:28}{each.reason}")
        if each.wider:
            typer.echo(f"{'  ' + each.name + ': ' + each.wider:28}where {each.when}")
    typer.echo("")
    for event in (*EVENTS, *UNASKED):
        typer.echo(f"{event.name:28}{event.reason}" + ("" if event.needs else " (sent to every App)"))


def _needs() -> None:
    from policy.problems import UserProblem

    try:
        import github  # noqa: F401
    except ModuleNotFoundError as error:
        raise UserProblem(f"making an App needs {error.name}", "assay app create", "Install assay[service]") from None


def _next(made: "Made") -> list[str]:
    """What was done and what comes next; never a secret."""
    lines = [
        f"The App {made.slug} is made (id {made.app_id}). Its credentials are in {made.file}, which only you may read.",
        f"Next: install it at {made.page}/installations/new on the repositories it is for,",
        f"then start the service with them: `set -a; . {made.file}; set +a; assay serve`.",
    ]
    if not made.signed:
        lines.append("GitHub made no webhook secret: set one on the App's page, and as ASSAY_WEBHOOK_SECRET in the file.")
    return lines
