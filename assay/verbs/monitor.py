"""`assay monitor`: one look at what the model meets in production."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay import output, progress
from assay.options import Folder, Json
from policy.problems import UserProblem

if TYPE_CHECKING:
    from actions.monitor.stored import Stored
    from actions.registry.client import Registry
    from actions.repository import Repository
    from policy.document import Policy


def command(
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="A file to write what was seen to, as JSON.")] = None,
    prometheus: Annotated[
        Path | None, typer.Option(help="A file for Prometheus, such as node_exporter reads; its name ends with .prom.")
    ] = None,
    mlflow: Annotated[
        bool,
        typer.Option("--mlflow", help="Write the numbers to the MLflow server of MLFLOW_TRACKING_URI as metrics, once a look."),
    ] = False,
    reference: Annotated[
        str | None,
        typer.Option(
            help="The revision whose data is the reference. Unset: `monitor.champion` of assay.yml, `evaluate.baseline`, HEAD."
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="Look as if it were this moment, such as 2026-01-31T06:00:00Z. Unset: now.")
    ] = None,
    folder: Folder = Path(),
) -> int:
    """Look at production once: drift, missing values, late data, changed columns, too few rows; under `monitor` in assay.yml.

    Exit 1 where the worst finding reaches `monitor.fails_at` (medium, unless the policy says otherwise).

    Examples: `assay monitor`, `assay monitor --json`, `assay monitor --reference champion --out sighting.json`,
    `assay monitor --prometheus /var/lib/node_exporter/assay.prom`, `assay monitor --mlflow`.
    """
    from actions.monitor.look import look
    from actions.repository import Repository
    from assay import job
    from policy import monitoring
    from reports import exposition

    moment = _moment(at)
    if prometheus is not None and prometheus.suffix != ".prom":
        raise UserProblem("node_exporter reads only files whose name ends with .prom", str(prometheus), "Rename it")
    registry = _registry() if mlflow else None
    with Repository.open(folder) as repository, progress.shown(quiet=as_json) as shown:
        policy = _policy(repository)
        if policy.monitor is None or policy.model is None:
            missing = "monitor" if policy.monitor is None else "model"
            raise UserProblem(f"there is no section `{missing}`", "assay.yml", "Add it as docs/monitor.md shows")
        section = policy.monitor
        revision, version, stored = _revision(repository, policy, reference)
        facts = look(repository, section, revision, moment, shown, environ=os.environ, stored=stored)
    sighting = monitoring.decide(
        section, facts, model=policy.model.name, at=moment.isoformat(timespec="seconds"), version=version
    )
    text = sighting.model_dump_json(indent=1)
    if out is not None:
        _write(out, text + "\n")
    job.output(os.environ, "severity", sighting.severity.value)
    if prometheus is not None:
        _write(prometheus, exposition.prometheus(sighting))
    if as_json:
        typer.echo(text)
    else:
        from assay import terminal

        terminal.show_sighting(sighting, facts)
    if registry is not None:
        from actions.monitor import tracking

        tracking.record(registry, sighting)
    return 1 if monitoring.fails(section, sighting) else 0


def _registry() -> "Registry":
    """The server that the environment names. It is found before anything is looked at, so that a mistake shows at once."""
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        raise UserProblem("MLFLOW_TRACKING_URI is not set", "--mlflow", "Set it to the address of an MLflow server")
    from actions.registry.client import Registry

    return Registry.connect(os.environ)


def _policy(repository: "Repository") -> "Policy":
    """The policy of the work tree: a monitor runs on the default branch, and judges no change."""
    from policy import document

    raw = repository.read(document.FILE_NAME)
    if raw is None:
        raise UserProblem("there is no policy", document.FILE_NAME, "Run `assay init`, or write one")
    return document.read(raw.decode("utf-8", "replace"))


def _revision(repository: "Repository", policy: "Policy", asked: str | None) -> "tuple[str, str, Stored | None]":
    """The commit whose data is the reference, the version that it is of (empty where nobody asked for one), and what it kept."""
    section, model = policy.monitor, policy.model
    if asked is None and section is not None and section.champion is not None and model is not None:
        from actions.monitor.champion import champion
        from actions.registry.client import Registry

        registry = Registry.connect(os.environ, policy.registry.uri if policy.registry else None)
        found = champion(registry, model.name, section.champion)
        return repository.resolve(found.sha), str(found.version), found.stored
    baseline = policy.evaluate.baseline if policy.evaluate else None
    return repository.resolve(asked or baseline or "HEAD"), "", None


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UserProblem(f"{text!r} is no moment", "--at", "Write it like 2026-01-31T06:00:00Z") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _write(path: Path, text: str) -> None:
    try:
        output.write(path, text.encode())
    except OSError as error:
        raise UserProblem(f"cannot write ({error.strerror})", str(path), "Name a file in a folder that is there") from None
