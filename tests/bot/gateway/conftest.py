"""A GitHub on loopback for each test."""

from collections.abc import Iterator

import pytest

from tests.bot.gateway.scene import Scene, scene
from tests.loopback.server import running


@pytest.fixture
def here() -> Iterator[Scene]:
    """A pull request at a GitHub on loopback, and a gateway to it."""
    with running() as github:
        yield scene(github)
