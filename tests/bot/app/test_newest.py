"""What a service remembers has a bound."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from bot.app.newest import Newest


@given(st.lists(st.integers(0, 20)), st.integers(1, 8))
def test_the_last_used_are_kept_and_no_more(keys: list[int], most: int) -> None:
    held: Newest[int, int] = Newest(most)
    for key in keys:
        held.put(key, key)
    kept = list(dict.fromkeys(reversed(keys)))[:most]
    assert len(held) == len(kept)
    assert [held.get(key) for key in kept] == kept


def test_looking_at_something_keeps_it_and_dropping_forgets_it() -> None:
    held: Newest[str, int] = Newest(2)
    held.put("a", 1)
    held.put("b", 2)
    held.get("a")
    held.put("c", 3)
    assert (held.get("a"), held.get("b"), held.get("c")) == (1, None, 3)
    held.drop(lambda key, value: key == "a" or value == 2)
    assert (held.get("a"), held.get("c")) == (None, 3)


def test_what_is_made_on_demand_is_the_same_for_all_who_ask_at_once() -> None:
    held: Newest[str, object] = Newest(4)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: held.ever("a", object), range(64)))
    assert len({id(each) for each in found}) == 1
    for key in "bcdef":
        held.ever(key, object)
    assert len(held) == 4 and held.get("a") is None
