"""https with a certificate of one's own authority, as on an enterprise server."""

import pytest
import requests

from tests.loopback.server import running


def test_a_client_trusts_it_only_when_told_to() -> None:
    with running(tls=True) as github:
        github.commit("acme/flights", {"a": "a"})
        url = f"{github.enterprise_url}/repos/acme/flights"
        assert requests.get(url, verify=str(github.certificate), timeout=10).json()["url"] == url
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(url, timeout=10)
