"""A GitHub on loopback for each test, and a repository there in which promotions are asked for."""

import pytest

from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import Scene
from tests.bot.promotion.court import Court, court

__all__ = ["here"]


@pytest.fixture
def there(here: Scene) -> Court:
    """The scene."""
    return court(here)
