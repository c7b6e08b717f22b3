"""One process of the cached-drift bench: compares a Parquet file with a profile that is already cached, or only reads it."""

import sys
from pathlib import Path

import polars as pl

from actions.datafile import DataFile
from actions.drift.cache import ProfileCache
from actions.drift.compare import Source, drift, profile
from policy.drift import Drift
from tests.bench import data
from tests.bench.cases import BENCH


def main(head: Path, what: str) -> None:
    """Do the one thing that is timed."""
    base, _ = data.write(BENCH / "data", 1_000_000)
    cache = ProfileCache(BENCH / "profiles")
    base_files, head_files = [DataFile(base.name, base)], [DataFile(head.name, head)]
    if cache.get("md5:base") is None:
        cache.put("md5:base", profile(base_files))
    if what == "drift":
        # Head has no digest, so that only the base comes from the cache.
        drift(Source("md5:base", lambda: base_files), Source(None, lambda: head_files), Drift(mode="profile"), cache=cache)
    elif what == "read":
        pl.read_parquet(head)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
