"""The repository with imports, made once."""

from pathlib import Path

import pytest

from tests.actions.refresh.arriving import Arriving, made


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Arriving:
    """The repository. Copy it before changing it."""
    return made(tmp_path_factory.mktemp("imported"))


@pytest.fixture
def arriving(imported: Arriving, tmp_path: Path) -> Arriving:
    """A copy of it."""
    return imported.copy(tmp_path)
