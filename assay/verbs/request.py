"""`assay request`: open the issue in which a promotion is approved, without a comment that asks for it."""

import json
import os
from dataclasses import asdict
from typing import Annotated

import typer

from assay.options import Json
from policy.problems import UserProblem

_SAID = {"asked": "asked for in #{}", "stands": "asked for already in #{}", "runs": "it runs there already"}


def command(
    name: Annotated[str, typer.Argument(metavar="[MODEL[@VERSION]]", help="A version. Without it: the newest one.")] = "",
    to: Annotated[list[str] | None, typer.Option("--to", metavar="ENVIRONMENT", help="Where it is to go.")] = None,
    on_merge: Annotated[
        bool, typer.Option("--on-merge", help="To each environment that has `on_merge: request` in assay.yml.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Ask for a promotion: open the issue in which it is approved, as `/promote` does.

    With `--on-merge`, after `assay register`, the one who asks is whoever merged the pull request that the version came by; with
    `--to` whoever started the job. Who asks approves nothing of it. The same merge asks once, however often it is run, and a
    version that runs there already is not asked for.

    Needs `GITHUB_TOKEN` of the account that answers on requests, `GITHUB_REPOSITORY`, and the registry in `MLFLOW_TRACKING_URI`.

    Examples: `assay request --on-merge`, `assay request flight-delay@3 --to staging --json`.
    """
    if bool(to) == on_merge:
        raise UserProblem("say for which environment", "assay request", "Give either --to ENVIRONMENT or --on-merge")
    try:
        from bot.homes import desk
    except ModuleNotFoundError as error:
        raise UserProblem(f"the bot needs {error.name}", "assay request", "Install assay[github]") from None
    from assay import job
    from assay.registered import Registered

    made = desk.request(os.environ, Registered.of(os.environ), name, None if on_merge else to)
    job.output(os.environ, "requests", " ".join(str(each.number) for each in made if each.number))
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in made], indent=1))
        return 0
    for each in made:
        typer.echo(f"version {each.version} to {each.environment}: {_SAID[each.outcome].format(each.number)}")
    if not made:
        typer.echo("no environment has `on_merge: request`: nothing to ask for")
    return 0
