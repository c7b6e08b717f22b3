"""What a job of GitHub Actions tells a verb, and is told by it. On a laptop there is none, and nothing is told."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def default_branch(root: Path, environ: Mapping[str, str]) -> str:
    """The default branch: as the event of a runner names it, else as `origin` did when it was cloned."""
    from actions.repository.remotes import default_branch

    try:
        event: Any = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_bytes())
        return str(event["repository"]["default_branch"])
    except (KeyError, TypeError, OSError, ValueError):
        return default_branch(root)


_MOST_SUMMARY = 1024 * 1024
"""Bytes of a job's summary; GitHub drops a longer one whole."""


def summary(environ: Mapping[str, str], text: str) -> None:
    """Add Markdown to the summary of the job, for whoever looks at its run; one that is too long is left out."""
    path = environ.get("GITHUB_STEP_SUMMARY")
    if path and len(text.encode()) <= _MOST_SUMMARY:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")


def output(environ: Mapping[str, str], name: str, value: str) -> None:
    """Give the step an output of one line. Raises ValueError for several lines, which could forge another output."""
    if not (value.isprintable() and name.isprintable()) or "=" in name:
        raise ValueError(f"the output {name!r} is more than a line")
    if path := environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{name}={value}\n")
