"""`assay retrain`: the model of what is checked out, trained anew and held against the one that is there."""

import os
from pathlib import Path
from typing import Annotated

import typer

from assay.options import Folder, Json, Out


def command(
    full: Annotated[bool, typer.Option("--full", help="Reproduce also what did not change.")] = False,
    update: Annotated[bool, typer.Option("--update/--no-update", help="Whether to `dvc update` imports first.")] = True,
    propose: Annotated[
        bool, typer.Option("--propose", help="Push what was made, and leave `commit.json` for `assay propose`.")
    ] = False,
    out: Out = Path(".assay"),
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Train the model of what is checked out anew, and say whether it is better than the one that is there.

    Updates DVC's imports, reproduces what is out of date, and compares the outcome with what is committed, under the policy
    that is committed: data, drift, metrics with their uncertainty, slices and fairness. Nothing is committed; with `--propose`,
    what was made goes to DVC's remote, unless the verdict is red, and `assay propose retrain` can open a pull request of it.

    Examples: `assay retrain`, `assay retrain --full`, `assay retrain --no-update --json`.
    """
    from actions.check import PARTS, Options
    from actions.repository import revisions
    from actions.repository.git import Git
    from actions.retrain.anew import Anew, Asking
    from assay import output
    from assay.judge import judge
    from policy.proposing import JUDGED

    sha = revisions.head(Git(revisions.find_top(folder))).sha
    asking = Asking(os.environ.get("GITHUB_RUN_ID") or "local", sha) if propose else None
    parts = frozenset(part for part in PARTS if part in JUDGED["retrain"])
    options = Options(parts=parts, remote=propose, full=full, against=sha, retrain=True)
    return judge(folder, sha, out, as_json, options, Anew(asking, update, output.write))
