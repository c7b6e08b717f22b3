"""The user's own `dvc`, as a command line: stages run in the user's environment, never in ours."""

import shutil
from collections.abc import Mapping, Sequence

from policy.problems import UserProblem


def reproduce(
    environment: Mapping[str, str], targets: Sequence[str], *, pull: bool, single: bool = False, full: bool = False
) -> list[str]:
    """The command that brings targets (none: the whole pipeline) up to date, with the `dvc` that the environment finds.

    `--allow-missing` leaves stages alone whose data is merely not here; `--pull` gets what the others need, and the run
    cache, and nothing else. `single` runs the targets without what they need, `full` runs also what did not change.

    Raises:
        UserProblem: there is no dvc on PATH.
    """
    options = ["--allow-missing"] * (not full) + ["--pull"] * pull + ["--single-item"] * single + ["--force"] * full
    return [_found(environment), "repro", *options, *(["--", *targets] if targets else [])]


def pull(environment: Mapping[str, str], targets: Sequence[str]) -> list[str]:
    """The command that brings data from DVC's remote into the work tree. Raises UserProblem where there is no dvc on PATH."""
    return [_found(environment), "pull", "--", *targets]


def push(environment: Mapping[str, str], targets: Sequence[str]) -> list[str]:
    """The command that brings what the targets made to DVC's remote. Raises UserProblem where there is no dvc on PATH."""
    return [_found(environment), "push", "--", *targets]


def update(environment: Mapping[str, str], targets: Sequence[str]) -> list[str]:
    """The command that brings imports to what their sources have now. Raises UserProblem where there is no dvc on PATH."""
    return [_found(environment), "update", "--", *targets]


def _found(environment: Mapping[str, str]) -> str:
    found = shutil.which("dvc", path=environment.get("PATH", ""))
    if found is None:
        raise UserProblem(
            "dvc is not on PATH, so the stages cannot run in your environment",
            next="Activate the environment of your project, or install dvc there (`pip install dvc`)",
        )
    return found
