"""`assay register`: make a version of the model that a merged commit holds."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.options import Folder, Json
from policy.problems import Problem, UserProblem

if TYPE_CHECKING:
    from actions.registry.register import Evidence, Ready, Registered
    from actions.repository import Repository
    from policy.result import Status


def command(
    facts: Annotated[Path, typer.Option(help="What the check of this commit found.")] = Path(".assay/facts.json"),
    verdict: Annotated[
        Path | None, typer.Option(help="The verdict of that check; it has to say what the policy says now.")
    ] = None,
    base: Annotated[str | None, typer.Option("--base", "-b", help="What the facts have to compare with.")] = None,
    branch: Annotated[str | None, typer.Option(help="The default branch. Without it: what GitHub or `origin` says.")] = None,
    run: Annotated[
        str | None,
        typer.Option(metavar="RUN_ID", help="Keep the version under this finished MLflow run, not under one of its own."),
    ] = None,
    pull_request: Annotated[
        int | None, typer.Option(min=1, help="The pull request that it came by. Without it: GitHub is asked, where a token is.")
    ] = None,
    optional: Annotated[bool, typer.Option("--optional", help="Do nothing, and exit 0, where assay.yml names no model.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be registered; ask and write nothing.")] = False,
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Register the model of the commit that is checked out, with the digests of all it was made of.

    The bytes come from DVC, are hashed once more and uploaded under an MLflow run. Refused, with exit code 1: a dirty work tree,
    a commit that the default branch never ended in, a red verdict, facts about anything else, bytes that are not what the lock
    says.

    Run it as often as you like: the same commit and the same bytes are one version. Nothing of the repository is run. Where the
    policy has `monitor`, a profile of its reference is kept with the version: no rows, and no values of personal columns.

    Needs `MLFLOW_TRACKING_URI` (or `registry.uri` in assay.yml), and what that server asks for: `MLFLOW_TRACKING_TOKEN`, or
    `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`. With `GITHUB_TOKEN`, GitHub is asked for the pull request.

    Examples: `assay register`, `assay register --dry-run`, `assay register --facts downloaded/facts.json --base HEAD~1 --json`.
    """
    from actions.registry import register
    from actions.registry.client import Registry
    from actions.repository import Repository
    from assay import job, progress

    with (
        Repository.open(folder) as repository,
        progress.shown(quiet=as_json) as shown,
        tempfile.TemporaryDirectory(prefix="assay-register-") as scratch,
    ):
        if optional and register.policy_at(repository, repository.head().sha).model is None:
            typer.echo("{}" if as_json else "assay.yml names no model: nothing to register")
            return 0
        evidence = _evidence(repository, facts, verdict, base, branch, pull_request)
        ready = register.look(repository, evidence, Path(scratch), shown)
        done = None
        if ready.origin is not None and not dry_run:
            settings = register.policy_at(repository, ready.origin.code_sha).registry
            registry = Registry.connect(os.environ, settings.uri if settings else None)
            done = register.register(registry, repository, ready, Path(scratch), run, shown)
    _tell(ready, done, as_json)
    if done:
        job.output(os.environ, "version", str(done.version.number))
    return 0 if ready.origin is not None else 1


def _evidence(
    repository: "Repository", facts: Path, verdict: Path | None, base: str | None, branch: str | None, pull_request: int | None
) -> "Evidence":
    from actions.registry.register import Evidence
    from assay import job

    given = facts if facts.is_absolute() or facts != Path(".assay/facts.json") else repository.root / facts
    line = branch or job.default_branch(repository.root, os.environ)
    return Evidence(
        facts=_bytes(given, "Run `assay check` first, or name them with --facts"),
        where=str(given),
        stated=_stated(verdict) if verdict else None,
        base=repository.resolve(base) if base else None,
        branch=line,
        pull_request=pull_request or _pull_request(repository.head().sha, line, os.environ),
    )


def _bytes(path: Path, advice: str) -> bytes:
    from policy.facts.record import MAX_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserProblem(f"it cannot be read ({error.strerror})", str(path), advice) from None


def _stated(path: Path) -> "Status":
    """What a verdict file says."""
    from pydantic import ValidationError

    from policy.facts.reading import strict_json
    from policy.verdict import Verdict

    try:
        return Verdict.model_validate(strict_json(_bytes(path, "Leave --verdict out"), str(path))).result.status
    except ValidationError:
        raise UserProblem("this is no verdict", str(path), "Leave --verdict out, or run `assay check` again") from None


def _pull_request(sha: str, branch: str, environ: Mapping[str, str]) -> int | None:
    """The merged pull request that a commit came by, where GitHub may be asked and knows exactly one.

    It is told beside the digests and decides nothing, so that GitHub's being away stops no registration.
    """
    if not (environ.get("GITHUB_REPOSITORY") and (environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN"))):
        return None
    try:
        from bot.gateway import Gateway
        from bot.gateway.wider import WiderGateway

        return WiderGateway.of(Gateway.from_environment(environ)).pull_request_merged_as(sha, branch)
    except (ModuleNotFoundError, Problem):
        return None


def _tell(ready: "Ready", done: "Registered | None", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_record(ready, done), indent=1))
        return
    from assay import terminal

    terminal.show_result(ready.result)
    if ready.origin is None:
        for leaf in ready.result.causes():
            typer.echo(f"  next: {leaf.advice}")
        return
    if done is None:
        typer.echo(f"would register {ready.model}: {ready.origin.model_path} {ready.origin.model_digest}")
        return
    said = "registered" if done.made else "unchanged since" if done.unchanged else "registered before:"
    tag = f", tag {done.tag}" if done.tag else ""
    typer.echo(f"{said} {ready.model}@{done.version.number}{tag}")


def _record(ready: "Ready", done: "Registered | None") -> dict[str, Any]:
    from policy.origin import REFERENCE

    return {
        "status": ready.result.status.value,
        "checks": [
            {"name": leaf.name, "status": leaf.status.value, "why": leaf.why, "next": leaf.advice}
            for leaf in ready.result.leaves()
        ],
        "model": ready.model,
        "version": done.version.number if done else None,
        "made": bool(done and done.made),
        "unchanged": bool(done and done.unchanged),
        "tag": done.tag if done else None,
        "run": done.version.run if done else None,
        "reference": done.version.tags.get(REFERENCE) if done else None,
        "origin": ready.origin.model_dump(mode="json") if ready.origin else None,
    }
