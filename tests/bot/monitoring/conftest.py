"""A GitHub on loopback for each test, and a repository there whose model is watched."""

import pytest

from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import Scene
from tests.bot.monitoring.production import Production, production

__all__ = ["here"]


@pytest.fixture
def there(here: Scene) -> Production:
    """The scene."""
    return production(here)
