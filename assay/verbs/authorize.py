"""`assay authorize`: the leave to move an alias, where a request is approved now."""

import os
from pathlib import Path
from typing import Annotated

import typer

from assay.options import Json
from policy.problems import UserProblem


def command(
    issue: Annotated[int, typer.Argument(metavar="ISSUE", min=1, help="The number of the request.")],
    out: Annotated[Path, typer.Option(help="Where the leave is written.")] = Path("decision.json"),
    request: Annotated[str, typer.Option(help="What names a run that the bot started, whose lock is taken sooner.")] = "",
    as_json: Json = False,
) -> int:
    """Decide a request for a promotion once more, take the lock of its environment, and write down the leave.

    The first step of `assay-promote.yml`. The decision is computed from what GitHub and the registry say now; neither the inputs
    of the run nor the card of the request are believed. Where the request is not approved, or somebody else holds the
    environment, it exits 1 and writes no leave.

    Needs `GITHUB_TOKEN` in a job of the default branch, and the registry in `MLFLOW_TRACKING_URI`. The lock is kept for half an
    hour, and given back by `assay record`; the same run asking again is given the same.

    Examples: `assay authorize 12`, `assay authorize 12 --request 12-7f3a9c2e51d0 --out leave.json --json`.
    """
    try:
        from bot.homes import step
    except ModuleNotFoundError as error:
        raise UserProblem(f"the bot needs {error.name}", "assay authorize", "Install assay[github]") from None
    from assay import job
    from assay.registered import Registered

    registry = Registered.of(os.environ)
    if registry is not None:
        registry.soon()
    found = step.authorize(os.environ, issue, registry, request)
    text = found.model_dump_json(indent=1) + "\n"
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserProblem(f"it cannot be written ({error.strerror})", str(out), "Name another file with --out") from None
    job.output(os.environ, "environment", found.subject.environment)
    if as_json:
        typer.echo(text, nl=False)
        return 0
    subject, before = found.subject, found.expected or "nothing"
    typer.echo(f"{subject.environment} of {subject.model} may move from {before} to {subject.version}: {out}")
    return 0
