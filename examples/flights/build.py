"""Builds the demo: `python -m examples.flights.build demo/`, or `build(Path("demo"), progress)`."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from actions.progress import Progress
from examples.flights.branches import BRANCHES, Branch
from policy.problems import OutsideProblem, Problem, UserProblem

MARKER = ".assay-demo"
"""A file that tells a folder of ours, which may be replaced, from one of the user's."""

STEP = "» "
"""What a line of progress from the process that builds begins with."""

_CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Demo:
    """A demo that was built: its repository on `main`, its DVC remote, and its branches."""

    root: Path
    repository: Path
    remote: Path
    branches: tuple[Branch, ...] = BRANCHES

    @property
    def tracking_uri(self) -> str:
        """Where the runs are logged."""
        return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{self.repository / 'mlflow.db'}"


def build(target: Path, progress: Progress) -> Demo:
    """Build the demo in a folder that is absent, empty, or an earlier demo (which it replaces).

    Raises:
        UserProblem: the folder holds something else.
        OutsideProblem: git, DVC or a stage failed; what they printed last is named.
    """
    target = target.resolve()
    _clear(target)
    target.mkdir(parents=True, exist_ok=True)
    (target / MARKER).write_text("made by examples/flights/build.py; may be replaced at any time\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as nothing:
        _assemble(target, environment(Path(nothing)), progress)
    return Demo(target, target / "flights", target / "remote")


def environment(nothing: Path) -> dict[str, str]:
    """Where the user's own git, DVC and Python settings change nothing; `nothing` is an empty folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "DVC_", "PYTHON"))}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada Lindqvist",
        "GIT_AUTHOR_EMAIL": "ada@acme.example",
        "GIT_COMMITTER_NAME": "Ada Lindqvist",
        "GIT_COMMITTER_EMAIL": "ada@acme.example",
        "DVC_NO_ANALYTICS": "1",
        "DVC_GLOBAL_CONFIG_DIR": str(nothing),
        "DVC_SYSTEM_CONFIG_DIR": str(nothing),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONUNBUFFERED": "1",
    }


def _clear(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise UserProblem("the demo needs a folder, and this is a file", str(target), "Name another folder")
    if not any(target.iterdir()):
        return
    if not (target / MARKER).is_file():
        raise UserProblem("the folder is not empty and was not made by the demo", str(target), "Name another folder, or empty it")
    shutil.rmtree(target)


def _assemble(target: Path, env: dict[str, str], progress: Progress) -> None:
    command = (sys.executable, "-m", "examples.flights.assemble", str(target))
    last: deque[str] = deque(maxlen=15)
    with subprocess.Popen(
        command, cwd=_CHECKOUT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    ) as child:
        try:
            for line in child.stdout or ():
                text = line.rstrip("\n")
                if text.startswith(STEP):
                    progress.step(text.removeprefix(STEP))
                else:
                    last.append(text)
                    progress.line(text)
        except BaseException:
            child.terminate()
            raise
    if child.returncode:
        said = "\n".join(last)
        raise OutsideProblem(
            f"the demo could not be built:\n{said}", str(target), "Mend what the last lines name, then try again"
        )


class _Printed:
    """Progress as lines on standard output."""

    def step(self, text: str) -> None:
        print(f"  {text}", flush=True)

    def line(self, text: str) -> None:
        """What programs print is shown only where they fail."""


def main() -> int:
    """The command line: one optional argument, the folder."""
    try:
        demo = build(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"), _Printed())
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    print(f"built {demo.repository}: {', '.join(branch.name for branch in demo.branches)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
