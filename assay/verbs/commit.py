"""`assay commit`: put what a run changed on the branch of its pull request."""

import os
from pathlib import Path
from typing import Annotated

import typer

from policy.problems import UserProblem


def command(
    request: Annotated[str, typer.Option(metavar="JSON", help="What the command asked for, as `assay-run.yml` passes it on.")],
    run: Annotated[int | None, typer.Option(help="The run that left it. Without it: this one (GITHUB_RUN_ID).")] = None,
    artifact: Annotated[str, typer.Option(help="The name of the artifact that holds `commit.json`.")] = "assay-commit",
) -> int:
    """Commit the lock, parameters, metrics and plots that a run changed, on top of the very commit that it was of.

    For the second job of `assay-run.yml`. What the run left is read as somebody else's data: only files that `dvc.yaml` of
    the base names are committed, only to a branch of this repository, and only while that ends in what was trained.

    Needs `GITHUB_TOKEN` with `actions: read`, `contents: write`, `pull-requests: read`. With a job's own token, GitHub starts no
    workflow for the new commit; with that of an App it does.

    Example: `assay commit --request "$REQUEST"`.
    """
    try:
        from bot.gateway import Gateway
        from bot.gateway.wider import WiderGateway
        from bot.landing import land
    except ModuleNotFoundError as error:
        raise UserProblem(f"committing needs {error.name}", "assay commit", "Install assay[github]") from None
    from policy.facts.request import read

    asked = read(request)
    gateway = WiderGateway.of(Gateway.from_environment(os.environ))
    number = run if run is not None else _own(os.environ.get("GITHUB_RUN_ID", ""))
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    landed = land(gateway, asked, number, artifact, f"{server}/{gateway.full_name}/actions/runs/{number}")
    typer.echo(landed.said)
    if told := os.environ.get("GITHUB_OUTPUT"):
        with Path(told).open("a", encoding="utf-8") as file:
            file.write(f"commit={landed.sha}\n")
    return 0


def _own(given: str) -> int:
    if not given.isdecimal():
        raise UserProblem("no run is named", "assay commit", "Name it with --run")
    return int(given)
