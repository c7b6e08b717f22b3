"""What was just taken in need not be read again."""

import time

from bot.receiving.recent import Recent
from tests.bot.receiving.payloads import comment
from tests.bot.receiving.test_delivery import delivered


def test_a_delivery_is_taken_once() -> None:
    recent, one = Recent(10_000, 60), delivered("issue_comment", comment())
    recent.keep(one, "trace")
    assert recent.take("d-1") == (one, "trace")
    assert recent.take("d-1") is None


def test_the_oldest_give_way_and_what_is_too_large_is_not_kept() -> None:
    one = delivered("issue_comment", comment(), "one")
    recent = Recent(len(one.body) * 2 + 100, 60)
    for name in ("one", "two", "three"):
        recent.keep(delivered("issue_comment", comment(), name), "")
    recent.keep(delivered("issue_comment", comment(body="x" * 10_000), "large"), "")
    assert [recent.take(name) is not None for name in ("one", "two", "three", "large")] == [False, True, True, False]


def test_what_was_kept_too_long_is_read_again() -> None:
    recent = Recent(10_000, 0.01)
    recent.keep(delivered("issue_comment", comment()), "")
    time.sleep(0.02)
    assert recent.take("d-1") is None
    recent.keep(delivered("issue_comment", comment(), "old"), "")
    time.sleep(0.02)
    recent.keep(delivered("issue_comment", comment(), "new"), "")
    assert recent._bytes == len(delivered("issue_comment", comment(), "new").body)
