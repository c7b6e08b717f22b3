"""Whether a request comes from GitHub's addresses: an optional list, as /meta publishes it, beside the signature.

X-Forwarded-For is anybody's to write. It is read from its end, and only past proxies that are trusted.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from bot.gateway.transport import Transport
from policy.problems import OutsideProblem

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def networks(given: Iterable[str]) -> tuple[Network, ...]:
    """Networks out of their texts. Raises ValueError for what is none."""
    return tuple(ip_network(each, strict=False) for each in given)


def sender(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """Who sent a request: the peer, or whom the last trusted proxy before us names. None where nobody can be told.

    `forwarded` are the values of X-Forwarded-For as they came. Each proxy appends the address that it saw, so the list is read
    backwards for as long as those who wrote it are trusted.
    """
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    here = _address(peer)
    while here is not None and _within(here, trusted) and hops:
        here = _address(hops.pop())
    return here


class AllowList:
    """GitHub's addresses, fetched now and then. Where fetching fails, the last list stays; before there is one, nobody may."""

    def __init__(self, fetch: Callable[[], Iterable[str]], trusted: Sequence[Network] = ()) -> None:
        self._fetch, self._trusted = fetch, trusted
        self._networks: tuple[Network, ...] = ()
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Fetch the list. Raises OutsideProblem, and keeps the last list, where there is none to be had."""
        try:
            found = networks(self._fetch())
        except (ValueError, TypeError, KeyError):
            raise OutsideProblem("it names no addresses of webhooks", "GET /meta", "The last list stays") from None
        if not found:
            raise OutsideProblem("it names no addresses of webhooks", "GET /meta", "The last list stays")
        with self._lock:
            self._networks = found

    @property
    def ready(self) -> bool:
        """Whether there is a list."""
        return bool(self._networks)

    def permits(self, peer: str, forwarded: Sequence[str]) -> bool:
        """Whether a request comes from one of GitHub's addresses."""
        who = sender(peer, forwarded, self._trusted)
        return who is not None and _within(who, self._networks)


def hook_addresses(transport: Transport) -> list[str]:
    """The networks that webhooks come from, as GitHub's /meta says. Raises OutsideProblem, and KeyError where it names none."""
    return [str(each) for each in transport.send("GET", "/meta").data["hooks"]]


def _address(text: str) -> Address | None:
    bare = text.strip()
    if bare.startswith("["):  # [2001:db8::1]:443
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:  # 192.0.2.1:443
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _within(address: Address, within: Sequence[Network]) -> bool:
    return any(address.version == each.version and address in each for each in within)
