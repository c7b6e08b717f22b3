"""`assay data`: of the policy's data sets, or a contract on any file."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from actions.datafile import DataFile
from assay import progress
from assay.files import data_files
from assay.options import Base, Folder, Json, Out, Remote
from policy.problems import UserProblem

File = Annotated[Path | None, typer.Argument(help="A file or folder to try a contract on, outside any repository.")]
Contract = Annotated[str | None, typer.Option(help="The contract for FILE: `path.py:Model`.")]
Key = Annotated[list[str] | None, typer.Option(help="A key column of FILE, for the examples; may be given several times.")]


def command(
    file: File = None,
    contract: Contract = None,
    key: Key = None,
    base: Base = "main",
    out: Out = Path(".assay"),
    as_json: Json = False,
    folder: Folder = Path(),
    remote: Remote = True,
) -> int:
    """Check data: contracts, what came in and went missing, personal data, overlap, and the state of DVC.

    Without FILE: the data sets of `assay.yml` against `--base`. With FILE: one contract on it.

    Examples: `assay data`, `assay data new.parquet --contract contracts/flights.py:Flights --key id`.
    """
    if file is None:
        from assay.judge import judge, partial

        # The state of the pipeline (stale stages, unpushed objects) is judged in the part `training`; nothing is run.
        return judge(folder, base, out, as_json, replace(partial("data", "training"), train=False, remote=remote))
    if contract is None:
        raise UserProblem("a contract is needed to check a file", str(file), "Add --contract path.py:Model")
    if not all(contract.rpartition(":")):
        raise UserProblem("a contract is named by its file and its model", contract, "Write --contract path.py:Model")
    return _try(file, contract, key or [], folder, as_json)


def _try(file: Path, contract: str, key: list[str], folder: Path, as_json: bool) -> int:
    from actions.data.contract import check

    files = data_files(file)
    _known(key, files)
    # What judges is imported while the worker, another process, tries the contract.
    Thread(target=import_module, args=("policy.data",)).start()
    with progress.shown(quiet=as_json) as shown:
        shown.step(f"trying {contract} on {file.name}")
        facts = check(contract, files, root=folder.resolve(), key=key or None)
    from policy.data import rules
    from policy.result import Status

    result = rules(facts)
    if as_json:
        typer.echo(f'{{"result": {result.model_dump_json()}, "facts": {facts.model_dump_json()}}}')
    else:
        from assay import terminal

        terminal.show_result(result)
    return 1 if result.status is Status.FAILED else 0


def _known(key: list[str], files: list[DataFile]) -> None:
    if not key:
        return
    from actions.frames import columns

    there = columns(files)
    for name in key:
        if name not in there:
            raise UserProblem(f"there is no column {name}", files[0].name, f"Name a column: {', '.join(list(there)[:20])}")
