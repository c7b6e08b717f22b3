"""A GitHub on loopback with an App installed on acme/flights, and the gateways of that App."""

from collections.abc import Iterator

import pytest

from tests.bot.app.scene import Scene
from tests.loopback.server import running


@pytest.fixture
def there() -> Iterator[Scene]:
    """An App `assay`, installed on `acme/flights`, which has a pull request."""
    with running() as github:
        yield Scene.of(github)
