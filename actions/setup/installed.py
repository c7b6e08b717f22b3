"""What is installed: the versions that Assay was built for, and the extras that the policy's features need."""

import platform
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from actions.setup.finding import Finding
from policy.document import Policy

OLDEST_PYTHON = (3, 11)
OLDEST_DVC = (3, 60)

_EXTRAS = (
    ("fairlearn", "fairness", "`evaluate.fairness`"),
    ("vl_convert", "charts", "plots as images"),
    ("github", "github", "`assay publish`"),
)
_NEEDED_FOR_THE_POLICY = "fairlearn"


def look(policy: Policy | None, find: Callable[[str], object] = find_spec) -> Iterator[Finding]:
    """Versions, and what is missing. What the policy asks for and cannot be computed here is an error."""
    yield _python()
    yield _dvc()
    if policy is not None and policy.train is not None and shutil.which("dvc") is None:
        cure = "Install dvc in the environment that your stages run in, and activate it"
        yield Finding("dvc-command", "error", "there is no `dvc` on the PATH, so no stage can be reproduced", cure)
    for module, extra, feature in _EXTRAS:
        if find(module) is not None:
            continue
        asked = module == _NEEDED_FOR_THE_POLICY
        if asked and not (policy and policy.evaluate and policy.evaluate.fairness):
            continue
        what = f"{feature} needs the extra `{extra}`, which is not installed"
        yield Finding(
            "extras",
            "error" if asked else "note",
            what,
            f"Install assay[{extra}]" if asked else f"Install assay[{extra}] to have it",
        )


def _python() -> Finding:
    found = tuple(int(part) for part in platform.python_version_tuple()[:2])
    if found < OLDEST_PYTHON:
        return Finding("python", "error", f"Python {platform.python_version()} is too old", "Install Python 3.11 or newer")
    return Finding("python", "ok", f"Python {platform.python_version()}")


def _dvc() -> Finding:
    try:
        told = version("dvc")
    except PackageNotFoundError:
        return Finding("dvc-version", "error", "DVC is not installed beside Assay", "Install assay again")
    digits = tuple(int(part) if part.isdigit() else 0 for part in told.split(".")[:2])
    if digits < OLDEST_DVC:
        return Finding("dvc-version", "error", f"DVC {told} is too old", "Install dvc 3.60 or newer")
    return Finding("dvc-version", "ok", f"DVC {told}")
