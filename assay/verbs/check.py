"""`assay check`: everything, one verdict."""

from pathlib import Path
from typing import Annotated

import typer

from assay.options import Base, Folder, Json, Out, Remote, Whole


def command(
    base: Base = "main",
    out: Out = Path(".assay"),
    as_json: Json = False,
    folder: Folder = Path(),
    train: Annotated[bool, typer.Option("--train/--no-train", help="Whether stale stages may be reproduced.")] = True,
    remote: Remote = True,
    whole: Whole = False,
) -> int:
    """Judge a change to data, code or parameters: may it be merged, and how sure are we?

    Compares the work tree with the merge base of `--base`, under the policy (`assay.yml`) of `--base`: data contracts,
    content difference, drift, training of what changed, metrics with their uncertainty, slices and fairness.

    Examples: `assay check`, `assay check --base origin/main --no-train`, `assay check --json > verdict.json`.
    """
    from actions.check import Options
    from assay.judge import judge

    return judge(folder, base, out, as_json, Options(train=train, remote=remote, whole=whole))
