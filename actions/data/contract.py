"""Tries a data contract: the pandera model `path.py:Model` of the head's work tree, on the head's data.

The model is the user's code, so it runs in the worker. Every rule that does not hold is told with its column, count and
share, and the first ten rows by key. A contract on polars or DuckDB (ibis) keeps within bounds on tables larger than
memory; pandas reads the table whole, and Spark does what the cluster does.
"""

import ast
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actions import frames, workers
from actions.datafile import DataFile
from policy.problems import UserProblem
from policy.reasons import Reason

if TYPE_CHECKING:
    # Not needed before the worker has answered, and it should start at once.
    from policy.facts.data import ContractFacts, ContractFailure, Example

TIMEOUT = 1_800.0
"""Seconds after which a contract is stopped."""
MOST = 1_000
"""Failing rules that are kept; the facts allow no more."""


def check(
    contract: str,
    files: Sequence[DataFile],
    *,
    root: Path,
    key: Sequence[str] | None,
    python: Path | None = None,
    timeout: float = TIMEOUT,
    mask: Callable[[str], str] | None = None,
) -> "ContractFacts":
    """What does not hold of the contract.

    Args:
        contract: `path.py:Model`, the path relative to `root`.
        files: the data set at head.
        root: the work tree of the head.
        key: the columns that name a row in an example; without them, its number from 0 does.
        python: the interpreter; by default ours, and for a contract of pandera's pyspark backend the one that the
            environment names in ASSAY_SPARK_PYTHON.
        timeout: seconds.
        mask: hides what looks personal in a value; applied to every key and value of the examples.

    Raises:
        UserProblem: the contract is missing, does not import, crashes, hangs, or names no model; with file and line.
        Unreadable: the data cannot be read.
    """
    line = line_of(contract, root)
    python = python or _interpreter(root / contract.rpartition(":")[0])
    paths = [str(path.resolve()) for path in frames.parquet(files)]
    payload = {"contract": contract, "paths": paths, "key": list(key or [])}
    try:
        answer = workers.call("contract", payload, root=root, python=python, timeout=timeout)
    except UserProblem as problem:
        begin = contract.rpartition(":")[0] + (f":{line}" if line else "")
        raise UserProblem(problem.what, problem.where or begin, problem.next) from None
    if answer.get("unreadable"):
        where = files[0].name
        raise frames.Unreadable(str(answer["unreadable"])[:300], where, "write the file again and push it", Reason.DATA_CORRUPT)
    return _facts(contract, answer, line, mask or str)


def _interpreter(path: Path) -> Path | None:
    """Spark's own interpreter for a contract that imports pandera's pyspark backend."""
    if b"pandera.pyspark" not in path.read_bytes():
        return None
    named = os.environ.get("ASSAY_SPARK_PYTHON")
    if not named:
        advice = "set ASSAY_SPARK_PYTHON to a Python with pandera[pyspark], pyspark and pandas 2, such as requirements-spark.lock"
        raise UserProblem("a contract on Spark needs an interpreter of its own", path.name, advice)
    return Path(named)


def line_of(contract: str, root: Path) -> int | None:
    """The line on which the model begins, read without running anything; None where it is made elsewhere and imported.

    Raises:
        UserProblem: the file is missing, lies outside `root`, or is not valid Python.
    """
    relative, _, name = contract.rpartition(":")
    path = root / relative
    if not path.resolve().is_relative_to(root.resolve()):
        raise UserProblem("the contract lies outside the repository", relative, "move it into the repository")
    try:
        tree = ast.parse(path.read_bytes(), filename=relative)
    except FileNotFoundError:
        raise UserProblem("the contract does not exist", relative, "add it, or correct `contract` in assay.yml") from None
    except OSError as error:
        raise UserProblem(f"the contract cannot be read: {error.strerror}", relative, "check what the path names") from None
    except SyntaxError as error:
        where = f"{relative}:{error.lineno}" if error.lineno else relative
        raise UserProblem(f"the contract is not valid Python: {error.msg}", where, "correct the line") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise UserProblem(f"the contract is not valid Python: {error}", relative, "correct the file") from None
    return next((node.lineno for node in tree.body if _defines(node, name)), None)


def _defines(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.ClassDef):
        return node.name == name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _facts(contract: str, answer: dict[str, Any], line: int | None, mask: Callable[[str], str]) -> "ContractFacts":
    """The worker's answer as facts. It was written beside the user's code, so nothing in it is believed unread."""
    from policy.facts.data import ContractFacts

    try:
        rows = int(answer["rows"])
        failures = [_failure(failure, rows, mask) for failure in answer["failures"]]
        return ContractFacts(
            contract=contract,
            backend=answer["backend"],
            rows=rows,
            failures=failures[:MOST],
            failures_total=len(failures),
            line=line,
        )
    except (KeyError, TypeError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise UserProblem(f"the contract's answer makes no sense: {first}", contract, "let it leave the worker alone") from None


def _failure(failure: dict[str, Any], rows: int, mask: Callable[[str], str]) -> "ContractFailure":
    from policy.facts.data import ContractFailure

    count = int(failure["count"])
    whole = bool(failure["whole"])
    return ContractFailure(
        rule=str(failure["rule"])[:2_000],
        column=str(failure["column"])[:500] if failure["column"] else None,
        count=count,
        share=1.0 if whole else min(1.0, count / max(1, rows)),
        whole=whole,
        warning=bool(failure["warning"]),
        examples=[_example(example, mask) for example in failure["examples"][:10]],
    )


def _example(example: dict[str, Any], mask: Callable[[str], str]) -> "Example":
    from policy.facts.data import Example

    key = {str(name): mask(str(value)) for name, value in example["key"].items()}
    value = example["value"]
    return Example(key=key, value=None if value is None else mask(str(value)))
