"""The client: what a server says becomes records or a problem of one line, and no credential is ever in it."""

import http.server
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.registry.client import Registry, shown
from policy.problems import OutsideProblem, Problem, UserProblem
from tests.postgres import postgres_server, postgresql
from tests.registry import MlflowServer, fresh, mlflow_server

__all__ = ["mlflow_server", "postgres_server", "postgresql"]
TOKEN, PASSWORD = "t0ken-of-nobody", "pa55word-of-nobody"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One try of a second, with a token that must never be seen."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", TOKEN)


@contextmanager
def answering(status: int, body: bytes, *, wait: float = 0) -> Iterator[str]:
    """A server that says the same to whatever it is asked; its address, with a password in it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(wait)
            with suppress(OSError):  # the client may have hung up
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://ada:{PASSWORD}@127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def client(url: str) -> Registry:
    return Registry.connect({"MLFLOW_TRACKING_URI": url, "MLFLOW_TRACKING_TOKEN": TOKEN})


def problem(url: str) -> Problem:
    began = time.monotonic()
    with pytest.raises(Problem) as told:
        client(url).versions("flight-delay")
    assert time.monotonic() - began < 60, "it waits for a second, where MLflow by itself would for minutes"
    said = str(told.value)
    assert "\n" not in said and len(said) < 400
    assert TOKEN not in said and PASSWORD not in said and "ada" not in said
    assert "127.0.0.1" in told.value.where
    return told.value


REFLECTED = json.dumps(
    {"error_code": "INTERNAL_ERROR", "message": f"cannot serve {TOKEN}\nat https://ada:{PASSWORD}@host"}
).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (500, b"<html>oops</html>", OutsideProblem, "answers 500"),
        (503, b"", OutsideProblem, "answers 503"),
        (400, REFLECTED, OutsideProblem, "***"),
        (401, b"You are not authenticated", UserProblem, "does not allow it"),
        (403, b'{"error_code": "PERMISSION_DENIED", "message": "Permission denied"}', UserProblem, "does not allow it"),
        (404, b"<html>not here</html>", UserProblem, "no MLflow server"),
        (200, b"<html>a login page</html>", OutsideProblem, "JSON"),
        (200, b'{"registered_model": {"name": 7, "aliases": 3}}', OutsideProblem, "flight-delay"),
    ],
)
def test_what_a_server_says_amiss_is_one_line_without_credentials(
    status: int, body: bytes, kind: type[Problem], said: str
) -> None:
    with answering(status, body) as url:
        found = problem(url)
    assert isinstance(found, kind)
    assert said in found.what


def test_a_server_that_is_slow_is_given_up(capfd: pytest.CaptureFixture[str]) -> None:
    with answering(200, b"{}", wait=3) as url:
        assert "did not answer in time" in problem(url).what
    assert PASSWORD not in "".join(capfd.readouterr())


def test_a_server_that_is_away_is_outside() -> None:
    with answering(200, b"{}") as url:
        pass
    found = problem(url)
    assert isinstance(found, OutsideProblem)
    assert "cannot be reached" in found.what


def test_the_environment_goes_before_the_file_and_none_is_a_problem() -> None:
    there = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
    assert Registry.connect(there, "https://elsewhere.example.org").where == "http://127.0.0.1:9"
    assert Registry.connect({}, "https://elsewhere.example.org").where == "https://elsewhere.example.org"
    both = there | {"MLFLOW_REGISTRY_URI": "https://registry.example.org"}
    assert Registry.connect(both).where == "https://registry.example.org"
    with pytest.raises(UserProblem, match="no registry is named"):
        Registry.connect({})


def test_a_file_sends_no_credentials_anywhere(tmp_path: Path) -> None:
    for name in ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_AUTH"):
        with pytest.raises(UserProblem, match=f"only assay.yml says for which server {name} is meant") as told:
            Registry.connect({name: TOKEN, "HOME": str(tmp_path)}, "https://attacker.example.org")
        assert TOKEN not in str(told.value)
    (tmp_path / ".mlflow").mkdir()
    (tmp_path / ".mlflow/credentials").write_text("[mlflow]\n")
    with pytest.raises(UserProblem, match=r"~/\.mlflow/credentials"):
        Registry.connect({"HOME": str(tmp_path)}, "https://attacker.example.org")
    assert Registry.connect(
        {"HOME": str(tmp_path), "MLFLOW_TRACKING_URI": "https://ours.example.org"}, "https://attacker.example.org"
    )


@pytest.mark.parametrize("uri", ["sqlite:///a.db", "file:///tmp/x", "./mlruns", f"ftp://ada:{PASSWORD}@host"])
def test_what_is_no_server_is_refused(uri: str) -> None:
    with pytest.raises(UserProblem, match="not the address") as told:
        Registry.connect({"MLFLOW_TRACKING_URI": uri})
    assert PASSWORD not in str(told.value)


def test_an_address_is_shown_without_what_is_secret() -> None:
    assert shown(f"https://ada:{PASSWORD}@host:8443/team?token={TOKEN}#x") == "https://host:8443/team"


def test_no_such_model_version_or_run_is_none(registry: Registry) -> None:
    name = fresh()
    assert registry.versions(name) == []
    assert registry.version(name, 1) is None
    assert registry.run("f" * 32) is None
    assert registry.runs(name, {"a": "b"}) == []


def test_a_name_with_a_quote_is_not_let_into_a_filter(registry: Registry) -> None:
    with pytest.raises(UserProblem, match="quotes"):
        registry.versions("x' OR name LIKE '%")


def round_trip(registry: Registry) -> None:
    name = fresh()
    long = "x" * 4_000
    run = registry.begin(f"assay/{name}", "a run", {"assay.code_sha": "a" * 40})
    assert [each.id for each in registry.runs(f"assay/{name}", {"assay.code_sha": "a" * 40})] == [run.id]
    registry.finish(run.id)
    assert registry.steps(run.id, "rows") == set()
    for step in (2, 1):
        registry.measure(run.id, {"rows": 3.0, "auc": 0.5}, step=step, at=datetime(2026, 1, step, tzinfo=UTC))
    assert registry.steps(run.id, "rows") == registry.steps(run.id, "auc") == {1, 2}
    found = registry.run(run.id)
    assert found is not None and found.status == "FINISHED"
    for number in (1, 2, 3):
        made = registry.create(name, run, "model", {"assay.data": long, "assay.number": str(number)})
        assert made.number == number
    registry.point(name, "champion", 2)
    registry.set_tags(made, {"assay.number": "drei"})
    versions = registry.versions(name)
    assert [(each.number, each.tags["assay.number"], each.aliases) for each in versions] == [
        (1, "1", ()),
        (2, "2", ("champion",)),
        (3, "drei", ()),
    ]
    assert versions[0].tags["assay.data"] == long
    assert registry.aliases(name) == {"champion": 2}
    one = registry.version(name, 2)
    assert one is not None and one.aliases == ("champion",)
    registry.withdraw(versions[2])
    assert [each.number for each in registry.versions(name)] == [1, 2]


def test_what_is_written_is_read_again(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    round_trip(registry)


@pytest.mark.slow
def test_what_is_written_to_postgresql_is_read_again(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    server = MlflowServer(postgresql.replace("postgresql://", "postgresql+psycopg://"))
    try:
        round_trip(client(server.wait().url))
    finally:
        server.close()


def test_the_logs_of_others_stay_as_they_were_set_up() -> None:
    code = (
        "import logging\n"
        "from actions.registry.client import Registry\n"
        "Registry.connect({'MLFLOW_TRACKING_URI': 'http://localhost:1'})\n"
        "found = [logging.getLogger(name) for name in ('sqlalchemy.engine', 'alembic')]\n"
        "assert all(not each.handlers and each.propagate for each in found), found\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=True, timeout=60)


@pytest.mark.parametrize("lean", [True, False])
def test_lean_it_answers_as_ever_without_loading_data_frames_and_hides_them_from_nobody_else(
    mlflow_server: str, lean: bool
) -> None:
    told = (
        "import sys; from actions.registry.client import Registry\n"
        f"registry = Registry.connect({{'MLFLOW_TRACKING_URI': {mlflow_server!r}}}, lean={lean})\n"
        f"assert registry.aliases({fresh()!r}) == {{}}\n"
        "print('pandas' in sys.modules or 'polars' in sys.modules)\n"
        "import pandas, polars"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(not lean)
