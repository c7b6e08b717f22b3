"""Turns text formats into Parquet once per process, so that everything after reads columns and not lines.

CSV and JSON Lines have no types and no columns to pick from: reading one column costs as much as reading all. So they
are parsed once, streaming, into a temporary Parquet file that is deleted when the process ends. Types come from the
**whole** file, never from its first lines: base and head must not differ because a sample did.
"""

import csv
import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from actions.datafile import DataFile
from actions.formats import Format, Unreadable, detect, is_arrow_file, look
from actions.unpack import unpack
from policy.problems import OutsideProblem
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

MISSING = ("NA", "N/A", "NULL", "null", "None", "#N/A")
"""Words that mean "no value" in a CSV column of numbers. In a column of text they are text."""
_SAMPLE = 10_000

_lock = threading.Lock()
_folder: "tempfile.TemporaryDirectory[str] | None" = None
_staged: dict[tuple[str, str, int, int], Path] = {}


def as_parquet(file: DataFile) -> Path:
    """A Parquet file with the rows of `file`: its own path where it is one, else a temporary copy made once per process.

    Raises:
        Unreadable: missing, empty, corrupt, packed in an unsafe way, or of no known format.
        OutsideProblem: the temporary folder is full.
    """
    form = detect(file.name)
    look(file, form.kind)
    if form.kind == "parquet":
        return file.path
    stat = file.path.stat()
    identity = (str(file.path), file.name, stat.st_size, stat.st_mtime_ns)
    with _lock:
        if identity not in _staged:
            _staged[identity] = _stage(file, form, Path(_home()) / f"{len(_staged)}.parquet")
        return _staged[identity]


def temporary(suffix: str) -> Path:
    """A place for a file of this process, which is removed when it ends."""
    with _lock:
        descriptor, name = tempfile.mkstemp(dir=_home(), suffix=suffix)
        os.close(descriptor)
    return Path(name)


def _home() -> str:
    global _folder
    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="assay-", ignore_cleanup_errors=True)
    return _folder.name


def _stage(file: DataFile, form: Format, target: Path) -> Path:
    import polars as pl

    plain = target.with_suffix(".plain")
    try:
        if form.packing:
            unpack(file, form.packing, plain)
        source = DataFile(file.name, plain) if form.packing else file
        {"csv": _csv, "jsonl": _jsonl, "arrow": _arrow}[form.kind](source, form, target)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise corrupt(file.name, error) from None
    except OSError as error:
        raise OutsideProblem(
            f"the copy failed: {error.strerror or error}", where=file.name, next="free some disk space"
        ) from None
    finally:
        plain.unlink(missing_ok=True)
    return target


def corrupt(name: str, error: Exception) -> Unreadable:
    """The reader's words for what the frame library found wrong with the bytes."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return Unreadable(first[:300], where=name, next="write the file again and push it")


def _csv(file: DataFile, form: Format, target: Path) -> None:
    import polars as pl

    _distinct_header(file, form.separator)

    def scan(rows: int | None, text: dict[str, pl.DataType]) -> pl.LazyFrame:
        return pl.scan_csv(
            file.path, separator=form.separator, glob=False, infer_schema_length=rows, schema_overrides=text, low_memory=True
        )

    lazy = scan(_SAMPLE, {})
    head = lazy.head(_SAMPLE).collect() if _types_hold(lazy, _SAMPLE) else None
    if head is None or any(head[name].null_count() == len(head) for name in head.columns):
        # Within the sample a column was empty or of another type than its first lines: read every line to know the types.
        lazy = scan(None, {})
        head = lazy.head(_SAMPLE).collect()
    try:
        _sink(_with_missing(lazy, head), target)
    except pl.exceptions.ComputeError:
        lazy = scan(None, {})
        _sink(_with_missing(lazy, lazy.head(_SAMPLE).collect()), target)


def _types_hold(lazy: "pl.LazyFrame", rows: int) -> bool:
    import polars as pl

    try:
        lazy.head(rows).collect()
    except pl.exceptions.ComputeError:
        return False
    return True


def _distinct_header(file: DataFile, separator: str) -> None:
    with file.path.open(newline="", encoding="utf-8-sig", errors="replace") as stream:
        header = next(csv.reader([stream.readline(1_000_000)], delimiter=separator), [])
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise Unreadable(f"the column '{twice[0]}' appears twice", where=file.name, next="give every column a name of its own")


def _with_missing(lazy: "pl.LazyFrame", head: "pl.DataFrame") -> "pl.LazyFrame":
    """Read columns of text that hold nothing but numbers and words for "missing" as numbers.

    A column is looked at whole only where its first rows allow it, so ordinary text costs nothing.
    """
    import polars as pl

    maybe = [name for name, dtype in head.schema.items() if dtype == pl.String and _could_be_numbers(head[name])]
    if not maybe:
        return lazy
    bare = {name: pl.when(~pl.col(name).is_in(MISSING)).then(pl.col(name)) for name in maybe}
    found: dict[str, pl.Expr] = {}
    for dtype in (pl.Int64, pl.Float64):
        numbers = [expr.cast(dtype, strict=False).count().alias(name) for name, expr in bare.items()]
        values = [expr.count().alias(f"{name} values") for name, expr in bare.items()]
        count = lazy.select(numbers + values).collect(engine="streaming").row(0, named=True)
        found |= {
            name: expr.cast(dtype)
            for name, expr in bare.items()
            if name not in found and 0 < count[name] == count[f"{name} values"]
        }
    return lazy.with_columns(expr.alias(name) for name, expr in found.items())


def _could_be_numbers(column: "pl.Series") -> bool:
    """Whether the first rows hold nothing but numbers and words for "missing"."""
    import polars as pl

    values = column.drop_nulls()
    return values.filter(~values.is_in(MISSING)).cast(pl.Float64, strict=False).null_count() == 0


def _jsonl(file: DataFile, form: Format, target: Path) -> None:
    import polars as pl

    # Every line is read for its keys: a key that first appears late would otherwise be dropped without a word.
    _sink(pl.scan_ndjson(file.path, infer_schema_length=None, low_memory=True), target)


def _arrow(file: DataFile, form: Format, target: Path) -> None:
    import polars as pl

    if is_arrow_file(file.path):
        _sink(pl.scan_ipc(file.path, glob=False, hive_partitioning=False), target)
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pa.OSFile(str(file.path)) as source, pa.ipc.open_stream(source) as stream:
        writer = pq.ParquetWriter(target, stream.schema)
        for batch in stream:
            writer.write_batch(batch)
        writer.close()


def _sink(lazy: "pl.LazyFrame", target: Path) -> None:
    if not lazy.collect_schema():
        raise Unreadable("it has no columns", where="", next="write the file again", reason=Reason.DATA_EMPTY)
    lazy.sink_parquet(target, compression="lz4", statistics=True, row_group_size=250_000)
