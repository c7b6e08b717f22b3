"""Nobody is led away from our own pages."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pages.returning import own

PIECES = st.sampled_from(
    ["/", "\\", ":", "@", "evil.example", "repos", "%2f", "%5c", "..", "?", "#", "\t", "\n", "http:", "a", " ", "%09"]
)


@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40))
def test_whatever_is_asked_for_a_browser_stays_with_us(address: str) -> None:
    found = own(address)
    assert found.startswith("/") and not found.startswith(("//", "/\\"))
    assert urlsplit(urljoin("https://assay.example/login", found)).netloc == "assay.example"
    assert found.isprintable() and own(found) == found


@pytest.mark.parametrize(
    "address", ["/", "/repos/acme/flights/models", "/repos/a.b/c-d_e/ledger?page=2", "/deliveries?show=failed&before=7"]
)
def test_pages_of_ours_are_come_back_to(address: str) -> None:
    assert own(address) == address


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https://evil.example", "/login", "/logout", "/" + "a" * 600]
)
def test_other_places_become_the_first_page(address: str) -> None:
    assert own(address) == "/"
