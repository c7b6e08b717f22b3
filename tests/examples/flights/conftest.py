"""The demo, built once for all tests about it."""

from pathlib import Path

import pytest

from actions.progress import Silent
from examples.flights.build import MARKER, Demo, build
from tests.examples.flights.shell import run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The built demo, in the place of one whose building was interrupted. Tests read it or clone it; none changes it."""
    target = tmp_path_factory.mktemp("built") / "demo"
    target.mkdir()
    (target / MARKER).write_text("")
    (target / "left-over").write_text("half of something")
    return build(target, Silent())


@pytest.fixture
def clone(demo: Demo, tmp_path: Path) -> Path:
    """A fresh clone of the demo's repository, without any of DVC's data."""
    run(tmp_path, "git", "clone", "--quiet", str(demo.repository), "clone")
    (tmp_path / "clone/.dvc/config.local").write_text(f"[core]\n    site_cache_dir = {tmp_path / 'site'}\n")
    return tmp_path / "clone"
