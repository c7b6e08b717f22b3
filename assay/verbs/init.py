"""`assay init`: a first policy, contracts and workflows, from what is there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay import progress
from assay.options import Folder

if TYPE_CHECKING:
    from actions.setup.files import File

DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing; show what would change as a unified diff.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that differ from what is proposed, too.")]
Commands = Annotated[
    bool, typer.Option("--commands/--no-commands", help="Whether to write the workflows that commands in comments need.")
]


def command(folder: Folder = Path(), dry_run: DryRun = False, force: Force = False, commands: Commands = True) -> int:
    """Set a git + DVC repository up: propose `assay.yml`, contracts inferred from the data, and the workflows.

    Asks nothing that it can find out. A file of yours is never overwritten: where it differs from what is proposed, the
    difference is shown. Running it twice does nothing twice.

    Examples: `assay init --dry-run`, `assay init`, `assay init --force`.
    """
    from actions.repository import Repository
    from actions.setup.files import write
    from actions.setup.setup import wanted
    from assay import __version__

    with progress.shown() as shown, Repository.open(folder) as repository:
        found = wanted(repository, __version__, shown, commands=commands)
    todo = [file for file in found.files if file.state == "new" or (force and file.state == "differs")]
    kept = [file for file in found.files if file.state == "differs" and not force]
    if dry_run:
        _diffs([*todo, *kept])
    else:
        for file in todo:
            write(repository.root, file)
            typer.echo(f"wrote {file.path}")
        _kept(kept)
    if not todo and not kept:
        typer.echo("nothing to do: everything that would be proposed is there already")
        return 0
    for note in found.notes:
        typer.echo(f"note: {progress.printable(note)}", err=True)
    if todo and not dry_run:
        typer.echo(
            f"next: read assay.yml, run `assay check --base {found.branch}`, then merge what was written into {found.branch}"
        )
    return 0


def _diffs(files: "list[File]") -> None:
    for file in files:
        typer.echo("\n".join("\t".join(map(progress.printable, line.split("\t"))) for line in file.diff.split("\n")))


def _kept(files: "list[File]") -> None:
    """Say of each file that is another than the proposed one what would change, and that it stays."""
    for file in files:
        typer.echo(f"kept {file.path} as it is; this is what would be proposed today:")
        _diffs([file])
    if files:
        typer.echo("next: take over by hand what you want of it, or run `assay init --force` to replace the file")
