"""Writes what a check leaves behind: five files, each whole or not at all."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policy.facts import Facts
from policy.facts.reading import write as facts_bytes
from policy.problems import UserProblem
from policy.verdict import Verdict
from reports import comment, page, plot_facts, summary
from reports.plots import Picture

_IGNORE = "# Written by assay: what a check leaves here is not for git; templates are.\n/*\n!/templates/\n"


@dataclass(frozen=True)
class Written:
    """Where the files are."""

    facts: Path
    verdict: Path
    comment: Path
    summary: Path
    page: Path


def write_all(out: Path, facts: Facts, verdict: Verdict, templates: dict[str, str], images: Sequence[Picture] = ()) -> Written:
    """Write facts, verdict, comment, summary and page into `out`. The page shows the facts' plots, then `images`.

    Raises UserProblem where the folder cannot be written, or an overridden template is wrong.
    """
    text = comment.render(facts, verdict, templates=templates)
    contents = {
        "facts.json": facts_bytes(facts),
        "verdict.json": (verdict.model_dump_json(indent=1, exclude_defaults=True) + "\n").encode(),
        "comment.md": text.encode(),
        "summary.md": summary.render(facts, verdict, templates=templates).encode(),
        "report.html": page.render(facts, verdict, comment=text, plots=[*plot_facts.pictures(facts), *images]).encode(),
    }
    make(out)
    try:
        for name, raw in contents.items():
            write(out / name, raw)
    except OSError as error:
        raise UserProblem(f"cannot write ({error.strerror})", str(out), "Name another folder with --out") from None
    return Written(*(out / name for name in contents))


def make(out: Path) -> None:
    """Make the folder; `.assay` tells git to ignore what is in it. Raises UserProblem where it cannot be made."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if out.name == ".assay" and not (out / ".gitignore").exists():
            write(out / ".gitignore", _IGNORE.encode())
    except OSError as error:
        raise UserProblem(f"cannot write ({error.strerror})", str(out), "Name another folder with --out") from None


def write(path: Path, raw: bytes) -> None:
    """Write a file atomically: a reader, or a Ctrl-C, finds the old content or the new one, never half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        # mkstemp gives 0600; a report is for everyone who may read the folder.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
