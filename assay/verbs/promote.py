"""`assay promote`: let the alias of an environment point to what was approved."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.options import Folder, Json
from policy.authorization import LIMIT, Authorization, Outcome, authorization
from policy.problems import UserProblem


def command(
    decision: Annotated[Path, typer.Option(help="What `assay authorize` left.")] = Path("decision.json"),
    outcome: Annotated[Path, typer.Option(help="Where it is written what came of it.")] = Path("outcome.json"),
    branch: Annotated[str | None, typer.Option(help="The default branch. Without it: what GitHub or `origin` says.")] = None,
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Move the alias of an environment to the version that was approved, then run `promote.run` of assay.yml.

    The second step of `assay-promote.yml`. First the version still has to be what was approved: by the registry's tags, by git
    and `dvc.lock` at its commit, by the bytes in DVC's remote and in the registry. The alias has to point where the decision
    says, and the decision is good for half an hour. Else nothing is changed, and the exit code is 1.

    Whatever happens, the outcome is written down: `promoted`, `refused` (nothing changed) or `unknown` (where the alias points,
    and what is left to do). Only where the decision cannot be read there is none, and the exit code is 2. Run again, it finishes
    what is left: where the alias has moved already, only the command runs.

    Needs a whole clone of the default branch, the registry in `MLFLOW_TRACKING_URI` (or `registry.uri` in assay.yml) with what it
    asks for, and reading rights on DVC's remote.

    Examples: `assay promote`, `assay promote --decision leave.json --outcome came.json --json`.
    """
    leave = authorization(_bytes(decision), str(decision))

    from actions.registry import promote
    from assay import job, progress

    def note(found: Outcome) -> None:
        _write(outcome, found)

    # What cuts this step off before it begins has changed nothing.
    note(_begun(leave))
    with progress.shown(quiet=as_json) as shown:
        around = promote.Around(folder, os.environ, branch or job.default_branch(folder, os.environ), _now)
        done = promote.promote(around, leave, note, shown)
    found = done.outcome
    note(found)
    job.output(os.environ, "state", found.state)
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
    else:
        at = f", running at {found.url}" if found.url else ""
        said = f"{found.state}: {leave.subject.environment} of {leave.subject.model}"
        typer.echo(f"{said} points to {found.now}{at}" if found.state == "promoted" else said)
    if done.problem:
        raise done.problem if found.state == "refused" else _left(found, done.exit_code)
    return 0


def _left(found: Outcome, code: int) -> UserProblem:
    """What is left to do, as a line."""
    problem = UserProblem(found.said, "", "Mend that and run this again: what is done is not done twice")
    problem.exit_code = code
    return problem


def _begun(leave: Authorization) -> Outcome:
    said = "Nothing was changed: the step ended before it had looked at everything"
    return Outcome(digest=leave.digest, state="refused", before=None, now=None, said=said, at=_now())


def _now() -> datetime:
    return datetime.now(UTC)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1)
    except OSError as error:
        what = f"it cannot be read ({error.strerror})"
        raise UserProblem(what, str(path), "Run `assay authorize` first, or name it with --decision") from None


def _write(path: Path, found: Outcome) -> None:
    """Write an outcome, whole or not at all: the step may be cut off at any moment."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UserProblem(f"it cannot be written ({error.strerror})", str(path), "Name another file with --outcome") from None
