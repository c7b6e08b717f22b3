"""What is installed is one name, and nothing of the user's runs inside it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.e2e.conftest import Assay


def test_the_wheel_installs_one_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name.split("/")[0] for name in archive.namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"assay"}


def test_the_wheel_holds_the_rooms_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for room in ("policy", "reports", "actions"):
        assert f"assay/_rooms/{room}/__init__.py" in names
    assert not [name for name in names if "/tests/" in name or "conftest" in name]
    assert [name for name in names if name.startswith("assay/_rooms/reports/templates/") and name.endswith(".j2")]


def test_the_version_is_the_one_of_the_project(assay: Assay, tmp_path: Path) -> None:
    assert assay("--version", cwd=tmp_path).stdout == "assay 0.1.0\n"


@pytest.mark.parametrize("name", ["jinja2", "polars", "typing", "pathlib", "policy", "reports", "actions", "json"])
def test_a_module_of_the_users_with_our_name_never_runs_inside_us(assay: Assay, tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("open('ran-inside', 'w').close()\nraise SystemExit('hijacked')\n")
    (tmp_path / "assay.yml").write_text("version: 1\n")
    done = assay("policy", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "no error" in done.stdout
    assert not (tmp_path / "ran-inside").exists()


def test_importing_assay_changes_nothing() -> None:
    code = "import sys; before = list(sys.path); import assay; assert sys.path == before; assert 'policy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=True)
