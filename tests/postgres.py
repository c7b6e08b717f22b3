"""A real PostgreSQL for tests: one server for each test process, an empty database for each test that asks.

`postgresql` is the address of an empty database. Where PostgreSQL's binaries are missing those tests are skipped, loudly, unless
ASSAY_REQUIRE_POSTGRES is set: then they fail.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

_HOMES = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", "/usr/local/pgsql/bin")
_WANTED = ("initdb", "postgres", "psql")
_SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=32MB", "autovacuum=off")


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs; None where they are not installed."""
    found = shutil.which("postgres")
    homes = [*([str(Path(found).parent)] if found else []), *_HOMES]
    return next((Path(home) for home in homes if all((Path(home) / each).exists() for each in _WANTED)), None)


class Server:
    """A server on a free port of loopback, in a temporary folder. It refuses to run as root, so root runs it as nobody."""

    def __init__(self, home: Path, settings: Sequence[str] = _SETTINGS) -> None:
        self._home, self._settings = home, settings
        self.folder = Path(tempfile.mkdtemp(prefix="assay-postgres-"))
        self._user = self._unprivileged()
        self._run(
            "initdb", "-D", str(self.folder / "data"), "-U", "assay", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
        )
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [part for each in self._settings for part in ("-c", each)]
        command = [self._home / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-h", "127.0.0.1"]
        command += ["-k", self.folder, *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(each) for each in command], stdout=log, stderr=log, cwd="/", env=self._environment(), **self._as_user()
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text("utf-8", "replace")[-2000:])
            time.sleep(0.05)

    def database(self) -> str:
        """The address of a new and empty database."""
        name = f"assay_{uuid.uuid4().hex[:12]}"
        self.query("postgres", f"CREATE DATABASE {name}")
        return f"postgresql://assay@127.0.0.1:{self.port}/{name}"

    def query(self, database: str, statement: str) -> str:
        """What psql prints, without frames."""
        command = [self._home / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "assay", "-d", database, "-XAtq"]
        done = subprocess.run(
            [*(str(each) for each in command), "-c", statement],
            capture_output=True,
            text=True,
            check=True,
            env=self._environment(),
        )
        return done.stdout.strip()

    def crash(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()
        # Its children notice, and the next start must find nobody.
        time.sleep(0.3)

    def close(self) -> None:
        """End it and delete its folder."""
        self.process.send_signal(signal.SIGQUIT)  # at once: nothing in it is to be kept
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            self.query("postgres", "SELECT 1")
        except subprocess.CalledProcessError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._home / program), *arguments],
            check=True,
            capture_output=True,
            cwd="/",
            env=self._environment(),
            **self._as_user(),
        )

    def _unprivileged(self) -> pwd.struct_passwd | None:
        if os.geteuid() != 0:
            return None
        nobody = pwd.getpwnam("nobody")
        os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        return nobody

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        return {**kept, "LC_ALL": "C", "HOME": str(self.folder)}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The one server of this test process."""
    home = binaries()
    if home is None:
        message = "PostgreSQL is not installed: no initdb, postgres and psql on PATH or in /usr/lib/postgresql/*/bin"
        if os.environ.get("ASSAY_REQUIRE_POSTGRES"):
            pytest.fail(message)
        pytest.skip(message)
    server = Server(home)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def postgresql(postgres_server: Server) -> str:
    """The address of an empty database."""
    return postgres_server.database()
