"""What the user's stages may see of our environment, and what of it must never be shown."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

# Tokens, and the files and addresses by which a step speaks to its runner: a stage could forge our outputs through them.
_DROPPED = frozenset(
    {
        *("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_ENTERPRISE_TOKEN"),
        "ASSAY_TUNE_STORAGE",  # the address of a database, with its password
        *("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"),
        # Which interpreter we are would mislead the user's; which modules theirs finds (PYTHONPATH) is their own affair.
        *("PYTHONHOME", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"),
    }
)
_SECRET_NAME = re.compile(
    r"TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|(^|_)(KEY|AUTH|PWD|PASS)($|_)", re.IGNORECASE
)
_SHORTEST_SECRET = 6


def for_stages(environment: Mapping[str, str]) -> dict[str, str]:
    """The user's environment without GitHub's tokens, the trials' database, the runner's channels and what makes our Python ours.

    Python stages are asked not to buffer their output, so that it is seen when it is written.
    """
    kept = {
        name: value for name, value in environment.items() if name not in _DROPPED and not name.startswith(("ACTIONS_", "INPUT_"))
    }
    return {"PYTHONUNBUFFERED": "1", **kept, "DVC_NO_ANALYTICS": "1"}


def secrets(environment: Mapping[str, str]) -> list[str]:
    """Values that must not be shown: of variables whose names sound secret, and passwords inside addresses. Longest first."""
    found: set[str] = set()
    for name, value in environment.items():
        if _SECRET_NAME.search(name) and name not in ("PWD", "OLDPWD"):
            found.update(line.strip() for line in value.splitlines())
        found.add(_password(value))
    return sorted((value for value in found if len(value) >= _SHORTEST_SECRET), key=lambda value: (-len(value), value))


def _password(value: str) -> str:
    if "://" not in value:
        return ""
    try:
        return urlsplit(value).password or ""
    except ValueError:
        return ""
