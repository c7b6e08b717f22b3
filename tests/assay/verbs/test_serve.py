"""`assay serve` as it is typed."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog

from assay.verbs.serve import application
from bot import settings as configuration
from tests.assay.conftest import Assay, told
from tests.bot.receiving.payloads import samples
from tests.bot.receiving.scene import PATH, SECRET, headers
from tests.local import LOCAL

MAIN = Path(__file__).parents[3] / "assay/__main__.py"


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """Logs as they were: a service that starts in this very process gives them a stream that is closed after its test."""
    loggers = [logging.getLogger(name) for name in ("", "assay", "dbos", "uvicorn", "uvicorn.error", "sqlalchemy")]
    before = [(each, list(each.handlers), each.level, each.propagate) for each in loggers]
    yield
    structlog.reset_defaults()
    for logger, handlers, level, propagate in before:
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


class Served:
    """`assay serve` in a process of its own."""

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSAY_", "GITHUB_", "OTEL_"))}
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(MAIN), "serve", *arguments],
                cwd=folder,
                env={**kept, "ASSAY_WEBHOOK_SECRET": SECRET, **environ},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    @property
    def lines(self) -> list[str]:
        """What it said so far."""
        return self.log.read_text("utf-8").splitlines()

    def address(self) -> str:
        """Where it listens, as soon as it is ready."""
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline and self.process.poll() is None:
            found = [match[1] for line in self.lines if (match := re.match(r"assay: listening on (\S+)$", line))]
            try:
                if found and LOCAL.get(f"{found[0]}/readyz", timeout=5).status_code == 200:
                    return found[0]
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise AssertionError("\n".join(self.lines))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    process = Served(tmp_path_factory.mktemp("served"), "--port", "0")
    yield process
    if process.process.poll() is None:
        process.process.kill()


def test_it_starts_with_a_secret_and_says_what_is_missing(served: Served) -> None:
    assert served.address().startswith("http://127.0.0.1:")
    said = [line for line in served.lines if line.startswith("assay: ")]
    assert len(said) == 3
    assert said[0].startswith("assay: no GitHub App (ASSAY_APP_ID and ASSAY_PRIVATE_KEY not set)")
    assert said[1].startswith("assay: no database server: work is kept in an SQLite file")


def test_deliveries_are_taken_in_and_logged_as_json(served: Served) -> None:
    address, body = served.address(), json.dumps(samples()["ping"]).encode()
    given = {name.decode(): value.decode() for name, value in headers("ping", body, "d-1")}
    assert httpx.post(address + PATH, content=body, headers=given).status_code == 202
    assert httpx.post(address + PATH, content=body).status_code == 401
    assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
    assert "assay_deliveries_total" in httpx.get(f"{address}/metrics").text
    logged = [json.loads(line) for line in served.lines if not line.startswith("assay: ")]
    assert {"started", "received", "refused"} <= {line["event"] for line in logged}
    assert SECRET not in served.log.read_text("utf-8")


def test_nobody_else_may_listen_there_meanwhile(
    served: Served, assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = served.address().rpartition(":")[2]
    monkeypatch.setenv("ASSAY_WEBHOOK_SECRET", SECRET)
    again = Served(tmp_path, "--port", port)
    assert again.process.wait(timeout=40) == 2
    assert again.lines[-1].startswith(f"assay: 127.0.0.1:{port}: cannot listen there (Address already in use")


def test_sigterm_ends_it_in_good_order(served: Served) -> None:
    served.address()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=30) == 0
    assert json.loads(served.lines[-1])["event"] == "stopped"


@pytest.mark.parametrize("secret", ["", "   ", "changeme", "development", "fifteen-charact"])
def test_wh_09_without_a_real_secret_it_does_not_start(
    assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("ASSAY_WEBHOOK_SECRET", secret)
    [line] = told(assay("serve", cwd=tmp_path), 2)
    assert line.startswith("assay: ASSAY_WEBHOOK_SECRET: the webhook secret ")
    assert list(tmp_path.iterdir()) == [], "not even its database is made"


def test_check_says_whether_the_settings_are_right(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_WEBHOOK_SECRET", SECRET)
    done = assay("serve", "--check", cwd=tmp_path)
    assert (done.code, done.out) == (0, "the settings are right\n")
    assert done.err.startswith("assay: no GitHub App")
    assert list(tmp_path.iterdir()) == []
    [line] = told(assay("serve", "--role", "manager", cwd=tmp_path), 2)
    assert line.startswith("assay: settings: ASSAY_ROLE: input should be 'web', 'worker' or 'both'")


def test_options_win_over_the_environment_and_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assay: Assay) -> None:
    (tmp_path / "assay.toml").write_text(f'webhook_secret = "{SECRET}"\nport = 70000\n', "utf-8")
    monkeypatch.setenv("ASSAY_SETTINGS", str(tmp_path / "assay.toml"))
    assert "ASSAY_PORT" in told(assay("serve", "--check", cwd=tmp_path), 2)[0]
    assert assay("serve", "--check", "--port", "8001", cwd=tmp_path).code == 0


def test_a_database_that_is_not_there_is_told_without_its_password(
    assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("ASSAY_DATABASE_URL", "postgresql://assay:hunter2@127.0.0.1:1/assay")
    done = assay("serve", cwd=tmp_path)
    assert done.code == 3
    assert "assay:***@127.0.0.1:1/assay: the database does not answer" in done.err and "hunter2" not in done.err


def test_it_is_wired_with_the_handlers_of_the_house(tmp_path: Path) -> None:
    settings = configuration.load(webhook_secret=SECRET, database_url=f"sqlite:///{tmp_path}/a.sqlite3", github_token="ghp_x")
    service = application(settings).state.service
    assert service.outside.sweep is not None
    assert service.outside.deliveries is None, "there is no App whose deliveries could be asked for"
    assert (
        application(
            configuration.load(webhook_secret=SECRET, database_url=f"sqlite:///{tmp_path}/a.sqlite3")
        ).state.service.outside.sweep
        is None
    )


def test_help_says_how(assay: Assay, tmp_path: Path) -> None:
    done = assay("serve", "--help", cwd=tmp_path)
    for word in (
        "--host",
        "--port",
        "--role",
        "--workers-concurrency",
        "ASSAY_WEBHOOK_SECRET",
        "ASSAY_SETTINGS",
        "assay serve --role worker",
    ):
        assert word in " ".join(done.out.split()), word
