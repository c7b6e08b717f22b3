"""`assay refresh`: imported data is brought up to date, and judged before it is kept."""

import os
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from assay.options import Folder, Json, Out
from policy.refresh import PARTS, ImportVersion, Outcome, Refresh

FILE = "refresh.json"


def command(
    imports: Annotated[
        list[str] | None, typer.Argument(metavar="[IMPORT]...", help="Imports by path or `.dvc` file. Unset: all of them.")
    ] = None,
    push: Annotated[
        bool | None,
        typer.Option(
            "--push/--no-push",
            help="Push what is taken in to DVC's remote, and leave commit.json. Unset: only in GitHub Actions.",
        ),
    ] = None,
    out: Out = Path(".assay"),
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Bring imports of DVC up to date, and take the new data in only where it keeps what `data` of assay.yml asks.

    Runs `dvc update` on what `dvc import` and `dvc import-url` brought, then checks contract, difference and drift against
    the last commit. Where anything is refused, every `.dvc` file and all data are put back as they were, and the exit code is 1.
    What drifted is taken in and told. Leaves refresh.json, and facts and report as `assay check` does.

    Examples: `assay refresh`, `assay refresh data/raw.csv`, `assay refresh --push --json`.
    """
    from actions import runner
    from actions.refresh.refresh import pack, refresh
    from actions.repository import Repository
    from assay import judge, output
    from policy.facts import commit
    from policy.verdict import decide

    here = runner.present(os.environ, sys.stderr if as_json else sys.stdout)
    pushing = here is not None if push is None else push
    with judge.shown_on(here, as_json) as shown, Repository.open(folder) as repository:
        target = judge.inside(repository, out)
        (target / judge.COMMIT).unlink(missing_ok=True)  # of an earlier run, about something else
        done = refresh(repository, imports or [], shown, push=pushing)
        page, code, facts = None, 0, b""
        if done.checked is not None:
            checked = replace(done.checked, facts=here.named(done.checked.facts)) if here else done.checked
            verdict = decide(checked.policy, checked.facts, only=PARTS)
            written = judge.leave(repository, out, checked, verdict, shown, here)
            page, facts = written.page, written.facts.read_bytes()
            code = judge.exit_code(checked, verdict) if done.record.outcome is Outcome.REJECTED else 0
        output.make(target)
        output.write(target / FILE, (done.record.model_dump_json(indent=1) + "\n").encode())
        if pushing:
            output.write(
                target / judge.COMMIT,
                commit.write(pack(repository, done.record, os.environ.get("GITHUB_RUN_ID") or "local", facts)),
            )
    _outcome(done.record)
    with here.deaf() if here else nullcontext():
        _print(done.record, page, as_json)
    return code


def _outcome(record: Refresh) -> None:
    from assay import job

    job.output(os.environ, "outcome", record.outcome.value)


def _print(record: Refresh, page: Path | None, as_json: bool) -> None:
    from assay import terminal

    if as_json:
        typer.echo(record.model_dump_json(indent=1))
        return
    terminal.show_result(record.result)
    terminal.show_rows(
        [(each.path, f"{_said(each.before)} → {_said(each.after)}", False) for each in record.imports if each.changed]
    )
    if record.owners:
        terminal.show_rows([("owners", ", ".join(record.owners), False)])
    if page is not None:
        typer.echo(f"\nreport: {page}")


def _said(version: ImportVersion) -> str:
    """A version in a few letters: the digest, and the revision or tag where it comes from."""
    digest = (version.digest or "").partition(":")[2][:12] or "—"
    mark = (version.revision or version.etag or "").strip('"')[:12]
    return f"{digest} ({mark})" if mark else digest
