"""`assay record`: what came of a promotion, for everybody to see."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from assay.options import Json
from policy.problems import UserProblem


def command(
    issue: Annotated[int, typer.Argument(metavar="ISSUE", min=1, help="The number of the request.")],
    decision: Annotated[Path, typer.Option(help="What `assay authorize` left.")] = Path("decision.json"),
    outcome: Annotated[Path, typer.Option(help="What `assay promote` left. Without it the registry is asked.")] = Path(
        "outcome.json"
    ),
    as_json: Json = False,
) -> int:
    """Record what came of a promotion: a deployment, a comment on the request, which is closed, and the lock given back.

    The last step of `assay-promote.yml`, whether or not the one before went well. What that one says is held against the
    registry. Where the version was not promoted no deployment is made, the request stays open, and the comment says where the
    alias points and how to finish; the exit code is 1. After a crash the same again finishes the rest and doubles nothing.

    Needs `GITHUB_TOKEN` in a job of the default branch, and the registry in `MLFLOW_TRACKING_URI`. Only the run that was given
    the leave, and still holds the lock, records anything.

    Examples: `assay record 12`, `assay record 12 --decision leave.json --outcome outcome.json --json`.
    """
    try:
        from bot.homes import step
    except ModuleNotFoundError as error:
        raise UserProblem(f"the bot needs {error.name}", "assay record", "Install assay[github]") from None
    from assay import job
    from assay.registered import Registered
    from policy import authorization

    raw = _bytes(decision)
    if raw is None:
        raise UserProblem("there is no decision", str(decision), "Run `assay authorize` first, or name it with --decision")
    leave = authorization.authorization(raw, str(decision))
    said = _bytes(outcome)
    came = authorization.outcome(said, leave, str(outcome)) if said is not None else None
    registry = Registered.of(os.environ)
    if registry is not None:
        registry.soon()
    found = step.record(os.environ, issue, registry, leave, came)
    job.output(os.environ, "state", found.state)
    subject = leave.subject
    if as_json:
        told = {"state": found.state, "model": subject.model, "version": leave.version, "environment": subject.environment}
        typer.echo(json.dumps({**told, "alias": found.now, "said": found.said}, indent=1))
    else:
        why = f" ({found.said})" if found.said else ""
        typer.echo(f"{found.state}: {subject.environment} of {subject.model} points to {found.now or 'nothing'}{why}")
    return 0 if found.state == "promoted" else 1


def _bytes(path: Path) -> bytes | None:
    """A file, no longer than one byte more than may be read; None where there is none."""
    from policy.authorization import LIMIT

    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserProblem(f"it cannot be read ({error.strerror})", str(path), "Run the step before again") from None
