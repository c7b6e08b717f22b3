"""The house keeps its plan: floors, names, tests, sizes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("policy", "reports", "actions", "bot", "assay")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.name != "__init__.py")

LONG_FOR_A_REASON = {"policy/reasons.py": "one table of every reason; splitting it would hide doubles"}
"""Files over 400 lines, each with the reason why it is one purpose."""

TESTED_ELSEWHERE = {
    "actions/progress.py": "a protocol and its silent twin, used by every action's test",
    "actions/datafile.py": "two records, used by every test of the repository and the frames",
    "policy/models.py": "base classes, exercised by every section's test",
    "actions/data/gather.py": "asks the rooms around it about real repositories in tests/actions/test_check.py",
    "assay/__main__.py": "tests/e2e/test_wheel.py starts it among hostile modules",
    "assay/files.py": "tests/assay/verbs/test_drift.py names files and folders on the command line",
    "assay/options.py": "five typer options, used by the test of every verb",
    "assay/judge.py": "tests/assay/verbs/test_check.py, through every exit code",
    "assay/verbs/demo.py": "tests/examples/flights checks each branch; tests/assay/verbs/test_demo.py runs the verb",
    "bot/registered.py": "a protocol, which assay/registered.py keeps, held by mypy",
    "bot/handlers/handler.py": "the protocol that every handler keeps, held by mypy",
    "policy/problems.py": "exercised by every test of an error",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_has_a_test_of_its_name(path: Path) -> None:
    name = _name(path)
    expected = ROOT / "tests" / Path(name).parent / f"test_{path.stem.strip('_')}.py"
    package = ROOT / "tests" / Path(name).parent
    covered = any(name.removesuffix(".py").replace("/", ".") in test.read_text("utf-8") for test in package.glob("test_*.py"))
    assert expected.is_file() or covered or name in TESTED_ELSEWHERE, f"{name} has no test: write {expected.relative_to(ROOT)}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_file_over_400_lines_has_a_written_reason(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 400 or _name(path) in LONG_FOR_A_REASON, f"{_name(path)} has {lines} lines: does it hold two rooms?"


def test_no_reason_or_exception_outlives_its_file() -> None:
    names = {_name(path) for path in MODULES}
    assert set(LONG_FOR_A_REASON) | set(TESTED_ELSEWHERE) <= names


def test_there_is_no_room_for_leftovers() -> None:
    assert not [path for path in MODULES if path.stem in ("utils", "util", "helpers", "common", "constants", "misc")]


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_and_every_public_thing_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    silent = [node.name for node in public if not ast.get_docstring(node)]
    assert ast.get_docstring(tree), f"{_name(path)} does not say what it is for"
    assert not silent, f"{_name(path)}: {', '.join(silent)} without a docstring"


def test_only_the_repository_starts_git_and_dvc() -> None:
    def starts(path: Path) -> bool:
        return any(
            isinstance(node, ast.List)
            and node.elts
            and isinstance(node.elts[0], ast.Constant)
            and node.elts[0].value in ("git", "dvc")
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )

    outsiders = [_name(path) for path in MODULES if starts(path) and not _name(path).startswith("actions/repository")]
    assert not outsiders


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_floors_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, env={"PYTHONPATH": "."}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
