"""The options that verbs share. Nothing heavy is imported here: a verb that needs little must start fast."""

from pathlib import Path
from typing import Annotated

import typer

Base = Annotated[str, typer.Option("--base", "-b", help="The revision to compare with: a branch, tag or SHA.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The folder for facts, verdict, comment, summary and page.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON instead of a table.")]
Folder = Annotated[Path, typer.Option("--repository", "-C", help="A folder of the git + DVC repository.")]
Remote = Annotated[bool, typer.Option("--remote/--no-remote", help="Whether to ask the DVC remote which objects it has.")]
Whole = Annotated[bool, typer.Option("--whole", help="Compute everything even where nothing that the policy watches changed.")]
