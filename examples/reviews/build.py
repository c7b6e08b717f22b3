"""Builds the example: `python -m examples.reviews.build reviews/` makes the repository `reviews/`."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from examples.flights.build import environment
from examples.reviews import source
from policy.problems import Problem, UserProblem

PROJECT = Path(__file__).parent / "project"
DATA = Path("data") / "reviews.csv"


@dataclass(frozen=True)
class Branch:
    """A change that waits for a verdict, and what must come of it."""

    name: str
    message: str
    rows: Sequence[source.Row]
    status: str
    shows: tuple[str, ...]
    """Reason codes that must be in the verdict."""


_OLD = source.reviews(0, source.FIRST)
BRANCHES = (
    Branch("more-reviews", "Add the reviews of July", [*_OLD, *source.reviews(source.FIRST, 900)], "passed", ("words-hold",)),
    Branch(
        "hotels",
        "Add the reviews of our hotels",
        [*_OLD, *((number + source.FIRST, text) for number, text in source.reviews(0, 500, hotels=True))],
        "failed",
        ("words-moved",),
    ),
    Branch(
        "bad-export",
        "Export the reviews with the new tool",
        source.damaged(_OLD),
        "failed",
        ("texts-broken", "texts-language", "texts-length", "texts-alike"),
    ),
)


def build(target: Path) -> Path:
    """Build the repository, on `main`, in a folder that is absent or empty.

    Raises UserProblem where the folder holds something.
    """
    target = target.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserProblem("the folder is not empty", str(target), "Name another folder")
    shutil.copytree(PROJECT, target, dirs_exist_ok=True)
    with tempfile.TemporaryDirectory() as nothing:
        env = environment(Path(nothing)) | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}

        def run(*command: str) -> None:
            subprocess.run(command, cwd=target, env=env, check=True, capture_output=True)

        def commit(rows: Sequence[source.Row], message: str) -> None:
            source.write(target / DATA, rows)
            run("git", "add", "--all")
            run("git", "commit", "--quiet", "--message", message)

        run("git", "init", "--quiet", "--initial-branch=main")
        run("dvc", "init", "--quiet")
        commit(_OLD, "Collect reviews of flights")
        for branch in BRANCHES:
            run("git", "switch", "--quiet", "--create", branch.name, "main")
            commit(branch.rows, branch.message)
        run("git", "switch", "--quiet", "main")
    return target


def main() -> int:
    """The command line: one optional argument, the folder."""
    try:
        work = build(Path(sys.argv[1] if len(sys.argv) > 1 else "reviews"))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    print(f"built {work}: {', '.join(branch.name for branch in BRANCHES)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
