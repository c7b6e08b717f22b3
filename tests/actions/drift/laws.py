"""Columns that have gone wrong before: ties, constants, tiny, huge, many alike, infinities."""

import numpy as np
from hypothesis import strategies as st

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e290, max_value=1e290)
tied = st.integers(-3, 3).map(float)
near = st.floats(-1, 1).map(lambda value: 1e9 + value)
tiny = st.floats(-1e-200, 1e-200)
samples = st.one_of(*(st.lists(kind, min_size=1, max_size=60) for kind in (finite, tied, near, tiny))).map(np.array)


@st.composite
def columns(draw: st.DrawFn, rows: int = 6_000) -> np.ndarray:
    """A column that is long enough to be compressed, of a shape and seed that hypothesis chooses."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.one_of(st.integers(3_000, rows), st.just(40_000)))
    shape = draw(st.sampled_from(["normal", "tail", "atoms", "integers", "two", "shifted"]))
    return {
        "normal": lambda: random.normal(draw(st.floats(-1, 1)), 1, count),
        "tail": lambda: random.standard_cauchy(count),
        "atoms": lambda: np.where(random.random(count) < 0.4, 0.0, random.lognormal(0, 2, count)),
        "integers": lambda: random.integers(0, 3_000, count).astype(float),
        "two": lambda: random.choice([0.0, 1e6], count) + random.normal(0, 1e-3, count),
        "shifted": lambda: random.normal(1e7, 1, count),
    }[shape]()
