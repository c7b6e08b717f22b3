"""Lines that differ, and the time it takes to find them."""

import time

from hypothesis import given
from hypothesis import strategies as st

from reports.difference import changed

LINES = st.lists(st.sampled_from("abcd"), max_size=100)


@given(LINES, LINES)
def test_what_went_and_what_came_makes_the_one_text_into_the_other(before: list[str], after: list[str]) -> None:
    told = changed(before, after)
    assert bool(told) == (before != after)
    for line in set(before) | set(after):
        assert after.count(line) - before.count(line) == told.count(f"+{line}") - told.count(f"-{line}")


def test_only_the_line_that_changed_is_told() -> None:
    assert changed(["a", "b", "c", "d"], ["a", "B", "c", "d"]) == ["-b", "+B"]
    assert changed([], ["a"]) == ["+a"] and changed(["a"], []) == ["-a"] and changed(["a"], ["a"]) == []


def test_ga_04_texts_that_are_made_to_be_slow_to_compare_are_not() -> None:
    began = time.perf_counter()
    changed(["a", "b"] * 100_000, ["b", "a"] * 100_000 + ["c"])
    assert time.perf_counter() - began < 1
