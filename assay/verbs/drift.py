"""`assay drift`: of the policy's data sets against the base, or of any two files."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from assay import progress
from assay.files import data_files
from assay.options import Base, Folder, Json, Out
from policy.problems import UserProblem

Two = Annotated[
    list[Path] | None, typer.Argument(help="Two files or folders to compare, outside any repository: base, then head.")
]
Mode = Annotated[
    Literal["exact", "profile"],
    typer.Option(help="For two files: from profiles, with a stated bound; or exact."),
]


def command(
    two: Two = None,
    mode: Mode = "profile",
    base: Base = "main",
    out: Out = Path(".assay"),
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Compare data column by column: how far each moved, and whether that is too far.

    Without files: the data sets of `assay.yml` against `--base`. With two files: those, with the default thresholds.

    Examples: `assay drift`, `assay drift last-month.parquet this-month.parquet`, `assay drift a.csv b.csv --json`.
    """
    if not two:
        from assay.judge import judge, partial

        return judge(folder, base, out, as_json, partial("drift"))
    if len(two) != 2:
        raise UserProblem("two data sets are needed, base and head", next="Name both, or none to compare with the base revision")
    return _compare(two[0], two[1], mode, as_json)


def _compare(base: Path, head: Path, mode: Literal["exact", "profile"], as_json: bool) -> int:
    from actions.drift.compare import compare, compare_exact, profile
    from policy.drift import Drift, decide
    from policy.result import Status

    section = Drift(mode=mode)
    base_files, head_files = data_files(base), data_files(head)
    with progress.shown(quiet=as_json) as shown:
        shown.step(f"comparing {base.name} with {head.name}")
        if mode == "exact":
            facts = compare_exact(base_files, head_files, section)
        else:
            facts = compare(profile(base_files), profile(head_files), section)
    result = decide(section, facts, name=head.name)
    if as_json:
        typer.echo(f'{{"result": {result.model_dump_json()}, "facts": {facts.model_dump_json()}}}')
    else:
        from assay import terminal

        terminal.show_drift(result, facts)
    return 1 if result.status is Status.FAILED else 0
