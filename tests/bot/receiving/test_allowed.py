"""Whether a request comes from GitHub's addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.transport import Transport
from bot.receiving.allowed import AllowList, hook_addresses, networks, sender
from policy.problems import OutsideProblem
from tests.loopback.server import running

GITHUB = ["192.30.252.0/22", "2a0a:a440::/29"]
PROXY = networks(["10.0.0.0/8", "fd00::/8"])


def allowed(trusted: bool = True) -> AllowList:
    found = AllowList(lambda: GITHUB, PROXY if trusted else ())
    found.refresh()
    return found


def test_githubs_own_addresses_may() -> None:
    assert allowed().permits("192.30.252.7", [])
    assert allowed().permits("2a0a:a440::5", [])
    assert not allowed().permits("198.51.100.1", [])


@pytest.mark.parametrize("forged", ["192.30.252.7", "192.30.252.7, 192.30.252.8", "198.51.100.9, 192.30.252.7"])
def test_wh_26_anybody_can_write_x_forwarded_for(forged: str) -> None:
    assert not allowed().permits("198.51.100.1", [forged])
    assert not allowed(trusted=False).permits("10.0.0.1", [forged])


def test_wh_26_a_trusted_proxy_says_who_was_before_it_and_only_it() -> None:
    assert allowed().permits("10.0.0.1", ["192.30.252.7"])
    assert not allowed().permits("10.0.0.1", ["192.30.252.7, 198.51.100.1"]), "what stands before was written by the sender"
    assert allowed().permits("10.0.0.1", ["1.2.3.4, 192.30.252.7, 10.0.0.2"])
    assert allowed().permits("10.0.0.1", ["1.2.3.4", "192.30.252.7"]), "several headers are one list"
    assert allowed().permits("::ffff:10.0.0.1", ["192.30.252.7:443"])
    assert allowed().permits("fd00::1", ["[2a0a:a440::5]:443"])


@pytest.mark.parametrize("odd", ["", "unknown", "192.30.252.7 evil", "_hidden", "999.1.1.1", "192.30.252.7,"])
def test_wh_26_what_is_no_address_is_nobody(odd: str) -> None:
    assert not allowed().permits("10.0.0.1", [odd])
    assert not allowed().permits(odd, [])


def test_wh_26_where_meta_cannot_be_fetched_the_last_list_stays() -> None:
    answers: list[object] = [GITHUB, OutsideProblem("away"), [], ["nonsense"], None, KeyError("hooks")]

    def fetch() -> list[str]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[return-value]

    found = AllowList(fetch)
    assert not found.ready
    assert not found.permits("192.30.252.7", []), "before there is a list, nobody may"
    found.refresh()
    while answers:
        with pytest.raises(OutsideProblem):
            found.refresh()
        assert found.ready
        assert found.permits("192.30.252.7", [])


def test_githubs_meta_names_the_networks() -> None:
    with running() as github:
        github.state.networks = GITHUB
        assert hook_addresses(Transport.to(github.url, "")) == GITHUB


addresses = st.one_of(st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str), st.text(max_size=20))


@given(addresses, st.lists(addresses, max_size=5))
def test_wh_26_without_a_trusted_proxy_only_the_peer_counts(peer: str, forged: list[str]) -> None:
    assert sender(peer, forged, ()) == sender(peer, [], ())
