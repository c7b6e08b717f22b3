"""What may be confirmed by a 304 is kept within bounds."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.memory import Known, Memory


def known(length: int, etag: str = "e") -> Known:
    return Known(etag, "x" * length, "")


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 400)), max_size=60))
def test_ap_03_memory_is_bounded_and_holds_the_newest(kept: list[tuple[str, int]]) -> None:
    memory = Memory(1_000)
    for path, length in kept:
        memory.keep(path, known(length))
        assert 0 <= memory.size <= 1_000
    if kept and kept[-1][1] < 240:
        assert memory.recall(kept[-1][0]) == known(kept[-1][1])


def test_ap_03_the_longest_unused_goes_first() -> None:
    memory = Memory(1_000)
    for path in "abcd":
        memory.keep(path, known(200))
    memory.recall("a")
    for path in "ef":
        memory.keep(path, known(200))
    assert [path for path in "abcdef" if memory.recall(path)] == ["a", "d", "e", "f"]


def test_ap_03_what_is_too_large_is_not_kept_and_the_old_one_is_forgotten() -> None:
    memory = Memory(1_000)
    memory.keep("a", known(10))
    memory.keep("a", known(900))
    assert memory.recall("a") is None and memory.size == 0
    memory.keep("b", Known("e", "é" * 130, ""))  # 260 bytes
    assert memory.recall("b") is None


def test_ap_08_the_memory_shows_nothing_of_what_it_holds() -> None:
    memory = Memory()
    memory.keep("/canary", Known("canary", "canary", "canary"))
    assert "canary" not in repr(memory)


def test_several_threads_keep_the_count_right() -> None:
    memory = Memory(10_000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: (memory.keep(str(at % 50), known(at % 300)), memory.recall(str(at % 7))), range(4_000)))
    held = {path: found for path in map(str, range(50)) if (found := memory.recall(path))}
    assert held and memory.size == sum(len(path) + 1 + len(found.text) for path, found in held.items())
