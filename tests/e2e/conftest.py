"""The wheel, installed where the source is out of reach."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel, and our dependencies from this environment."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    site = next(home.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # The checkout is not on this path: only what is installed beside it.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    script = home / "bin" / "assay"
    script.write_text(f"#!{home}/bin/python\nfrom assay.__main__ import main\nmain()\n")
    script.chmod(0o755)
    return script


Assay = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def assay(installed: Path) -> Assay:
    """Run the installed command in a folder, as a user would."""

    def run(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **(env or {})}
        command = [installed, *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)

    return run
