"""The process in which the user's Python runs: contracts and metric functions, never anything of ours that matters.

The parent (`actions.workers`) starts this file with `-I`, so neither the environment nor the current folder can put a module
before the standard library; the user's root comes last on the path. The request is JSON on standard input, the answer a
JSON file of the parent's; whatever the user's code prints goes nowhere near it. Only the standard library is imported
here, because the interpreter may be the user's own, which has none of our rooms: the engines beside this file are loaded
by their path.
"""

import ast
import faulthandler
import importlib
import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

LIBRARIES = ("numpy", "polars", "pandera", "pandas", "ibis", "pyspark", "sklearn", "scipy", "pyarrow")
"""Loaded before the user's file, so that their byte code is still cached; the user's own folders stay free of it."""
POLARS_ONLY = {"pandera.polars", "pandera.typing.polars", "pandera.errors"}
"""What a contract may import of pandera and still need no pandas."""
_EVERYTHING = "--everything"
_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode
_write, _replace, _exit = Path.write_text, Path.replace, os._exit


class Stop(Exception):
    """Ends the task with a problem the reader can mend."""

    def __init__(self, what: str, where: str = "", advice: str = "") -> None:
        super().__init__(what)
        self.problem = {"what": what, "where": where, "next": advice}


def main() -> None:
    """Read the request, do the task, leave the answer."""
    request = json.loads(sys.stdin.buffer.read())
    answer, root = Path(request["answer"]), Path(request["root"])
    _quiet_crashes()
    sys.path.append(str(root))
    try:
        reply = {"done": TASKS[request["task"]](root, request["payload"])}
    except Stop as stop:
        reply = {"problem": stop.problem}
    except BaseException as error:  # sys.exit, KeyboardInterrupt and recursion included: all are the user's code speaking
        if _Absent.used and isinstance(error, ImportError | AttributeError):
            _again_with_everything()
        reply = {"problem": describe(error, root)}
    part = answer.with_suffix(".part")
    _write(part, _encode(reply), encoding="ascii")
    _replace(part, answer)
    _exit(0)  # exit handlers and threads of the user's code have nothing more to say


def _again_with_everything() -> None:
    """Start this process anew: what failed may have needed a library that was left out for speed."""
    os.lseek(0, 0, os.SEEK_SET)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:], _EVERYTHING])  # noqa: S606 - our own arguments again


def _quiet_crashes() -> None:
    """A crash names the user's line on standard error, and leaves no core dump."""
    faulthandler.enable(file=sys.stderr)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return


def describe(error: BaseException, root: Path) -> "dict[str, str]":
    """What, where and what next, in the user's terms: the innermost line of the user's own files."""
    where = place(error, root)
    first = (str(error).strip().splitlines() or [""])[0][:300]
    name = type(error).__name__
    if isinstance(error, SystemExit):
        return {"what": "the code calls sys.exit", "where": where, "next": "raise an error instead"}
    if isinstance(error, SyntaxError):
        return {"what": f"it is not valid Python: {error.msg}", "where": where, "next": "correct the line"}
    if isinstance(error, ImportError):
        advice = f"install what it imports for {sys.executable}, or correct the import"
        return {"what": f"it cannot be imported: {first}", "where": where, "next": advice}
    return {"what": f"{name}: {first}" if first else name, "where": where, "next": "correct the code; run it once yourself"}


def place(error: BaseException, root: Path) -> str:
    """`file:line` of the innermost frame that lies under `root`; empty where there is none."""
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((Path(error.filename), error.lineno))
    for path, line in reversed(frames):
        if path.is_relative_to(root) and not path.is_relative_to(sys.prefix):
            return f"{path.relative_to(root).as_posix()}:{line}"
    return ""


def load(root: Path, target: str) -> Any:
    """The object that `path.py:Name` names.

    Raises:
        Stop: no such file, or no such name in it. Whatever the file itself raises comes through as it is.
    """
    relative, _, name = target.rpartition(":")
    path = root / relative
    if not path.resolve().is_relative_to(root.resolve()):
        raise Stop("the file lies outside the repository", relative, "move it into the repository")
    if not path.is_file():
        raise Stop("the file does not exist", relative, "add it, or correct the path in assay.yml")
    _preload(ast.parse(path.read_bytes(), filename=str(path)))
    sys.dont_write_bytecode = True
    module = _execute(path, relative)
    if not hasattr(module, name):
        raise Stop(f"there is no '{name}' in it", relative, "define it, or correct the name in assay.yml")
    return getattr(module, name)


