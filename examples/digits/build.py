"""Builds the example: `python -m examples.digits.build digits/` makes `digits/project` and its DVC remote `digits/remote`."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from examples.digits import source
from examples.flights.build import environment
from policy.problems import Problem, UserProblem

PROJECT = Path(__file__).parent / "project"
DATA = Path("data") / "digits"


@dataclass(frozen=True)
class Branch:
    """A change that waits for a verdict, and what must come of it."""

    name: str
    message: str
    change: Callable[[Path], object]
    status: str
    shows: tuple[str, ...]
    """Reason codes that must be among the causes."""


def _more(folder: Path) -> None:
    source.write(folder, source.FIRST, 10_000)


def _darker(folder: Path) -> None:
    source.write(folder, 0, source.FIRST, light=0.4)


BRANCHES = (
    Branch("more-digits", "Add the digits of the second writer", _more, "passed", ()),
    Branch("darker", "Scan everything anew", _darker, "failed", ("drift-moved-far",)),
    Branch(
        "bad-copy", "Copy the images to the new disk", source.damage, "failed", ("images-broken", "images-mode", "images-few")
    ),
)


def build(target: Path) -> Path:
    """Build it in a folder that is absent or empty; the repository, on `main`, reproduced and pushed.

    Raises UserProblem where the folder holds something.
    """
    target = target.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserProblem("the folder is not empty", str(target), "Name another folder")
    work = target / "project"
    shutil.copytree(PROJECT, work, ignore=shutil.ignore_patterns("__pycache__"))
    with tempfile.TemporaryDirectory() as nothing:
        env = environment(Path(nothing)) | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}

        def run(*command: str) -> None:
            subprocess.run(command, cwd=work, env=env, check=True, capture_output=True)

        def commit(message: str) -> None:
            run("dvc", "add", "--quiet", str(DATA))
            run("git", "add", "--all")
            run("git", "commit", "--quiet", "--message", message)

        run("git", "init", "--quiet", "--initial-branch=main")
        run("dvc", "init", "--quiet")
        run("dvc", "remote", "add", "--default", "storage", str(target / "remote"))
        source.write(work / DATA, 0, source.FIRST)
        run("dvc", "add", "--quiet", str(DATA))
        run("dvc", "repro", "--quiet")
        commit("Read handwritten digits")
        for branch in BRANCHES:
            run("git", "switch", "--quiet", "--create", branch.name, "main")
            branch.change(work / DATA)
            commit(branch.message)
            run("git", "switch", "--quiet", "main")
            run("dvc", "checkout", "--quiet", "--force")
        run("dvc", "push", "--quiet", "--all-branches")
    return work


def main() -> int:
    """The command line: one optional argument, the folder."""
    try:
        work = build(Path(sys.argv[1] if len(sys.argv) > 1 else "digits"))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    print(f"built {work}: {', '.join(branch.name for branch in BRANCHES)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
