"""What is left of the hour, and whose turn it is to write."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.allowance import Allowance


def headers(left: object, most: object, resets: object = 2_000, resource: str = "core") -> dict[str, str]:
    told = {"remaining": left, "limit": most, "reset": resets, "resource": resource}
    return {f"x-ratelimit-{name}": str(value) for name, value in told.items()}


@given(left=st.integers(0, 20_000), most=st.integers(1, 20_000), now=st.floats(0, 4_000))
def test_ap_04_it_is_low_below_a_tenth_until_the_hour_is_over(left: int, most: int, now: float) -> None:
    allowance = Allowance()
    allowance.note(headers(left, most))
    assert allowance.low(now) == (left / most < 0.1 and now < 2_000)


def test_ap_04_nothing_is_low_before_github_said_so() -> None:
    allowance = Allowance()
    assert not allowance.low(0)
    for told in ({}, headers("", 5000), headers("many", 5000), {"x-ratelimit-remaining": "1"}):
        allowance.note(told)
    assert not allowance.low(0)
    allowance.note(headers("1.0", "5000.0"))
    assert allowance.low(0)


def test_ap_04_searches_and_graphql_are_counted_apart() -> None:
    allowance = Allowance()
    for resource in ("search", "graphql"):
        allowance.note(headers(1, 5_000, resource=resource))
    assert not allowance.low(0)


@given(st.lists(st.floats(0, 3), min_size=1, max_size=30))
def test_ap_09_turns_are_at_least_their_spacing_apart(pauses: list[float]) -> None:
    now, wrote = [1_000.0], []

    def sleep(seconds: float) -> None:
        now[0] += seconds

    allowance = Allowance()
    for pause in pauses:
        now[0] += pause
        allowance.turn(1.0, lambda: now[0], sleep)
        wrote.append(now[0])
    assert all(later - earlier >= 1 - 1e-9 for earlier, later in pairwise(wrote))
    assert now[0] <= 1_000 + sum(pauses) + len(pauses) + 1e-6


def test_ap_09_a_clock_that_was_set_back_keeps_nobody_waiting() -> None:
    waits: list[float] = []
    allowance = Allowance()
    allowance.turn(1.0, lambda: 10_000.0, waits.append)
    allowance.turn(1.0, lambda: 5_000.0, waits.append)
    assert waits == []


def test_ap_09_threads_take_turns() -> None:
    allowance = Allowance()
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: allowance.turn(0.03, time.time, time.sleep), range(8)))
    assert time.monotonic() - began >= 7 * 0.03 * 0.9
