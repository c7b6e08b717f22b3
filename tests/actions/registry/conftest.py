"""A registry, and a repository whose model may be registered."""

from pathlib import Path

import pytest

from tests.registry import Release, mlflow_server, registry, release
from tests.repositories import Repo

__all__ = ["mlflow_server", "registry"]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A pipeline that ran and was pushed. Copy it before changing it."""
    return Repo(tmp_path_factory.mktemp("template")).with_pipeline().push_data()


@pytest.fixture
def released(template: Repo, tmp_path: Path) -> Release:
    """A commit of `main`."""
    return release(template, tmp_path / "released")
