"""The service as a process, an App on a GitHub on loopback that sends it webhooks, and people who comment."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.app.permissions import EVENTS, asked
from tests.local import LOCAL
from tests.loopback.server import Loopback
from tests.loopback.state import App, Comment, Dispatch

ROOT = Path(__file__).parents[2]
NAME = "acme/flights"
SECRET = "a secret that only this test knows"
PEOPLE = (("mona", "write"), ("alice", "maintain"), ("tim", "triage"), ("eve", "read"))


@dataclass
class Service:
    """`assay serve` for one App; started and killed as often as a test likes, always on the same port."""

    github: Loopback
    app: App
    folder: Path
    database: str
    port: int
    more: dict[str, str] = field(default_factory=dict)
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str, port: int | None = None) -> "subprocess.Popen[bytes]":
        """Start a process and wait until it is ready."""
        process = self.launch(*options, port=port)
        self.await_ready(port or self.port, process)
        return process

    def launch(self, *options: str, port: int | None = None) -> "subprocess.Popen[bytes]":
        """Start a process."""
        own = port or self.port
        env = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "ASSAY_"))}
        given = {
            "ASSAY_WEBHOOK_SECRET": SECRET,
            "ASSAY_APP_ID": str(self.app.id),
            "ASSAY_APP_SLUG": self.app.slug,
            "ASSAY_PRIVATE_KEY": self.app.private_key,
            "ASSAY_DATABASE_URL": self.database,
            "GITHUB_API_URL": self.github.url,
            "ASSAY_WRITE_SPACING": "0",
            "ASSAY_LEASE_SECONDS": "2",
            "ASSAY_RETRY_SECONDS": "0.05",
            "ASSAY_DEBOUNCE_SECONDS": "0",
            **self.more,
        }
        log = (self.folder / f"serve-{len(self.processes)}.log").open("wb")
        command = [sys.executable, str(ROOT / "assay/__main__.py"), "serve", "--port", str(own), *options]
        process = subprocess.Popen(command, env={**env, **given}, stdout=log, stderr=subprocess.STDOUT)
        self.processes.append(process)
        return process

    def await_ready(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        """Wait until a process answers that all is there."""
        for _ in range(600):
            if process.poll() is not None:
                raise AssertionError(f"the service ended with {process.returncode}:\n{self.log()}")
            try:
                if LOCAL.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the service was not ready in a minute:\n{self.log()}")

    def log(self) -> str:
        """The end of the newest log."""
        newest = max(self.folder.glob("serve-*.log"), key=lambda file: file.stat().st_mtime)
        return newest.read_text("utf-8", "replace")[-4_000:]

    def kill(self) -> None:
        """The machine loses its power."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()

    def stop(self) -> None:
        """The machine is shut down as it should be."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def metric(self, name: str, port: int | None = None) -> float:
        """The sum of a metric over its labels."""
        text = LOCAL.get(f"http://127.0.0.1:{port or self.port}/metrics", timeout=5).text
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if re.match(rf"{name}[ {{]", line))

    def settle(self, comments: list[Comment], seconds: float = 120) -> None:
        """Wait until every comment was answered: the last reaction is the last thing that is written."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if all(answered(self.github, each) for each in comments):
                self.rest(until)
                return
            time.sleep(0.1)
        open_ = [each.body for each in comments if not answered(self.github, each)]
        raise AssertionError(f"{len(open_)} comments were not answered in {seconds} s, such as {open_[:3]}:\n{self.log()}")

    def heal(self, wanted: dict[str, Any], seconds: float = 60) -> None:
        """Wait until what was missed while nobody listened is made good: a worker looks for it half a minute after its start."""
        until = time.monotonic() + seconds
        while state(self.github) != wanted and time.monotonic() < until:
            self.rest(until)
        same(state(self.github), wanted)

    def rest(self, until: float) -> None:
        """Wait until nothing is in the queue any more, which the service counts every second."""
        calm = 0
        while calm < 3 and time.monotonic() < until:
            self.github.sender.drain()
            calm = calm + 1 if self.metric("assay_queue_depth") == 0 else 0
            time.sleep(0.6)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def serving(github: Loopback, folder: Path, database: str = "", **more: str) -> Iterator[Service]:
    """An App that is installed in a repository, which is made where it is missing, and its service, not started yet."""
    if NAME not in github.state.repositories:
        prepare(github)
    port = free_port()
    events = [each.name for each in EVENTS]
    app = github.app("assay", url=f"http://127.0.0.1:{port}/webhooks/github", secret=SECRET, events=events, **asked("write"))
    github.install(app, [NAME])
    github.sender.timeout = 5
    service = Service(github, app, folder, database or f"sqlite:///{folder}/assay.sqlite3", port, more)
    try:
        yield service
    finally:
        service.stop()


