"""What `assay init` proposes: a policy and contracts, from the pipeline, the metrics and the data themselves."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from actions.datafile import DataFile
from actions.evaluate import files as metrics_files
from actions.evaluate.trouble import Undefined
from actions.formats import Unreadable
from actions.frames import scan
from actions.progress import Progress
from actions.repository import Repository, remotes
from actions.setup import contracts, policy_text, predictions, rowkey, sources
from actions.setup.columns import describe
from actions.setup.contracts import Contract
from actions.setup.predictions import Recognised
from policy.problems import Problem


@dataclass(frozen=True)
class DataSet:
    """One data set of the proposal. `why` says in a sentence why it could not be read."""

    path: str
    contract: str | None = None
    key: tuple[str, ...] = ()
    allow: dict[str, list[str]] = field(default_factory=dict)
    """Columns that hold what looks personal, and of which kinds: it is there already, so it is named, not hidden."""
    why: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A policy as text, the contracts that it names, and what a person should know about both."""

    policy: str
    contracts: tuple[Contract, ...]
    notes: tuple[str, ...]


def propose(repository: Repository, progress: Progress) -> Proposal:
    """Read what is there and propose. The same repository gives the same proposal.

    Raises:
        UserProblem: the pipeline cannot be read.
    """
    progress.step("reading the pipeline")
    found = sources.find(repository)
    reading = _Reading(repository, progress)
    sets = [one for path in found.data if (one := reading.data_set(path))]
    keys = [one.key for one in sets]
    recognised = next((said for path in found.made if (said := reading.predictions(path, keys))), None)
    if not sets:
        rest = [path for path in found.made if recognised is None or path != recognised.path]
        sets = [one for path in reversed(rest) if (one := reading.data_set(path))]
    numbers = reading.numbers(found.metrics)
    text = policy_text.render(sets, found, recognised, numbers, model_name=_name(repository))
    return Proposal(text, tuple(reading.contracts), (*reading.notes, *_notes(sets, found, recognised)))


class _Reading:
    """Reads data and metrics of the work tree, and remembers the contracts and notes that come of it."""

    def __init__(self, repository: Repository, progress: Progress) -> None:
        self.repository = repository
        self.progress = progress
        self.contracts: list[Contract] = []
        self.notes: list[str] = []

    def data_set(self, path: str) -> DataSet | None:
        """A data set; one whose bytes are not here is proposed without contract, one of no known format not at all."""
        self.progress.step(f"reading {path}")
        try:
            return self._described(path, self._files(path))
        except Unreadable as problem:
            self.notes.append(f"{path} was left out: {problem.what}")
            return None
        except Problem as problem:
            self.notes.append(f"{path} could not be read ({problem.what}): run `dvc pull`, then `assay init` again")
            return DataSet(path, why=problem.what)

    def _files(self, path: str) -> list[DataFile]:
        tracked = self.repository.tracked(path)
        if tracked is None:
            raise Unreadable("neither git nor DVC tracks it", where=path)
        return self.repository.files(tracked)

    def _described(self, path: str, files: list[DataFile]) -> DataSet:
        table, frame = describe(files), scan(files)
        key = rowkey.infer(frame, table)
        allow = self._personal(path, files)
        self.progress.step(f"contract of {path}")
        contract = contracts.infer(path, self._contract_file(path), table, files, key=key, hidden=allow)
        if contract is None:
            self.notes.append(f"{path} has no contract: there is nothing in it that one could say ({table.rows} rows)")
            return DataSet(path, None, tuple(key), allow)
        self.contracts.append(contract)
        return DataSet(path, contract.reference, tuple(key), allow)

    def _personal(self, path: str, files: list[DataFile]) -> dict[str, list[str]]:
        from actions.data.personal import find
        from policy.personal import Personal

        allow: dict[str, list[str]] = {}
        for finding in find(scan(files), Personal()).findings:
            kinds = allow.setdefault(finding.column, [])
            if finding.kind not in kinds:
                kinds.append(finding.kind)
        for column, kinds in allow.items():
            self.notes.append(
                f"{path}: the column {column!r} seems to hold personal data ({', '.join(kinds)}): it is allowed there "
                "because it is there already; take the line out of assay.yml to refuse it"
            )
        return allow

    def _contract_file(self, path: str) -> str:
        """`contracts/raw.py`; a longer name where that is taken, by another data set or a file about something else."""
        pure = PurePosixPath(path)
        stem = _snake(pure.name.partition(".")[0])
        for name in (stem, f"{_snake(pure.parent.name)}_{stem}", _snake(path.rpartition(".")[0])):
            file = f"contracts/{name}.py"
            if all(contract.file != file for contract in self.contracts) and self._may_stand(file):
                return file
        return f"contracts/{stem}_{len(self.contracts) + 1}.py"

    def _may_stand(self, file: str) -> bool:
        """Whether a file is free, or already holds the contract that would stand there."""
        content = self.repository.read(file)
        if content is None:
            return True
        try:
            body = ast.parse(content).body
        except (SyntaxError, ValueError):
            return False
        name = contracts.class_name(PurePosixPath(file).stem)
        return any(isinstance(node, ast.ClassDef) and node.name == name for node in body)

    def predictions(self, path: str, keys: Sequence[Sequence[str]]) -> Recognised | None:
        """The file as predictions, if it is one and can be read."""
        self.progress.step(f"looking for predictions in {path}")
        try:
            return predictions.recognise(path, self._files(path), keys)
        except Problem:
            return None

    def numbers(self, paths: Sequence[str]) -> list[str]:
        """The names of all metrics that have a value in exactly one file."""
        names: list[str] = []
        for path in paths:
            try:
                content = self.repository.read(path)
                names += metrics_files.read(path, content).numbers if content is not None else []
            except (Undefined, Problem):
                self.notes.append(f"{path} is no metrics file that can be read")
        return sorted(name for name in names if names.count(name) == 1)


def _name(repository: Repository) -> str:
    """What the project is called where it is pushed to, else its folder."""
    address = (remotes.origin(repository.root) or "").rstrip("/").removesuffix(".git")
    return re.split(r"[/:\\]", address)[-1] or repository.root.name


def _snake(text: str) -> str:
    name = "_".join(re.findall(r"[a-z0-9]+", text.lower()))
    return name if name and not name[0].isdigit() else f"data_{name}".rstrip("_")


def _notes(sets: Sequence[DataSet], found: sources.Sources, recognised: Recognised | None) -> list[str]:
    notes = [
        f"{one.path} has no key that tells its rows apart: name one to see rows added, removed and changed"
        for one in sets
        if not one.key and one.why is None
    ]
    if not sets:
        notes.append("no data set was found: `dvc add` one, or name a data file that a stage depends on")
    if recognised is None and found.targets:
        notes.append("no file of predictions was recognised: with key, label and score it would give metrics with intervals")
    return notes
