"""Whether a branch is protected (bot.gateway.settings)."""

import pytest

from bot.gateway import Gateway
from bot.gateway.problems import NotThere
from bot.gateway.settings import SettingsGateway
from tests.loopback.server import running


def test_a_branch_is_protected_or_open_or_not_there() -> None:
    with running() as github:
        github.repository("acme/flights")
        github.commit("acme/flights", {"README.md": "flights"})
        environ = {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": github.token("acme/flights", "read")}
        gateway = SettingsGateway.of(Gateway.from_environment(environ, "acme/flights"))
        assert not gateway.protected("main")
        github.protect("acme/flights", "main")
        assert gateway.protected("main")
        with pytest.raises(NotThere):
            gateway.protected("a/b")