def prepare(github: Loopback, pulls: int = 1, policy: str = "version: 1\n") -> list[int]:
    """A repository with the workflows, people, and pull requests; their numbers."""
    github.repository(NAME)
    workflows = {f".github/workflows/{file.name}": file.read_text("utf-8") for file in (ROOT / "workflows").glob("*.yml")}
    github.commit(NAME, {"assay.yml": policy, "README.md": "flights", **workflows})
    for login, role in PEOPLE:
        github.role(NAME, login, role)
    numbers = list(github.repository(NAME).pulls)
    while len(numbers) < pulls:
        branch = f"topic-{len(numbers)}"
        github.commit(NAME, {"README.md": branch}, branch=branch)
        numbers.append(github.pull(NAME, branch).number)
    return numbers


def say(github: Loopback, number: int, body: str, by: str = "mona") -> Comment:
    """Somebody comments, and GitHub tells who listens."""
    made = github.comment(NAME, number, body, by)
    github.announce(NAME, made, "created")
    return made


def reactions(github: Loopback, comment: Comment) -> list[str]:
    """What the bot thinks of a comment."""
    return [each.content for each in list(github.repository(NAME).reactions.values()) if each.on == ("comment", comment.id)]


def answered(github: Loopback, comment: Comment) -> bool:
    """Whether the bot is done with a comment."""
    return bool({"rocket", "confused"} & set(reactions(github, comment)))


def state(github: Loopback) -> dict[str, Any]:
    """Everything that the bot left, without what differs from one world to another (ids, times, SHAs, who it writes as)."""
    repository = github.repository(NAME)
    people = {login for login, _ in PEOPLE}
    shown = ((each.name, each.status, each.conclusion, _pull(github, each.head_sha)) for each in repository.checks.values())
    asked = [each for each in sorted(repository.comments.values(), key=lambda each: each.id) if each.author.login in people]
    place = {each.id: index for index, each in enumerate(asked)}
    orders = repository.dispatches
    answers: dict[int, list[list[str]]] = {}
    for each in repository.comments.values():
        if each.author.login not in people:
            answers.setdefault(each.number, []).append(_plain(each.body, place))
    return {
        "answers": answers,
        "reactions": [sorted(reactions(github, each)) for each in asked],
        "checks": sorted(shown),
        "orders": sorted((place[int(each.payload["request"].partition("-")[0])], _command(each)) for each in orders),
    }


def _command(order: Dispatch) -> str:
    """What was started: `assay-run.yml` has several commands, and others one."""
    return str(order.payload.get("command") or order.name)


def _pull(github: Loopback, sha: str) -> int | None:
    return next((pull.number for pull in github.repository(NAME).pulls.values() if pull.head_sha == sha), None)


def _plain(body: str, place: dict[int, int]) -> list[str]:
    """The answers in a comment, in the order of what they answer."""
    found = re.findall(r"<!-- assay:said (\d+) .*?-->\n(.*?)\n<!-- assay:end -->", body, re.DOTALL)
    texts = [(place[int(key)], re.sub(r"`[0-9a-f]{12}`|<http.*?>|<!-- assay:run .*?-->", "·", text)) for key, text in found]
    return [f"{index}: {text}" for index, text in sorted(texts)]


SAID = (
    ("/train train.lr=0.{n}", "mona"),
    ("/help train", "eve"),
    ('/hold because "number {n}"', "tim"),
    ("/check", "eve"),
    ("/lineage", "eve"),
    ("/check\n/evaluate", "mona"),
    ("/tran", "mona"),
    ("/compare main~{n}", "alice"),
    ("/waive roc_auc --until 2020-01-01 --because 'it is long ago'", "alice"),
    ("a word that asks for nothing", "eve"),
)
"""What people say, one after the other; `{n}` tells them apart."""


def conversation(github: Loopback, pulls: int, count: int, pause: float = 0.0) -> list[Comment]:
    """So many comments over so many pull requests, and those of them that are to be answered."""
    numbers = prepare(github, pulls)
    made = []
    for index in range(count):
        body, by = SAID[(index // pulls) % len(SAID)]
        comment = say(github, numbers[index % pulls], body.format(n=index), by)
        if body.startswith("/"):
            made.append(comment)
        time.sleep(pause)
    return made


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Both worlds are alike; says what is not."""
    for key in expected:
        if isinstance(expected[key], list):
            more = [each for each in found[key] if each not in expected[key]]
            less = [each for each in expected[key] if each not in found[key]]
            assert not more and not less and len(found[key]) == len(expected[key]), f"{key}: too much {more}, missing {less}"
        for number in expected[key] if isinstance(expected[key], dict) else ():
            there, wanted = found[key].get(number), expected[key][number]
            assert there == wanted, f"{key} of #{number}: {there} instead of {wanted}"
