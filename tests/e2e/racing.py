"""Many requests that are approved at the same moment, and processes that carry out the runs of `assay-promote.yml` for them.

As a program it is one such process: a line of JSON with `issue` and `run` in, a line with `said` out, until its input ends.
"""

import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from actions.progress import Silent
from actions.registry import promote
from actions.registry.client import Registry
from assay.registered import Registered
from bot import dispatching
from bot.app.permissions import asked as permissions
from bot.around import PROMOTE, Around
from bot.gateway import Gateway
from bot.gateway.entering import LedgerGateway
from bot.gateway.transport import Transport
from bot.promotion import asked
from bot.promotion.asked import LABEL, Asked
from bot.promotion.authorizing import authorize
from bot.promotion.deciding import decided
from bot.promotion.recording import record
from policy import digests, ledger, origin
from policy.ledger import Decision
from policy.problems import Problem
from tests.e2e.promoting import hand_over, push, registered
from tests.e2e.scene import NAME
from tests.loopback.server import Loopback
from tests.loopback.state import App, Run
from tests.registry import Release, fresh
from tests.repositories import Repo, environment

VERSIONS = 2
RUNNERS = 4
PAUSE = 0.5
"""Seconds until a run that found the environment held is run again: four that try without a break do nothing else."""
AGAIN = 1_000_000
"""Between the numbers of two runs for one request."""


@dataclass
class Place:
    """What a repository holds: models of two versions each, environments for all of them, and requests by their numbers."""

    models: list[str]
    environments: Sequence[str]
    asked: dict[int, Asked] = field(default_factory=dict)


def policy(model: str, environments: Sequence[str]) -> str:
    """One of the two `ml-lead`s approves for each environment."""
    rules = "".join(f"  {name}: {{approved_if: [{{role: ml-lead}}]}}\n" for name in environments)
    head = f"version: 1\nmodel: {{name: {model}, artifact: model.txt}}\nroles: {{ml-lead: [carol]}}\n"
    return f"{head}environments:\n{rules}"


def place(github: Loopback, made: Repo, folder: Path, server: str, models: int, environments: Sequence[str]) -> Place:
    """Models of one project, each by commits whose policy names it. The first is registered, and the others are like it."""
    names = [fresh(f"flight-{number}") for number in range(models)]
    project = made.copy(folder / "project")
    hand_over(github, project)
    project.write("assay.yml", policy(names[0], environments)).commit("a policy")
    base, mona = project.sha(), github.user("mona")
    mail = f"{mona.id}+{mona.login}@users.noreply.github.com"
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in (("NAME", "mona"), ("EMAIL", mail))}
    project.run("git", "commit", "--quiet", "--allow-empty", "--message", "one more", env=who)
    push(github, project)
    assert registered(Release(project, names[0], base), server) == 1
    registry = Registry.connect({"MLFLOW_TRACKING_URI": server})
    like = registry.version(names[0], 1)
    assert like is not None and like.run is not None
    run, known, git = registry.run(like.run), origin.read(like.tags), github.repository(NAME).git
    assert run is not None
    for name in names:
        for number in range(1, VERSIONS + 1):
            if (name, number) != (names[0], 1):
                files = {"assay.yml": policy(name, environments), "README.md": f"{name} {number}"}
                sha = github.commit(NAME, files, author=mona.login)
                made_of = known.model_copy(update={"code_sha": sha, "code_tree": git.commit(sha).tree})
                assert registry.create(name, run, like.source.rpartition("/")[2], origin.tags(made_of)).number == number
    return Place(names, environments)


def requests(github: Loopback, app: App, there: Place, wanted: Sequence[tuple[str, int, str]]) -> list[int]:
    """A request for each (model, version, environment), as if all had been asked for at once; their numbers."""
    mona, numbers = github.user("mona"), []
    for model, version, name in wanted:
        each = Asked(model, version, name, mona.login, mona.id, 0, f"{len(there.asked)}-0")
        issue = github.issue(NAME, asked.title(each), _body(each), app.bot.login)
        issue.labels.append(LABEL)
        there.asked[issue.number] = each
        numbers.append(issue.number)
    return numbers


def _body(wanted: Asked) -> str:
    return f"{asked.marked(wanted)}\nRead the card."


def codes(job: Around, wanted: Mapping[int, Asked]) -> dict[int, str]:
    """What is to be named in approvals: one request is decided, and the others tell from it only in what they are for."""
    first = decided(job, min(wanted))
    assert first is not None and job.registry is not None
    origins = {}
    for name in {each.model for each in wanted.values()}:
        origins.update({(name, each.version): each.origin for each in job.registry.lineage(f"{name}@1").steps})
    found = {}
    for number, each in wanted.items():
        made_of = origins[each.model, each.version]
        assert made_of is not None
        about = {"model": each.model, "version": str(each.version), "environment": each.environment, "request": number}
        about |= {"commit": made_of.code_sha, "tree": made_of.code_tree}
        about["body"] = f"sha256:{hashlib.sha256(_body(each).encode()).hexdigest()}"
        found[number] = digests.code(first.decision.subject.model_copy(update=about), first.bind)
    return found


def files(github: Loopback) -> list[bytes]:
    """The files of the ledger, in their order."""
    git, found = github.repository(NAME).git, list[bytes]()
    while (entry := git.entry(ledger.BRANCH, ledger.path(len(found) + 1))) is not None:
        found.append(git.read(entry.sha))
    return found


