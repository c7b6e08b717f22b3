"""`assay publish`: bring a verdict to its pull request."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.publish import Outcome, Request


def command(
    facts: Annotated[
        Path | None, typer.Option("--facts", help="The facts, or their folder, where the check ran in this very job.")
    ] = None,
    run: Annotated[int | None, typer.Option("--run", help="The run of a workflow that left the facts as an artifact.")] = None,
    artifact: Annotated[str, typer.Option("--artifact", help="The name of that artifact.")] = "assay-facts",
    name: Annotated[str, typer.Option("--name", help="Tells several reports of one pull request apart.")] = "check",
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Begin no comment where nothing that the policy watches changed.")
    ] = False,
) -> int:
    """Publish a verdict on its pull request: one comment that stays, one check for each part.

    For a job of GitHub Actions. The facts are read as somebody else's data: the pull request, the base and the policy come from
    GitHub itself, and the verdict is computed again. Facts that claim otherwise turn every check red. Doing it twice writes once.
    The exit code says whether it was published; how the verdict came out stands in the checks and in the output `verdict`.

    Needs `GITHUB_TOKEN` with `actions: read`, `checks: write`, `contents: read`, `pull-requests: write`; `contents: write`
    where the policy wants pictures. `GITHUB_API_URL` is honoured, and so is a `cml` on PATH where the policy names it. Without
    `--run` and `--facts`, a `workflow_run` event says which run it was; any other event means `.assay`.

    Examples: `assay publish`, `assay publish --run 4711`, `assay publish --facts .assay --name nightly`.
    """
    import os

    try:
        from bot.gateway import Gateway
        from bot.publish import publish
    except ModuleNotFoundError as error:
        from policy.problems import UserProblem

        raise UserProblem(f"publishing needs {error.name}", "assay publish", "Install assay[github]") from None

    gateway = Gateway.from_environment(os.environ)
    outcome = publish(gateway, _request(os.environ, facts, run, artifact, name, quiet))
    typer.echo(f"{outcome.said} ({gateway.requests} requests)")
    if outcome.refused:
        typer.echo(f"refused: {outcome.refused}", err=True)
    if outcome.advice:
        typer.echo(f"no pictures: {outcome.advice}", err=True)
    _tell(os.environ, outcome)
    return 0


def _request(
    environ: "Mapping[str, str]", facts: Path | None, run: int | None, artifact: str, name: str, quiet: bool
) -> "Request":
    from bot.cml.tool import Tool
    from bot.publish import Request

    event = environ.get("GITHUB_EVENT_NAME", "")
    here = facts if facts is not None or run is not None or event == "workflow_run" else Path(".assay")
    return Request(
        event=event,
        payload=_payload(environ),
        facts=_facts(here) if here is not None else None,
        run_id=run if here is None else None,
        artifact=artifact,
        sha=environ.get("GITHUB_SHA", ""),
        kind=name,
        quiet=quiet,
        server=environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/"),
        own_run=environ.get("GITHUB_RUN_ID", ""),
        cml=Tool.find(environ),
        prefix=environ.get("ASSAY_PREFIX", "").lower() == "true",
    )


def _payload(environ: "Mapping[str, str]") -> "dict[str, object]":
    import json

    from policy.problems import UserProblem

    path = environ.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}
    try:
        found = json.loads(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise UserProblem(f"cannot read the event ({error})", path, "Set GITHUB_EVENT_PATH as a runner does") from None
    return found if isinstance(found, dict) else {}


def _facts(path: Path) -> bytes:
    """The bytes of the facts; none where there are none, which the report says."""
    file = path / "facts.json" if path.is_dir() or path.suffix != ".json" else path
    try:
        with file.open("rb") as opened:
            from policy.facts.record import MAX_BYTES

            return opened.read(MAX_BYTES + 1)
    except OSError:
        return b""


def _tell(environ: "Mapping[str, str]", outcome: "Outcome") -> None:
    """The job's summary, and the step's outputs."""
    import json
    import secrets

    from actions.runner import failed_gates, output
    from reports import summary

    if outcome.verdict is None or outcome.facts is None:
        return
    status, failed = outcome.verdict.result.status.value, json.dumps(failed_gates(outcome.verdict))
    delimiter = f"assay-{secrets.token_hex(16)}"
    _append(environ.get("GITHUB_OUTPUT"), output("verdict", status, delimiter) + output("failed-gates", failed, delimiter))
    if environ.get("GITHUB_STEP_SUMMARY"):
        drawn = summary.render(outcome.facts, outcome.verdict, templates=outcome.templates)
        _append(environ.get("GITHUB_STEP_SUMMARY"), drawn + "\n")


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
