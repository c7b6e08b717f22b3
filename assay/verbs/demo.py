"""`assay demo`: a real project, each of its branches checked, the reports to look at."""

import os
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from actions.check import check
from actions.progress import Progress
from actions.repository import Repository
from assay import output, progress, terminal
from assay.judge import templates
from policy.verdict import Verdict, decide
from reports import gallery

if TYPE_CHECKING:
    from examples.flights.build import Demo

Target = Annotated[Path, typer.Argument(help="The folder to build it in; an earlier demo there is replaced.")]


def command(target: Target = Path("demo")) -> int:
    """Build the flights project and check each of its branches: what goes right, what goes wrong, what is only noise.

    The data are the 336,776 flights that left New York in 2013, with the weather. Takes less than two minutes.

    Examples: `assay demo`, `assay demo /tmp/demo`.
    """
    from examples.flights.branches import EXPECTED
    from examples.flights.build import build

    console = Console(highlight=False, soft_wrap=True)
    started = perf_counter()
    with progress.shown() as shown:
        demo = build(target, _Named(shown, "building"))
        _environment(demo)
    entries, unexpected = [], []
    for expected in EXPECTED:
        entry, verdict = _branch(demo, expected.branch, expected.story)
        entries.append(entry)
        mark = terminal.MARKS[verdict.result.status]
        console.print(
            f"{mark} [bold]{expected.branch:13}[/] {verdict.result.status:8} {escape(terminal.sentence(verdict.result))}"
        )
        if verdict.result.status != expected.status:
            unexpected.append(expected.branch)
    page = demo.root / "index.html"
    output.write(page, gallery.render(entries).encode())
    console.print(f"\n{perf_counter() - started:.0f} s. The reports, as they would look on GitHub: {page}")
    if unexpected:
        console.print(f"[red]not the verdict that was promised: {', '.join(unexpected)}[/]")
    return 1 if unexpected else 0


def _environment(demo: "Demo") -> None:
    """The environment that a user of the project would work in: its python and dvc first, one store for all runs."""
    os.environ.setdefault("MLFLOW_TRACKING_URI", demo.tracking_uri)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def _branch(demo: "Demo", branch: str, story: str) -> tuple[gallery.Entry, Verdict]:
    from examples.flights.clones import clone

    with progress.shown() as shown:
        shown.step(f"{branch}: cloning")
        repository = Repository.open(clone(demo, branch, demo.root / "clones" / branch))
        checked = check(repository, "main", _Named(shown, branch))
        verdict = decide(checked.policy, checked.facts)
        base = templates(repository, checked.facts.revision.base)
        written = output.write_all(demo.root / "reports" / branch, checked.facts, verdict, base, checked.images)
        repository.close()
    entry = gallery.Entry(
        branch=branch,
        story=story,
        facts=checked.facts,
        verdict=verdict,
        comment=written.comment.read_text(encoding="utf-8"),
        report=written.page.relative_to(demo.root).as_posix(),
    )
    return entry, verdict


class _Named:
    """Progress that says which branch it is about."""

    def __init__(self, shown: Progress, branch: str) -> None:
        self.shown, self.branch = shown, branch

    def step(self, text: str) -> None:
        """A new step of this branch."""
        self.shown.step(f"{self.branch}: {text}")

    def line(self, text: str) -> None:
        """Lines of programs only where somebody watches them move."""
        if sys.stderr.isatty():
            self.shown.line(text)
