"""Runs the user's command that follows a promotion: in a process group of its own, with no secret but those given by name."""

import tempfile
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from actions.progress import Progress
from actions.train.environment import secrets
from actions.train.output import clean
from actions.train.process import Watched, terminations_as_interrupts
from actions.workers import clean as harmless
from policy.problems import UserProblem
from policy.promotion import Promote, address
from policy.training import span

_MOST = 64 * 1024
"""Bytes of what the command leaves that are read."""
_LAST = 3
"""Lines of its output that a failure tells."""


class NotDeployed(UserProblem):
    """The command did not do what it should. Exit code 1."""

    exit_code = 1


def prepared(section: Promote, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment that the command may see. Raises UserProblem where the job has not what the policy names."""
    if missing := [name for name in section.env if name not in environ]:
        what = f"the job does not set {', '.join(missing[:10])}"
        raise UserProblem(what, "assay.yml: promote.env", "Set it in `env` of the step, or take it out of the list")
    return {"PYTHONUNBUFFERED": "1", **harmless(environ), **{name: environ[name] for name in section.env}}


def run(section: Promote, folder: Path, around: Mapping[str, str], told: Mapping[str, str], progress: Progress) -> str | None:
    """Run it in a folder, and give the address that it left in the file that `ASSAY_OUTPUT` names, if it did.

    `around` is what `prepared` gave, and `told` are the variables about the promotion.

    Raises:
        NotDeployed: it ended with another code than 0, or took longer than it may.
        KeyboardInterrupt: after Ctrl-C or a termination, when it is stopped.
    """
    progress.step(f"running {section.run[:60]}")
    with tempfile.TemporaryDirectory(prefix="assay-promote-") as scratch:
        output = Path(scratch, "output")
        output.touch()
        environment = {**around, **told, "ASSAY_OUTPUT": str(output)}
        code, last = _follow(section, folder, environment, progress)
        said = f": {' · '.join(last)}" if last else ""
        if code is None:
            raise NotDeployed(f"it was stopped after {span(section.timeout.total_seconds())}{said}", "promote.run")
        if code:
            raise NotDeployed(f"it ended with exit code {code}{said}", "promote.run")
        return _address(output)


def _address(output: Path) -> str | None:
    try:
        with output.open("rb") as file:
            return address(file.read(_MOST).decode("utf-8", "replace"))
    except OSError:
        return None  # the command did away with it


def _follow(section: Promote, folder: Path, environment: Mapping[str, str], progress: Progress) -> tuple[int | None, list[str]]:
    """The exit code, None where time ran out, and the last lines that were printed."""
    hidden, last = secrets(environment), deque[str](maxlen=_LAST)
    late = time.monotonic() + section.timeout.total_seconds()
    with terminations_as_interrupts():
        program = Watched(["sh", "-c", section.run], folder, environment)
        try:
            for found in program.lines():
                if found is not None and (text := clean(found[1], hidden)):
                    progress.line(text)
                    last.append(text[:200])
                if time.monotonic() > late:
                    program.stop()
                    return None, list(last)
        except KeyboardInterrupt:
            program.stop()
            raise
        return program.wait(), list(last)
