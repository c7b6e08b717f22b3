"""The demo's second half: branches of the flights project as pull requests, through the real workflow files.

`python -m tests.e2e.demo [TARGET]`, after `assay demo [TARGET]`. A GitHub on loopback, a real runner, one comment each.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from assay import progress
from examples.flights.branches import BRANCHES, EXPECTED
from examples.flights.build import MARKER, Demo
from policy.problems import Problem, UserProblem
from reports import github
from reports.html import environment, stylesheet
from tests.e2e.acting import Runner
from tests.e2e.flights import Flights, Posted, headline, status_of
from tests.loopback.server import running

SHOWN = (("worse-model", True), ("corrupt-data", False), ("readme-only", False))
"""Branches, and whether they come from a fork."""

_TEMPLATE = Path(__file__).with_name("pulls.html.j2")


def show(target: Path) -> list[str]:
    """Let each branch of `SHOWN` go through its pull request, write `pulls.html`, and tell what was not as promised.

    Raises:
        UserProblem: the folder holds no demo.
    """
    target = target.resolve()
    if not (target / MARKER).is_file() or not (target / "flights").is_dir():
        raise UserProblem("there is no demo in this folder", str(target), f"Run: assay demo {target}")
    demo = Demo(target, target / "flights", target / "remote")
    folder = target / "runner"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    posted, wrong = [], []
    with running() as server:
        flights = Flights(server, Runner(folder), demo)
        for branch, fork in SHOWN:
            title = next(each.message for each in BRANCHES if each.name == branch)
            with progress.shown() as shown:
                found = flights.through(branch, title, shown, fork=fork)
            posted.append(found)
            print(line(found), flush=True)
            (folder / f"{branch}.log").write_text("\n".join(found.logs), encoding="utf-8")
            if not as_promised(branch, found):
                wrong.append(f"{found.head} (log: {folder / f'{branch}.log'})")
    (target / "pulls.html").write_text(page(posted), encoding="utf-8")
    return wrong


def as_promised(branch: str, posted: Posted) -> bool:
    """Whether there is one comment, with the verdict that the branch must get."""
    status = next(expected.status for expected in EXPECTED if expected.branch == branch)
    return [status_of(comment) for comment in posted.comments] == [status]


def line(posted: Posted) -> str:
    """One pull request in a line."""
    names = {word: [name for name, found in posted.checks.items() if found == word] for word in posted.checks.values()}
    checks = "; ".join(f"{word}: {', '.join(those)}" for word, those in sorted(names.items()))
    said = " | ".join(headline(comment) for comment in posted.comments)
    return f"#{posted.number} {posted.head} ({checks}) {posted.requests} requests, {posted.seconds:.0f} s  {said}"


def page(pulls: Sequence[Posted]) -> str:
    """The pull requests as GitHub would show them. No script, no request."""
    made = environment().overlay()
    made.filters = {**made.filters, "github": github.to_html}
    return made.from_string(_TEMPLATE.read_text("utf-8")).render(
        style=stylesheet("page.css", "github.css", "gallery.css"), pulls=pulls
    )


def main(arguments: Sequence[str]) -> int:
    """The command line: one optional argument, the folder of the demo."""
    target = Path(next((each for each in arguments if not each.startswith("-")), "demo"))
    started = perf_counter()
    print("\nThe same branches as pull requests: a GitHub on loopback, and the real workflow files on a runner", flush=True)
    try:
        wrong = show(target)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    print(
        f"\n{perf_counter() - started:.0f} s. The comments and checks, as they were posted: {(target / 'pulls.html').resolve()}"
    )
    if wrong:
        print(f"not as promised: {', '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
