"""`assay propose`: a pull request of what a run made anew."""

import json
import os
from typing import Annotated

import typer

from assay.options import Json
from policy.problems import UserProblem


def command(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What the run made: `retrain`, `refresh` or `tune`.")],
    because: Annotated[str, typer.Option(help="Why somebody wanted it, for the text of the pull request.")] = "",
    artifact: Annotated[str, typer.Option(help="The name of the artifact that holds `commit.json`.")] = "assay-commit",
    facts: Annotated[str, typer.Option(help="The name of the artifact that holds `facts.json`.")] = "assay-facts",
    tuning: Annotated[
        str, typer.Option(help="The name of the artifact that holds `tuning.json`, which a search may leave.")
    ] = "assay-tuning",
    as_json: Json = False,
) -> int:
    """Open a pull request of what an earlier job of this run made, with the evidence; close it at once where it does not help.

    The second job of `assay-retrain.yml`, `assay-refresh.yml` and `assay-tune.yml`. What the first one left is read as data, and
    judged again under the policy of the default branch: only `.dvc` files that are there already, and files that `dvc.yaml`
    names, can be proposed. The newest proposal of its kind takes the place of older ones, which are closed. Doing it again
    changes nothing.

    Needs `GITHUB_TOKEN` with `actions: read`, `contents: write` and `pull-requests: write`. With a job's own token GitHub starts
    no workflow for the pull request, which says so; with an App's (name it by `ASSAY_APP_SLUG`) it does.

    Examples: `assay propose retrain`, `assay propose tune`, `assay propose refresh --because "the July data came" --json`.
    """
    try:
        from bot.homes import proposals
    except ModuleNotFoundError as error:
        raise UserProblem(f"the bot needs {error.name}", "assay propose", "Install assay[github]") from None
    from assay import job
    from policy.proposing import KINDS

    chosen = next((each for each in KINDS if each == kind), None)
    if chosen is None:
        raise UserProblem(f"{ascii(kind)[:80]} is nothing to propose", "KIND", f"Name one of {', '.join(KINDS)}")
    done = proposals.propose(os.environ, chosen, because, artifact, facts, tuning)
    job.output(os.environ, "pull-request", str(done.pull or ""))
    job.output(os.environ, "did", done.did)
    plain = {"did": done.did, "why": done.why, "pull_request": done.pull, "superseded": list(done.superseded)}
    typer.echo(json.dumps(plain, indent=1) if as_json else done.said)
    return 0
