"""The workflow files on a real runner: `act`, which runs them on this machine, without containers.

Actions of others are replaced by stand-ins (`tests/e2e/act`) that do the same on loopback; Assay is this checkout.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).with_name("act")
ROOMS = ("assay", "policy", "reports", "actions", "bot")
OURS = f"assay-ml/assay@{'0' * 40}"
OTHERS = {
    "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683": "checkout",
    "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065": "setup-python",
    "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02": "upload-artifact",
    "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093": "download-artifact",
    "actions/cache@5a3ec84eff668545956fd18022155c47e93e2684": "cache",
}


@dataclass(frozen=True)
class Ran:
    """How a workflow ended: its exit code, the log, and the zips that it uploaded by name."""

    code: int
    log: str
    artifacts: dict[str, bytes]


class Runner:
    """A machine that runs workflows: a checkout of Assay, a cache, and a place for what is uploaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout, self.cache = folder / "assay", folder / "cache"
        for room in ROOMS:
            shutil.copytree(ROOT / room, self.checkout / room, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("action.yml", "requirements-action.lock"):
            shutil.copy(ROOT / file, self.checkout / file)
        self._fill_cache()

    def _fill_cache(self) -> None:
        """What an earlier run saved: an environment that holds the lock, here by leading to the packages of the tests."""
        home = self.cache / "made"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
        (next(home.glob("lib/python*/site-packages")) / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
        for event in ("pull_request", "push"):
            env = {**os.environ, "PATH": _path(), "GITHUB_EVENT_NAME": event, "RUNNER_TEMP": str(self.folder)}
            script = ["bash", str(self.checkout / "actions/install.sh"), "--where"]
            told = subprocess.run(script, env=env, check=True, capture_output=True, text=True).stdout
            key = dict(line.split("=", 1) for line in told.splitlines())["key"]
            (home / ".made-from").write_text(key.split("-", 2)[2] + "\n")
            shutil.copytree(home, self.cache / key, symlinks=True)

    def run(
        self,
        workflow: str,
        event: str,
        payload: Mapping[str, Any],
        origin: Path,
        text: str | None = None,
        *,
        variables: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        **env: str,
    ) -> Ran:
        """Run `workflows/<workflow>`, or `text` in its place, for an event of the repository in `origin`.

        `env` is added to the job's environment; `variables` are those of the repository (`vars`), `secrets` too.
        """
        scene = self.folder / f"scene-{len(list(self.folder.glob('scene-*')))}"
        scene.mkdir()
        (scene / "event.json").write_text(json.dumps(payload))
        repository = scene / "repository"
        shutil.copytree(ROOT / "workflows", repository / ".github/workflows")
        if text is not None:
            (repository / ".github/workflows" / workflow).write_text(text)
        _git(repository, "init", "--quiet", "--initial-branch=main")
        _git(repository, "remote", "add", "origin", f"https://github.com/{payload['repository']['full_name']}")
        _git(repository, "commit", "--quiet", "--allow-empty", "--message", "workflows")
        artifacts = scene / "artifacts"
        hidden = dict(secrets or {})
        if token := env.pop("GITHUB_TOKEN", ""):
            hidden["GITHUB_TOKEN"] = token
        given = {
            "ACT_ORIGIN": str(origin),
            "ACT_PYTHON": str(Path(sys.executable).parent),
            "ACT_CACHE": str(self.cache),
            "ACT_BRANCH": "main",
            "DVC_NO_ANALYTICS": "1",
            "DVC_SITE_CACHE_DIR": str(self.folder / "site"),
            **env,
        }
        command = [
            *(Path(sys.executable).with_name("act"), event, "--directory", repository),
            *("--workflows", f".github/workflows/{workflow}", "--eventpath", scene / "event.json"),
            *("--platform", "ubuntu-latest=-self-hosted", "--no-skip-checkout", "--no-cache-server", "--pull=false"),
            *("--action-cache-path", scene / "act", "--artifact-server-path", artifacts),
            *("--artifact-server-addr", "127.0.0.1", "--artifact-server-port", str(_free_port())),
            *("--local-repository", f"{OURS}={self.checkout}"),
            *(part for use, name in OTHERS.items() for part in ("--local-repository", f"{use}={STAND_INS / name}")),
            *(part for name, value in given.items() for part in ("--env", f"{name}={value}")),
            *(part for name, value in (variables or {}).items() for part in ("--var", f"{name}={value}")),
            *(part for name in hidden for part in ("--secret", name)),
        ]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "ACTIONS_", "RUNNER_"))}
        done = subprocess.run(
            [str(part) for part in command],
            env={**kept, "PATH": _path(), "HOME": str(self.folder), **hidden},
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )
        zips = {file.stem: file.read_bytes() for file in artifacts.rglob("*.zip")}
        return Ran(done.returncode, done.stdout + done.stderr, zips)


def _path() -> str:
    """A PATH that finds the tools of the tests."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
