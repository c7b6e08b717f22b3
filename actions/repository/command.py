"""The user's own `dvc`, as a command line: stages run in the user's environment, never in ours."""

import shutil
from collections.abc import Mapping, Sequence

from policy.problems import UserProblem


def reproduce(environment: Mapping[str, str], targets: Sequence[str], *, pull: bool) -> list[str]:
    """The command that brings targets (none: the whole pipeline) up to date, with the `dvc` that the environment finds.

    `--allow-missing` leaves stages alone whose data is merely not here; `--pull` gets what the others need, and the run
    cache, and nothing else.

    Raises:
        UserProblem: there is no dvc on PATH.
    """
    found = shutil.which("dvc", path=environment.get("PATH", ""))
    if found is None:
        raise UserProblem(
            "dvc is not on PATH, so the stages cannot run in your environment",
            next="Activate the environment of your project, or install dvc there (`pip install dvc`)",
        )
    options = ["--allow-missing", *(["--pull"] if pull else [])]
    return [found, "repro", *options, "--", *targets] if targets else [found, "repro", *options]
