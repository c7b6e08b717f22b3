"""Processes of the service, started, asked and killed by tests."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx

from tests.bot.receiving.payloads import Payload
from tests.bot.receiving.scene import PATH, SECRET, free_port, headers, until
from tests.bot.receiving.served import ROOT
from tests.local import LOCAL


class Process:
    """One process on a port of its own; `settings` become ASSAY_ variables."""

    def __init__(self, url: str, folder: Path, port: int = 0, **settings: Any) -> None:
        self.port, self.folder = port or free_port(), folder
        given = {
            "webhook_secret": SECRET, "database_url": url, "port": self.port, "debounce_seconds": 0, "lease_seconds": 0.5,
            "poll_seconds": 0.02, "shutdown_seconds": 0, "log_level": "info", **settings,
        }  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSAY_", "GITHUB_"))}
        environ = {**kept, **{f"ASSAY_{name.upper()}": str(value) for name, value in given.items()}}
        folder.mkdir(exist_ok=True)
        self.log = folder / f"log-{self.port}"
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "tests.bot.receiving.served", str(folder)]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def ready(self) -> Self:
        """Wait until it is ready."""
        until(self._answers, 40)
        return self

    def post(self, payload: Payload, delivery: str | None = None, event: str = "issue_comment") -> int:
        """Deliver; the status, 0 where nobody answered."""
        body = json.dumps(payload).encode()
        given = {name.decode(): value.decode() for name, value in headers(event, body, delivery or str(uuid.uuid4()))}
        try:
            return LOCAL.post(f"http://127.0.0.1:{self.port}{PATH}", content=body, headers=given, timeout=20).status_code
        except httpx.HTTPError:
            return 0

    def kill(self) -> None:
        """Kill it as nothing can be caught."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """Ask it to end, and wait; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def died(self) -> None:
        """Wait until it killed itself."""
        assert self.process.wait(timeout=30) == -signal.SIGKILL

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text("utf-8")
        try:
            return LOCAL.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


def several(*processes: Process) -> ExitStack:
    """All of these, ended together."""
    stack = ExitStack()
    for each in processes:
        stack.enter_context(each)
    return stack


def calls(folder: Path) -> Counter[str]:
    """How often each delivery was given to a handler."""
    return Counter(line.split()[0] for line in lines(folder / "calls"))


def workers(folder: Path) -> dict[str, int]:
    """Which process each delivery was given to last."""
    return {name: int(process) for name, process in (line.split() for line in lines(folder / "calls"))}


def effects(folder: Path) -> Counter[str]:
    """How often each delivery had its effect."""
    return Counter(lines(folder / "effects"))


def lines(file: Path) -> list[str]:
    """The lines of a file; none where it is not there."""
    return file.read_text("utf-8").splitlines() if file.exists() else []


def settled(folder: Path, expected: set[str], seconds: float = 30.0) -> None:
    """Wait until each of these deliveries had its effect; then a moment more, for those that would have it twice."""
    until(lambda: set(effects(folder)) >= expected, seconds)
    time.sleep(0.5)
