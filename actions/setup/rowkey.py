"""Guesses which columns make a row the same row: tried on a sample, then held to every row."""

from collections.abc import Iterator, Sequence

import polars as pl

from actions.data.sample import sampled
from actions.setup.columns import Column, Table

SAMPLE = 20_000
MOST_COLUMNS = 4
"""A key of more columns says little about what a row is."""
FEW_ROWS = 200
"""With fewer rows a column may be unique by accident, so only one that is named like a key is believed."""
_NEARLY = 0.99
LONGEST = 64
"""Bytes of a text that may name a row; longer ones are what the row says."""

_NAMES = ("id", "key", "uuid", "guid", "index", "rowid")
_ENDINGS = ("_id", "_key", "_uuid", "_guid", "_no", "_number")


def infer(frame: pl.LazyFrame, table: Table, seed: int = 0) -> list[str]:
    """The columns of a key that no two rows share, in the order of the data; empty where none is found."""
    candidates = [column.name for column in table.columns if _possible(column)]
    if not candidates or table.rows < 2:
        return []
    sample, _ = sampled(frame, candidates, SAMPLE, seed)
    candidates = [name for name in candidates if _short(sample[name])]
    for key in _proposals(sample, candidates, table.rows):
        found = key if unique(frame, key) else _completed(frame, candidates, key) if len(key) > 1 else []
        if found:
            return [name for name in candidates if name in found]
    return []


def unique(frame: pl.LazyFrame, key: Sequence[str]) -> bool:
    """Whether no two rows share their values of the key."""
    columns = [pl.col(name) for name in key]
    rows, distinct = frame.select(pl.len(), pl.struct(columns).n_unique().alias("distinct")).collect(engine="streaming").row(0)
    return bool(rows == distinct)


def _possible(column: Column) -> bool:
    kind = column.dtype
    return column.complete and (kind.is_integer() or kind.is_temporal() or kind in (pl.String, pl.Categorical))


def _short(values: pl.Series) -> bool:
    if values.dtype != pl.String:
        return True
    longest = values.str.len_bytes().max()
    return not isinstance(longest, int) or longest <= LONGEST


def named_like_a_key(name: str) -> bool:
    """Whether people would take a column of this name for what names a row."""
    lower = name.lower()
    return lower in _NAMES or lower.endswith(_ENDINGS)


def _proposals(sample: pl.DataFrame, candidates: Sequence[str], rows: int) -> Iterator[list[str]]:
    """Keys that hold on the sample, the most likely first."""
    alone = [name for name in candidates if sample[name].n_unique() == sample.height]
    yield from ([name] for name in alone if named_like_a_key(name))
    if rows < FEW_ROWS:
        return
    yield from ([name] for name in alone if not named_like_a_key(name))
    grown = _grown(sample, candidates)
    if grown:
        yield grown


def _grown(sample: pl.DataFrame, candidates: Sequence[str]) -> list[str]:
    """Columns taken greedily, the one that tells most rows apart first; then those left out again that are not needed."""
    key: list[str] = []
    while len(key) < MOST_COLUMNS:
        rest = [name for name in candidates if name not in key]
        if not rest:
            return []
        key.append(_best(sample, key, rest))
        if _distinct(sample, key) == sample.height:
            return _pruned(sample, key)
    return []


def _completed(frame: pl.LazyFrame, candidates: Sequence[str], key: list[str]) -> list[str]:
    """The key with more columns, those that tell the rows apart which share it: a sample holds few such rows, all rows do."""
    while len(key) < MOST_COLUMNS:
        together = frame.select(candidates).filter(pl.struct(key).is_duplicated()).head(SAMPLE).collect(engine="streaming")
        rest = [name for name in candidates if name not in key]
        if not rest:
            return []
        key = [*key, _best(together, key, rest)]
        if unique(frame, key):
            return key
    return []


def _pruned(sample: pl.DataFrame, key: list[str]) -> list[str]:
    for name in list(key):
        rest = [other for other in key if other != name]
        if rest and _distinct(sample, rest) == sample.height:
            key = rest
    return key


def _best(sample: pl.DataFrame, key: list[str], rest: Sequence[str]) -> str:
    """The column that tells most rows apart; where several do so about as well, a name before a time before a number."""
    told = {name: _distinct(sample, [*key, name]) for name in rest}
    most = max(told.values())
    enough = most if most == sample.height else _NEARLY * most
    return min((name for name in rest if told[name] >= enough), key=lambda name: _rank(sample[name]))


def _rank(values: pl.Series) -> int:
    if values.dtype in (pl.String, pl.Categorical):
        return 0
    return 1 if values.dtype.is_temporal() else 2


def _distinct(sample: pl.DataFrame, names: Sequence[str]) -> int:
    return sample.select(names).n_unique()