def _preload(tree: ast.Module) -> None:
    """Import the libraries that the file imports first thing anyway, pandera with no more of them than it needs."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    every = {name for node in nodes for name in _modules(node)}
    panderas = {name for name in every if name.partition(".")[0] in ("pandera", "pandas")}
    lean = panderas <= POLARS_ONLY and os.name == "posix" and _EVERYTHING not in sys.argv
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    for name in (name for node in top for name in _modules(node) if name.partition(".")[0] in LIBRARIES):
        with _pretending_absent(("pandas", "hypothesis") if lean and name in POLARS_ONLY else ()):
            module = importlib.import_module(name)
            if name == "pandera.polars":
                module.Check.get_backend(importlib.import_module("polars").LazyFrame())  # loads the rest of pandera


def _modules(node: "ast.Import | ast.ImportFrom") -> "list[str]":
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if node.module and not node.level else []


@contextmanager
def _pretending_absent(names: "tuple[str, ...]") -> "Iterator[None]":
    """Import as on a machine without some optional libraries.

    Where pandas and Hypothesis are installed, `import pandera.polars` loads both, three quarters of a second for nothing:
    a polars-only installation, which pandera supports, has neither.
    """
    finder = _Absent(frozenset(name for name in names if name not in sys.modules))
    _Absent.used |= bool(finder.names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Absent:
    """A finder that says of some names that they are not installed."""

    used = False

    def __init__(self, names: "frozenset[str]") -> None:
        self.names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in self.names:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)


def _execute(path: Path, relative: str) -> ModuleType:
    """Run the user's file as a module whose name follows its path, unless that name is taken."""
    name = ".".join(Path(relative).with_suffix("").parts)
    if name.partition(".")[0] in sys.modules or name.partition(".")[0] in sys.stdlib_module_names:
        name = "the_users_" + name.replace(".", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Stop("it is no Python file", relative, "name a file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def engine(name: str) -> Any:
    """One of the files in `engines/` beside this one."""
    path = Path(__file__).with_name("engines") / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"assay_engine_{name}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise Stop(f"the engine '{name}' is missing from this installation", str(path), "install assay again")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


ENGINES = {"polars": "columnar", "pandas": "whole", "ibis": "duck", "pyspark": "spark"}


def contract(root: Path, payload: "dict[str, Any]") -> "dict[str, Any]":
    """Try a pandera model on Parquet files: `{contract, paths, key, examples}` -> `{backend, rows, failures}`."""
    target = payload["contract"]
    model = load(root, target)
    schema = model.to_schema() if isinstance(model, type) and hasattr(model, "to_schema") else model
    backend = _backend(schema)
    if backend not in ENGINES:
        advice = "derive it from the DataFrameModel of pandera.polars, pandera.ibis, pandera.pyspark or pandera.pandas"
        raise Stop(f"'{target.rpartition(':')[2]}' is no pandera model", target.rpartition(":")[0], advice)

    def found(error: BaseException) -> str:
        problem = describe(error, root)
        return problem["what"] + (f" ({problem['where']})" if problem["where"] else "")

    found_facts: dict[str, Any] = engine(ENGINES[backend]).check(schema, payload["paths"], payload["key"], found)
    return {"backend": backend, **found_facts}


def _backend(schema: Any) -> str:
    modules = [base.__module__.split(".") for base in type(schema).__mro__]
    return next((parts[2] for parts in modules if parts[:2] == ["pandera", "api"] and len(parts) == 4), "")


def metric(root: Path, payload: "dict[str, Any]") -> "dict[str, Any]":
    """Call `path.py:function(frame)` on each Parquet or Arrow file: `{function, frames}` -> `{values, problems}`.

    Both lists are as long as `frames`: a finite number and None, or None and what was wrong.
    """
    function = load(root, payload["function"])
    if not callable(function):
        raise Stop("it is no function", payload["function"], "name a function that takes a polars DataFrame")
    values: list[float | None] = []
    problems: list[dict[str, str] | None] = []
    for path in payload["frames"]:
        value, problem = _call(function, _frame(path), root)
        values.append(value)
        problems.append(problem)
    return {"values": values, "problems": problems}


def _frame(path: str) -> Any:
    import polars as pl

    return pl.read_parquet(path, glob=False) if path.endswith(".parquet") else pl.read_ipc(path)


def _call(function: "Callable[[Any], Any]", frame: Any, root: Path) -> "tuple[float | None, dict[str, str] | None]":
    advice = "let the function return one finite number"
    try:
        answer = function(frame)
        value = float(answer)
    except (TypeError, ValueError) as error:
        where = place(error, root)
        if where:
            return None, describe(error, root)
        return None, {"what": f"it returned {type(answer).__name__} where a number is needed", "where": "", "next": advice}
    except BaseException as error:  # one frame's failure must not take the other's value with it
        return None, describe(error, root)
    if value != value or value in (float("inf"), float("-inf")):
        return None, {"what": f"it returned {value}", "where": "", "next": advice}
    return value, None


TASKS = {"contract": contract, "metric": metric}

if __name__ == "__main__":
    main()
