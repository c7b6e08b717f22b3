"""How fast webhooks are taken in and handled, beside a Probot application that keeps nothing."""

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.cases import BENCH, PEERS, ROOT, Row
from tests.postgres import Server, binaries

COUNT, WIDTH = 2_000, 20
SECRET = "a secret that only this bench knows"


def webhooks(quick: bool) -> list[Row]:
    """2,000 real payloads, 20 at a time: SQLite, PostgreSQL, Probot."""
    peer = _peer()
    payloads = BENCH / "payloads.jsonl"
    payloads.write_bytes(subprocess.run(["node", peer / "examples.js"], capture_output=True, check=True).stdout)
    with _listening(["node", peer / "server.js", "{port}", SECRET]) as port:
        _send(port, payloads, 200)
        probot = _send(port, payloads)
    sqlite = BENCH / "service.sqlite3"
    for file in BENCH.glob("service.sqlite3*"):
        file.unlink()
    embedded = _ours(f"sqlite:///{sqlite}", payloads)
    rows = _rows("SQLite", embedded, 100, probot)
    home = binaries()
    if home is not None:
        server = Server(home, ("max_connections=100", "shared_buffers=64MB"))
        try:
            rows += _rows("PostgreSQL", _ours(server.database(), payloads), 300, None)
        finally:
            server.close()
    return rows


def _rows(name: str, found: dict[str, Any], wanted: int, probot: dict[str, Any] | None) -> list[Row]:
    told = f"{found['rate']:.0f}/s, p50 {found['p50']:.0f} ms, p99 {found['p99']:.0f} ms"
    rows = []
    if probot is not None:
        beside = f"Probot 14, nothing durable: {probot['rate']:.0f}/s, p99 {probot['p99']:.0f} ms"
        well = found["statuses"] == {"202": COUNT} and found["p99"] <= 250
        ratio = found["rate"] / probot["rate"]
        what = f"2,000 webhooks, 20 at a time, {name}"
        rows.append(Row(what, told, beside, "all 202, p99 ≤ 250 ms", f"p99 {found['p99']:.0f} ms", well))
        rows.append(
            Row("… its rate", f"{found['rate']:.0f}/s", f"Probot: {probot['rate']:.0f}/s", "≥ 1/2", f"{ratio:.2f}", ratio >= 0.5)
        )
    handled, once = found["handled"], found["ended"] == COUNT
    what, ours = f"2,000 handled once each while they arrive, {name}", f"{handled:.0f}/s ({found['ended']:,} ended)"
    rows.append(Row(what, ours, "—", f"≥ {wanted}/s", f"{handled:.0f}/s", once and handled >= wanted))
    return rows


def _ours(database: str, payloads: Path) -> dict[str, Any]:
    with _listening([sys.executable, "-m", "tests.bench.idle", "{port}", database, SECRET]) as port:
        _send(port, payloads, 200)
        found = _send(port, payloads)
        before = _calm(port)
        began = time.perf_counter()
        busy = _send(port, payloads, COUNT, "busy")
        ended = _await(port, before + COUNT) - before
        seconds = time.perf_counter() - began
        return {**found, "ended": ended, "handled": ended / seconds, "busy": busy}


def _send(port: int, payloads: Path, count: int = COUNT, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.load", f"127.0.0.1:{port}", SECRET, payloads, str(count), str(WIDTH), *more]
    done = subprocess.run([str(each) for each in command], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _await(port: int, wanted: int) -> int:
    """How many deliveries came to an end, once there are as many as wanted or a minute has passed."""
    until = time.monotonic() + 60
    while (ended := _ended(port)) < wanted and time.monotonic() < until:
        time.sleep(0.02)
    return ended


def _calm(port: int) -> int:
    """How many had ended once nothing more did for some seconds: pushes wait a while for newer ones."""
    before, now = -1, _ended(port)
    while before != now:
        time.sleep(4)
        before, now = now, _ended(port)
    return now


def _ended(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    return int(sum(float(value) for value in re.findall(r"^assay_handled_total\{.*\} (\S+)$", text, re.MULTILINE)))


def _peer() -> Path:
    """Probot and the payloads, installed beside the other peers."""
    target = BENCH / "probot"
    if not (target / "node_modules" / "probot").exists():
        shutil.copytree(PEERS / "probot", target, dirs_exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=target, check=True)
    return target


@contextmanager
def _listening(command: Sequence[str | Path]) -> Iterator[int]:
    """A server on a free port, until the block ends."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    parts = [str(port) if part == "{port}" else str(part) for part in command]
    with (BENCH / "server.log").open("wb") as log:
        process = subprocess.Popen(parts, cwd=ROOT, stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit((BENCH / "server.log").read_text("utf-8")[-2_000:]) from None
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
