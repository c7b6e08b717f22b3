"""`assay sight`: what a monitor saw in production, kept and told."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from assay.options import Json
from policy.problems import UserProblem


def command(
    sighting: Annotated[Path, typer.Argument(metavar="SIGHTING", help="What `assay monitor` left.")] = Path("sighting.json"),
    as_json: Json = False,
) -> int:
    """Keep what a monitor saw in production, and one issue about the model: opened, kept current, closed.

    The second job of `assay-monitor.yml`. What the first one left is read as data. It is kept on the branch `assay-monitor`, once
    however often it comes. The issue is opened at the severity that `watch.opens_at` of assay.yml names, its text is written anew
    with each look, `watch.tell` is mentioned when it becomes worse, and it is closed after `watch.clean` clean looks; where it
    comes back it is opened again. Where it rises to `retrain.at`, `assay-retrain.yml` is started, once for each rise. The policy
    is that of the default branch.

    Needs `GITHUB_TOKEN` with `contents: write` and `issues: write` in a job of the default branch; with `retrain.at` also
    `actions: write` and `pull-requests: read`.

    Examples: `assay sight`, `assay sight out/sighting.json --json`.
    """
    try:
        from bot.homes import production
    except ModuleNotFoundError as error:
        raise UserProblem(f"the bot needs {error.name}", "assay sight", "Install assay[github]") from None
    from assay import job
    from policy.vigil_history import LIMIT

    try:
        with sighting.open("rb") as file:
            raw = file.read(LIMIT + 1)
    except OSError as error:
        what = f"it cannot be read ({error.strerror})"
        raise UserProblem(what, str(sighting), "Run `assay monitor --out sighting.json` first") from None
    told = production.keep(os.environ, raw, str(sighting))
    job.output(os.environ, "issue", str(told.issue or ""))
    typer.echo(json.dumps(told.plain, indent=1) if as_json else told.said)
    return 0
