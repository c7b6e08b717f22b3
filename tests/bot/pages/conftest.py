"""The pages for each test."""

from collections.abc import Iterator

import pytest

from tests.bot.pages.furnished import furnish
from tests.bot.pages.visiting import Visiting, visiting
from tests.bot.receiving.conftest import prepared, sqlite, sqlite_template
from tests.browser import chromium

__all__ = ["chromium", "sqlite", "sqlite_template"]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visiting]:
    """The scene, set once."""
    url = f"sqlite:///{tmp_path_factory.mktemp('pages') / 'assay.sqlite3'}"
    prepared(url)
    with visiting(url) as made:
        yield made


@pytest.fixture
def there(whole: Visiting) -> Visiting:
    """The scene, as if nobody had been there."""
    whole.fresh()
    return whole


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visiting]:
    """A scene in which much has happened."""
    url = f"sqlite:///{tmp_path_factory.mktemp('lived-in') / 'assay.sqlite3'}"
    prepared(url)
    with visiting(url) as made:
        furnish(made)
        yield made
