"""A sample of rows that is the same every time."""

from collections.abc import Sequence

import polars as pl


def sampled(frame: pl.LazyFrame, names: Sequence[str], rows: int, seed: int) -> tuple[pl.DataFrame, int]:
    """About `rows` rows of the named columns, spread over the whole frame, and the number of all rows.

    A row is in the sample when the hash of its number under `seed` is small enough, so the sample does not depend on
    threads or files. A frame of at most `rows` rows comes whole.
    """
    total = int(frame.select(pl.len()).collect(engine="streaming").item())
    chosen = frame.select(names)
    if total > rows:
        number = next(name for name in map("row{}".format, range(len(names) + 1)) if name not in names)
        limit = int(2**64 * rows / total)
        chosen = chosen.with_row_index(number).filter(pl.col(number).hash(seed) < limit).drop(number)
    return chosen.collect(engine="streaming"), total
