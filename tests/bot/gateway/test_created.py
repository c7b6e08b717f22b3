"""What was made just now is known for half a minute."""

import pytest

from bot.gateway.created import Created

BASE = "https://ghes.example/api/v3"
URL = f"{BASE}/repos/a/b/check-runs/7"


@pytest.mark.parametrize(
    ("address", "covered"),
    [
        ("/repos/a/b/check-runs/7", True),
        ("/repos/a/b/check-runs/7/annotations?page=2", True),
        (URL, True),
        ("/repos/a/b/check-runs/77", False),
        ("/repos/a/b/check-runs", False),
        ("/repos/a/c/check-runs/7", False),
    ],
)
def test_ap_01_the_thing_and_what_lies_below_it_is_covered(address: str, covered: bool) -> None:
    created = Created(BASE)
    created.note(URL, 100.0)
    assert created.covers(address, 110.0) is covered


def test_ap_01_only_for_half_a_minute_and_only_the_newest() -> None:
    created = Created("https://api.github.com")
    for number in range(100):
        created.note(f"https://api.github.com/x/{number}", 100.0)
    assert created.covers("/x/99", 130.0) and not created.covers("/x/99", 131.0) and not created.covers("/x/99", 99.0)
    assert not created.covers("/x/0", 100.0)
    created.note(None, 100.0)
    created.note("", 100.0)
    assert not created.covers("", 100.0)