def entered(github: Loopback, number: int) -> list[Decision]:
    """What the ledger holds of a request, in its order."""
    entries = [ledger.read(each).entry for each in files(github)]
    return [each.decision for each in entries if each.subject is not None and each.subject.number == number]


def env(github: Loopback, app: App, server: str) -> dict[str, str]:
    """What a job has."""
    return {
        "GITHUB_API_URL": github.url,
        "GITHUB_TOKEN": github.app_token(app, NAME),
        "ASSAY_APP_SLUG": app.slug,
        "MLFLOW_TRACKING_URI": server,
    }


def installed(github: Loopback) -> App:
    """An App that hears of nothing."""
    app = github.app("assay", **permissions("write"))
    github.install(app, [NAME])
    return app


def around(environ: Mapping[str, str]) -> Around:
    """Where a job works, without the pauses between writes that are for GitHub's sake."""
    transport = Transport.to(environ["GITHUB_API_URL"], environ["GITHUB_TOKEN"])
    transport.spacing = 0.0
    gateway = Gateway(transport, NAME, None, environ["ASSAY_APP_SLUG"])
    return dispatching.around(gateway, {}, server=environ["GITHUB_API_URL"], registry=Registered.of(environ))


def begin(job: Around, name: str) -> None:
    """Make the branches of locks and of the ledger, as the first promotion does, with a lock that is free."""
    job.gateway.put_lock(f"{name}.json", "{}", None)
    LedgerGateway.of(job.gateway).tail()


@dataclass
class Runners:
    """Processes that carry out runs, each in a clone of its own; one that dies is started again and does its run anew."""

    github: Loopback
    folder: Path
    env: Mapping[str, str]
    running: list["subprocess.Popen[str]"] = field(default_factory=list)
    said: list[tuple[int, str]] = field(default_factory=list)
    """What each run came to: the number of the request, and `promoted` or why not."""
    waiting: "queue.Queue[tuple[int, int]]" = field(default_factory=queue.Queue)
    died: int = 0

    def start(self) -> None:
        """Start all of them."""
        self.running = [self._process(index) for index in range(RUNNERS)]

    def _process(self, index: int) -> "subprocess.Popen[str]":
        clone = self.folder / f"clone-{index}"
        if not clone.exists():
            source = str(self.github.repository(NAME).git.path)
            subprocess.run(("git", "clone", "--quiet", source, str(clone)), check=True, capture_output=True)
        given = environment({"PYTHONPATH": str(Path(__file__).parents[2]), **self.env})
        command = (sys.executable, "-m", "tests.e2e.racing")
        with (self.folder / f"runner-{index}.log").open("a") as log:
            return subprocess.Popen(
                command, cwd=clone, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )

    def kill(self, index: int) -> None:
        """The machine of one of them loses its power."""
        self.running[index].send_signal(signal.SIGKILL)

    def work(self, index: int, over: threading.Event) -> None:
        """Carry out what waits, until all is over. A run that found the environment held is run again later, as by people."""
        while not over.is_set():
            try:
                issue, run = self.waiting.get(timeout=0.05)
            except queue.Empty:
                continue
            said = self._carry_out(index, issue, run)
            if " holds " in said:
                threading.Timer(PAUSE, self.waiting.put, [(issue, run)]).start()
            else:
                self.said.append((issue, said))

    def _carry_out(self, index: int, issue: int, run: int) -> str:
        while True:
            process = self.running[index]
            assert process.stdin is not None and process.stdout is not None
            try:
                process.stdin.write(json.dumps({"issue": issue, "run": run}) + "\n")
                process.stdin.flush()
                if line := process.stdout.readline():
                    return str(json.loads(line)["said"])
            except BrokenPipeError:
                pass
            if process.wait() != -signal.SIGKILL:
                return (self.folder / f"runner-{index}.log").read_text()[-2000:]
            self.died += 1
            self.running[index] = self._process(index)

    def stop(self) -> None:
        """End them."""
        for process in self.running:
            process.kill()
            process.wait()


@contextmanager
def runners(github: Loopback, folder: Path, given: Mapping[str, str]) -> Iterator[Runners]:
    """Runners that are started, and ended in the end."""
    made = Runners(github, folder, given)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def started(github: Loopback) -> list[Run]:
    """The runs of `assay-promote.yml` that were asked for."""
    return [each for each in list(github.repository(NAME).runs.values()) if each.path.endswith(PROMOTE)]


def carried_out(job: Around, issue: int, run: int) -> str:
    """The three steps of one run, in the folder that this process is in; `promoted`, or why not."""
    where = promote.Around(Path(), {**os.environ, "GITHUB_RUN_ID": str(run)}, "main", lambda: datetime.now(UTC))
    try:
        leave = authorize(job, issue, run)
        done = promote.promote(where, leave, lambda _: None, Silent())
        found = record(job, issue, run, leave, done.outcome)
    except Problem as problem:
        return str(problem)
    return found.state if found.state == "promoted" else f"{found.state}: {found.said}"


def main() -> None:
    """Carry out runs, one for each line of the input."""
    job = around(os.environ)
    for line in sys.stdin:
        given: dict[str, int] = json.loads(line)
        sys.stdout.write(json.dumps({"said": carried_out(job, given["issue"], given["run"])}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
