"""The sample: the same every time, near its size, spread over the frame."""

import polars as pl

from actions.data.sample import sampled

FRAME = pl.LazyFrame({"row0": range(100_000), "other": ["x"] * 100_000})


def test_a_sample_is_the_same_every_time_and_another_for_another_seed() -> None:
    first, total = sampled(FRAME, ["row0"], 1_000, 1)
    assert total == 100_000
    assert first.equals(sampled(FRAME, ["row0"], 1_000, 1)[0])
    assert not first.equals(sampled(FRAME, ["row0"], 1_000, 2)[0])


def test_a_sample_is_near_its_size_and_spread_over_the_frame() -> None:
    sample, _ = sampled(FRAME, ["row0"], 2_000, 0)
    assert 1_700 < sample.height < 2_300
    assert sample.columns == ["row0"]
    assert 45_000 < float(sample["row0"].mean() or 0) < 55_000


def test_a_small_frame_comes_whole() -> None:
    sample, total = sampled(FRAME.head(10), ["other", "row0"], 10, 3)
    assert (sample.height, total, sample.columns) == (10, 10, ["other", "row0"])
