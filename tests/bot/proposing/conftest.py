"""A repository whose default branch can be trained anew."""

import pytest

from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import Scene
from tests.bot.proposing.scene import Runs

__all__ = ["here"]


@pytest.fixture
def runs(here: Scene) -> Runs:
    """The scene."""
    return Runs(here).begin()
