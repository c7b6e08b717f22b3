"""What is said of champion and challenger goes into the facts and comes back, and facts without it are as they were."""

from policy.facts.newest import NewestFacts
from policy.facts.reading import read, write
from tests.policy.test_newest import fact
from tests.reports import samples


def test_it_comes_back_and_is_left_out_where_nobody_asked() -> None:
    found = NewestFacts(rows=480, start="2026-07-03T22:00:00+00:00", left_out=3, metrics=[fact(0.7, 0.75, 0.01)])
    facts = samples.facts().model_copy(update={"newest": found})
    assert read(write(facts)).newest == found
    assert b"newest" not in write(samples.facts()) and read(write(samples.facts())).newest is None
