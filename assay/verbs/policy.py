"""`assay policy`: validate `assay.yml`, or print its JSON Schema."""

from pathlib import Path
from typing import Annotated

import typer

from policy import document
from policy.problems import UserProblem


def command(
    file: Annotated[Path, typer.Argument(help="The policy to validate.")] = Path(document.FILE_NAME),
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of assay.yml instead.")] = False,
) -> None:
    """Validate assay.yml, or print its JSON Schema.

    Examples: `assay policy`, `assay policy drafts/assay.yml`, `assay policy --schema > assay.schema.json`.
    """
    if schema:
        typer.echo(document.schema(), nl=False)
        return
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserProblem(f"cannot read the policy ({error})", str(file), "Name an existing file, or write one") from None
    policy = document.read(text, str(file))
    typer.echo(f"{file}: {len(policy.data)} data sets, {len(policy.evaluate.gates) if policy.evaluate else 0} gates, no error")
