"""`assay check`: everything, one verdict."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.options import Base, Folder, Json, Out, Remote, Whole
from policy.problems import UserProblem

if TYPE_CHECKING:
    from actions.check import Options

Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="[FILE:]KEY=VALUE",
        help="A parameter to set in the work tree first, such as `train.lr=0.1`; may be given several times.",
    ),
]
Against = Annotated[
    str | None,
    typer.Option(help="What to compare with as it is, in place of where the change left the base, whose policy judges."),
]
Request = Annotated[
    str | None, typer.Option(metavar="JSON", help="What a command in a comment asks for, as `assay-run.yml` passes it on.")
]


def command(
    base: Base = "main",
    out: Out = Path(".assay"),
    as_json: Json = False,
    folder: Folder = Path(),
    train: Annotated[bool, typer.Option("--train/--no-train", help="Whether stale stages may be reproduced.")] = True,
    remote: Remote = True,
    whole: Whole = False,
    overrides: Set = None,
    stage: Annotated[str | None, typer.Option(help="Reproduce up to this stage, in place of the policy's targets.")] = None,
    single: Annotated[bool, typer.Option("--single", help="Reproduce that stage alone, not what it needs.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Reproduce also what did not change.")] = False,
    against: Against = None,
    request: Request = None,
) -> int:
    """Judge a change to data, code or parameters: may it be merged, and how sure are we?

    Compares the work tree with the merge base of `--base`, under the policy (`assay.yml`) of `--base`: data contracts,
    content difference, drift, training of what changed, metrics with their uncertainty, slices and fairness.

    With `--set`, it tries other parameters, as `dvc exp run --set-param` does: the work tree keeps them, and `--against HEAD`
    compares with what is committed.

    Examples: `assay check`, `assay check --base origin/main --no-train`, `assay check --json > verdict.json`,
    `assay check --set train.lr=0.1 --against HEAD`.
    """
    from assay.judge import judge

    if request is not None:
        base, options = _asked(request, remote, alone=train and not (overrides or stage or single or full or against or whole))
    else:
        options = _options(train, remote, whole, overrides or [], stage, single, full, against)
    return judge(folder, base, out, as_json, options)


def _options(
    train: bool,
    remote: bool,
    whole: bool,
    overrides: list[str],
    stage: str | None,
    single: bool,
    full: bool,
    against: str | None,
) -> "Options":
    from actions.check import Options
    from policy.facts.override import Override

    if single and stage is None:
        raise UserProblem("a single stage has to be named", "--single", "Add --stage NAME")
    if not train and (overrides or stage or full):
        raise UserProblem("what is asked for needs a run", "--no-train", "Leave it out")
    parsed = tuple(Override.parse(text) for text in overrides)
    return Options(
        train=train,
        remote=remote,
        whole=whole,
        against=against,
        overrides=parsed,
        stage=stage,
        single=single,
        full=full,
    )


def _asked(request: str, remote: bool, *, alone: bool) -> "tuple[str, Options]":
    from actions.request import asked
    from policy.facts.request import read

    if not alone:
        raise UserProblem("a request says all there is to say", "--request", "Leave the other options out")
    found = asked(read(request), remote=remote)
    return found.base, found.options
