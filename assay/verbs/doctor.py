"""`assay doctor`: what is wrong with a repository's set-up, and the cure of each finding."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assay import progress
from assay.options import Folder, Json, Remote

if TYPE_CHECKING:
    from actions.setup.finding import Finding
    from actions.setup.hosting import Hosting

_MARKS = {"ok": "●", "note": "○", "warning": "▲", "error": "✗"}
_COLOURS = {"ok": "green", "note": "bright_black", "warning": "yellow", "error": "red"}


def command(folder: Folder = Path(), as_json: Json = False, remote: Remote = True) -> int:
    """Look at everything that a check depends on: git, DVC and its remote, policy, workflows, versions.

    Exit 1 where something keeps a check from saying what it should.

    Nothing is changed. With `GITHUB_TOKEN` it also asks GitHub whether the default branch is protected. All workflows are linted
    for what actionlint and zizmor do not see: a privileged job that checks out a stranger's code, a pull request named by an
    artifact, a comment that races with a push, a decision by `github.actor`.

    Examples: `assay doctor`, `assay doctor --json`, `assay doctor --no-remote`.
    """
    from dataclasses import asdict

    from actions.setup.examine import examine, healthy
    from assay import __version__

    with progress.shown(quiet=as_json) as shown:
        findings = examine(folder, __version__, shown, _connect, ask_remote=remote)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            _show(finding)
    return 0 if healthy(findings) else 1


def _connect(origin: str | None) -> "Hosting | None":
    """GitHub, where a token and a repository are at hand."""
    import os

    named = os.environ.get("GITHUB_REPOSITORY") or origin
    if named is None or not (os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN")):
        return None
    from bot.gateway import Gateway
    from bot.gateway.settings import SettingsGateway

    return SettingsGateway.of(Gateway.from_environment(os.environ, named))


def _show(finding: "Finding") -> None:
    where = f"{finding.where}: " if finding.where else ""
    mark = typer.style(_MARKS[finding.level], fg=_COLOURS[finding.level])
    typer.echo(f"{mark} {progress.printable(where + finding.what)}")
    if finding.cure:
        typer.echo(f"    {progress.printable(finding.cure)}")
