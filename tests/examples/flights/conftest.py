"""A clone of the demo."""

from pathlib import Path

import pytest

from examples.flights.build import Demo
from tests.examples.flights.shell import run


@pytest.fixture
def clone(demo: Demo, tmp_path: Path) -> Path:
    """A fresh clone of the demo's repository, without any of DVC's data."""
    run(tmp_path, "git", "clone", "--quiet", str(demo.repository), "clone")
    (tmp_path / "clone/.dvc/config.local").write_text(f"[core]\n    site_cache_dir = {tmp_path / 'site'}\n")
    return tmp_path / "clone"
