"""What the verbs that judge share: open the repository, gather, judge, write, print, and the exit code."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import typer

from actions import runner
from actions.check import PARTS, Checked, Options, Part, check
from actions.progress import Progress
from actions.repository import Repository
from actions.request import must_be
from assay import output, progress, terminal
from policy import document
from policy.facts import Facts
from policy.facts.request import Request
from policy.problems import Problem
from policy.reasons import Reason
from policy.verdict import Verdict, decide

TEMPLATES = ".assay/templates"
COMMIT = "commit.json"
"""Beside the facts: what `assay commit` puts on the branch."""


class Work(Protocol):
    """What a verb does to the work tree besides checking it."""

    def begin(self, repository: Repository, progress: Progress) -> None:
        """Before anything is looked at."""

    def end(self, repository: Repository, facts: Facts, verdict: Verdict, target: Path, progress: Progress) -> None:
        """Once it was judged; `target` is where `commit.json` is left, beside the facts."""


def judge(folder: Path, base: str, out: Path, as_json: bool, options: Options, work: Work | None = None) -> int:
    """Run a check and print its verdict; the exit code says how it came out."""
    here = runner.present(os.environ, sys.stderr if as_json else sys.stdout)
    with shown_on(here, as_json) as shown:
        repository = Repository.open(folder)
        if options.request:
            must_be(repository, options.request)
        if work:
            work.begin(repository, shown)
        checked = check(repository, base, shown, options)
        if here:
            checked = replace(checked, facts=here.named(checked.facts))
        verdict = decide(checked.policy, checked.facts, only=options.parts if options.parts != frozenset(PARTS) else None)
        written = leave(repository, out, checked, verdict, shown, here)
        target = written.facts.with_name(COMMIT)
        if options.request and options.request.arguments.commit and verdict.passed:
            _keep(repository, checked.facts, options.request, target, shown)
        if work:
            work.end(repository, checked.facts, verdict, target, shown)
    with here.deaf() if here else nullcontext():
        _print(checked.facts, verdict, written, as_json)
    return exit_code(checked, verdict)


def leave(
    repository: Repository, out: Path, checked: Checked, verdict: Verdict, progress: Progress, here: runner.Runner | None
) -> output.Written:
    """Write what a check leaves behind, and tell the runner of it where we are on one."""
    progress.step("drawing the report")
    written = output.write_all(
        *(inside(repository, out), checked.facts, verdict, templates(repository, checked.facts.revision.base)),
        images=checked.images,
    )
    if here:
        files = {"facts": written.facts, "report": written.page, "summary": written.summary}
        here.tell(verdict, checked.facts, folder=repository.root, policy_text=_policy_text(repository), out=files)
    return written


def _keep(repository: Repository, facts: Facts, request: Request, target: Path, progress: Progress) -> None:
    """Push what a run made, and leave for the job that may write what it is to commit. What fails its gates is not kept."""
    from actions.train.results import made, pack
    from actions.train.transfer import send
    from policy.facts import commit

    packed = commit.write(pack(repository, facts, request))
    send(repository, made(facts), progress)
    output.write(target, packed)


@contextmanager
def shown_on(here: runner.Runner | None, as_json: bool) -> Iterator[Progress]:
    """Progress as groups of a runner's log, or for whoever watches."""
    if here is None:
        with progress.shown(quiet=as_json) as shown:
            yield shown
    else:
        with here.deaf():
            yield here


def _print(facts: Facts, verdict: Verdict, written: output.Written, as_json: bool) -> None:
    if as_json:
        typer.echo(verdict.model_dump_json(indent=1))
    else:
        terminal.show(verdict)
        if facts.newest is not None:
            terminal.show_newest(facts.newest)
        typer.echo(f"\nreport: {written.page}\ncomment: {written.comment}")


def _policy_text(repository: Repository) -> str:
    """The policy as the change has it, for the lines of annotations."""
    try:
        return (repository.read(document.FILE_NAME) or b"").decode("utf-8", "replace")
    except Problem:  # such as a symbolic link that leads out
        return ""


def exit_code(checked: Checked, verdict: Verdict) -> int:
    """0 passed, 1 failed, 3 where something outside kept a part from being computed."""
    pipeline = checked.facts.pipeline
    away = not verdict.passed and pipeline is not None and pipeline.problem is Reason.REMOTE_UNREACHABLE
    if away or any(error.reason is Reason.OUTSIDE for error in checked.facts.errors):
        return 3
    return 0 if verdict.passed else 1


def templates(repository: Repository, revision: str) -> dict[str, str]:
    """The overridden templates of a revision: of the base, because a change may not redraw its own report."""
    found = {}
    for name in ("comment.md.j2", "summary.md.j2"):
        raw = repository.read(f"{TEMPLATES}/{name}", revision)
        if raw is not None:
            found[name] = raw.decode("utf-8", "replace")
    return found


def partial(*parts: Part) -> Options:
    """Options of a verb that does one thing."""
    return Options(parts=frozenset(parts))


def inside(repository: Repository, out: Path) -> Path:
    """The folder to write into: the default one lies in the repository, wherever we stand."""
    return out if out.is_absolute() or out != Path(".assay") else repository.root / out
