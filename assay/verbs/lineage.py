"""`assay lineage`: what a registered version was made of."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from assay.options import Folder, Json
from policy.problems import UserProblem


def command(
    name: Annotated[str, typer.Argument(metavar="MODEL@VERSION", help="A version or an alias, such as flight-delay@production.")],
    as_json: Json = False,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="Print a Mermaid chart in a Markdown fence.")] = False,
    folder: Folder = Path(),
) -> int:
    """Say what a version was made of and what it replaced: code, data, parameters, run, verdict, pull request, approvals.

    Exit 1 where a part of it is missing in the registry, as for a version that nobody registered with Assay.

    The registry is that of `MLFLOW_TRACKING_URI`, else of `registry.uri` in assay.yml.

    Examples: `assay lineage flight-delay@3`, `assay lineage flight-delay@production --json`,
    `assay lineage flight-delay@3 --mermaid >> notes.md`.
    """
    if as_json and mermaid:
        raise UserProblem("it is printed in one form", "--json and --mermaid", "Leave one of them out")
    from actions.registry.client import Registry
    from actions.registry.history import lineage_of
    from reports import lineage

    found = lineage_of(Registry.connect(os.environ, uri(folder)), name)
    if as_json:
        typer.echo(json.dumps(lineage.data(found), indent=1))
    elif mermaid:
        typer.echo(str(lineage.chart(found)))
    else:
        from assay import terminal

        terminal.show_rows(lineage.rows(found))
    return 0 if found.complete else 1


def uri(folder: Path) -> str | None:
    """The address in assay.yml. A folder without a policy has none, and the environment may name one all the same."""
    if os.environ.get("MLFLOW_TRACKING_URI"):
        return None
    from policy import document

    path = folder / document.FILE_NAME
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    policy = document.read(raw.decode("utf-8", "replace"), str(path))
    return policy.registry.uri if policy.registry else None
