"""Writes a contract from what the data are: types, missing values, ranges with head-room, small sets of categories.

It is a starting point for people. Whatever a column is called, the file is valid Python, and every name and value of the
data stands in it as a literal.
"""

import keyword
import math
import re
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from actions.data.contract import check
from actions.data.kinds import DataType
from actions.datafile import DataFile
from actions.setup.columns import Column, Table

HEAD_ROOM = 0.5
"""How far beyond what was seen a range reaches, as a share of its width."""
_SMALLEST = 1e-100
_SHARE = re.compile(r"(^|_)(p|prob|probability|share|ratio|rate|fraction|score|confidence)(_|$)")
TAKEN = frozenset(
    [
        "Config",
        "Annotated",
        "build_schema_",
        "pa",
        "pl",
        "empty",
        "example",
        "from_json",
        "from_yaml",
        "get_metadata",
        "pydantic_validate",
        "strategy",
        "to_json",
        "to_json_schema",
        "to_schema",
        "to_yaml",
        "validate",
    ]
)
"""Names that mean something else inside a pandera model, or in the file around it."""
_PLAIN = frozenset(
    [
        "Boolean",
        "Int8",
        "Int16",
        "Int32",
        "Int64",
        "UInt8",
        "UInt16",
        "UInt32",
        "UInt64",
        "Float32",
        "Float64",
        "String",
        "Categorical",
        "Date",
        "Time",
        "Binary",
    ]
)
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Contract:
    """A contract that holds on the data it was inferred from: its file, its class and its text."""

    file: str
    name: str
    text: str

    @property
    def reference(self) -> str:
        """As `assay.yml` names it."""
        return f"{self.file}:{self.name}"


@dataclass
class _Loosened:
    """What did not hold on the data after all: columns without checks, and columns that are not described."""

    unchecked: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)


def infer(
    path: str, file: str, table: Table, files: Sequence[DataFile], *, key: Collection[str] = (), hidden: Collection[str] = ()
) -> Contract | None:
    """A contract for a data set, tried on all of its rows; None where nothing can be said that holds.

    Args:
        path: the data set, as `assay.yml` calls it.
        file: where the contract will stand.
        table: what is known of its columns.
        files: its bytes.
        key: columns that name a row: their values grow, so they get no upper limit.
        hidden: columns with personal values, of which none is written down.
    """
    if not table.rows:
        return None
    loosened = _Loosened()
    name = class_name(Path(file).stem)
    for _ in range(3):
        contract = Contract(file, name, _text(path, name, table, loosened, key, hidden))
        failing = _failing(contract, files)
        if not failing:
            return contract if len(loosened.absent) < len(table.columns) else None
        for column in failing:
            (loosened.absent if column in loosened.unchecked else loosened.unchecked).add(column)
    return None


def class_name(stem: str) -> str:
    """The class of a contract: `delayed-flights` becomes `DelayedFlights`."""
    words = re.findall(r"[A-Za-z0-9]+", stem)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    usable = name and not name[0].isdigit() and not keyword.iskeyword(name) and name not in TAKEN
    return name if usable else f"Data{name}"


def _failing(contract: Contract, files: Sequence[DataFile]) -> set[str]:
    """The columns of which a rule does not hold, tried as `assay check` will try it."""
    with tempfile.TemporaryDirectory(prefix="assay-contract-") as folder:
        target = Path(folder, contract.file)
        target.parent.mkdir(parents=True)
        target.write_text(contract.text, encoding="utf-8")
        return {failure.column or "" for failure in check(contract.reference, files, root=Path(folder), key=None).failures}


def _text(path: str, name: str, table: Table, loosened: _Loosened, key: Collection[str], hidden: Collection[str]) -> str:
    attributes = _attributes([column.name for column in table.columns])
    lines, left_out = [], [repr(each) for each in table.hostile]
    for column in table.columns:
        annotation = annotated(column.dtype)
        if annotation is None or column.name in loosened.absent:
            left_out.append(f"{column.name!r} ({column.dtype})")
            continue
        arguments = _arguments(column, column.name in key, column.name in hidden, column.name in loosened.unchecked)
        if attributes[column.name] != column.name:
            arguments.append(f"alias={literal(column.name)}")
        field_text = f" = pa.Field({', '.join(arguments)})" if arguments else ""
        lines.append(f"    {attributes[column.name]}: {annotation}{field_text}")
    if left_out:
        lines.append(f"    # Not described: {_one_line(', '.join(left_out))}")
    return _frame(path, name, lines)


def _frame(path: str, name: str, lines: list[str]) -> str:
    needs = ["from typing import Annotated\n\n"] if any("Annotated[" in line for line in lines) else []
    return (
        '"""A first contract, inferred from the data by `assay init`: tighten what you know, loosen what you do not mean."""\n\n'
        f"{''.join(needs)}import pandera.polars as pa\nimport polars as pl\n\n\n"
        f'class {name}(pa.DataFrameModel):\n    """Every row of the data set below."""\n\n'
        f"    # {_one_line(ascii(path))}\n" + "\n".join(lines) + "\n"
    )


def _one_line(text: str) -> str:
    return text if len(text) <= 500 else f"{text[:499]}…"


def _attributes(names: Sequence[str]) -> dict[str, str]:
    """The attribute of each column: its name, or where Python or pandera cannot have that, `column_3`."""
    found: dict[str, str] = {}
    for place, name in enumerate(names, 1):
        if _IDENTIFIER.fullmatch(name) and not keyword.iskeyword(name) and name not in TAKEN:
            found[name] = name
            continue
        attribute = f"column_{place}"
        while attribute in names:
            attribute += "_"
        found[name] = attribute
    return found


def annotated(dtype: DataType) -> str | None:
    """A type as a contract writes it; None for one that is too rare or too nested to be worth a rule."""
    if str(dtype) in _PLAIN:
        return f"pl.{dtype}"
    if isinstance(dtype, pl.Datetime):
        return f'Annotated[pl.Datetime, "{dtype.time_unit}", {literal(dtype.time_zone)}]'
    if isinstance(dtype, pl.Duration):
        return f'Annotated[pl.Duration, "{dtype.time_unit}"]'
    if isinstance(dtype, pl.Decimal):
        return f"Annotated[pl.Decimal, {dtype.precision}, {dtype.scale}]"
    if isinstance(dtype, pl.List) and str(dtype.inner) in _PLAIN:
        return f"Annotated[pl.List, pl.{dtype.inner}()]"
    return None


def literal(text: str | None) -> str:
    """A text as Python source, in double quotes where that needs no escape. What cannot be printed is escaped."""
    source = repr(text)
    return f'"{source[1:-1]}"' if source.startswith("'") and '"' not in source else source


def _arguments(column: Column, is_key: bool, hidden: bool, unchecked: bool) -> list[str]:
    arguments = []
    if not unchecked and not hidden:
        if column.categories:
            arguments.append(f"isin=[{', '.join(literal(each) for each in column.categories)}]")
        elif column.low is not None and column.high is not None:
            share = _SHARE.search(column.name.lower()) is not None
            low, high = limits(column.low, column.high, whole=column.dtype.is_integer(), share=share)
            arguments += [] if low is None else [f"ge={low}"]
            # NaN is beyond every upper limit, so a column that has it gets none; a name of a row may grow.
            arguments += [] if high is None or is_key or column.nans else [f"le={high}"]
    if not column.complete:
        arguments.append("nullable=True")
    return arguments


def limits(
    low: int | float, high: int | float, *, whole: bool, share: bool = False
) -> tuple[int | float | None, int | float | None]:
    """A range with head-room around what was seen, at round numbers; None for an end that no float can hold.

    What was never negative must stay so, and what is called a share and was one must stay one.
    """
    if share and low >= 0 and high <= 1:
        return 0, 1
    room = HEAD_ROOM * ((high - low) or abs(high) or 1)
    under = 0 if low >= 0 else _outward(low - room, down=True)
    over = 0 if high <= 0 else _outward(high + room, down=False)
    if not whole:
        return under, over
    return None if under is None else math.floor(under), None if over is None else math.ceil(over)


def _outward(value: int | float, *, down: bool) -> int | float | None:
    """The next number away from the data with two significant digits."""
    if not math.isfinite(value):
        return None
    if abs(value) < _SMALLEST:
        return -_SMALLEST if down else _SMALLEST
    exponent = math.floor(math.log10(abs(value))) - 1
    scaled = value / 10**exponent if exponent >= 0 else value * 10**-exponent
    rounded = math.floor(scaled) if down else math.ceil(scaled)
    # Dividing by a power of ten, not multiplying by its inverse, gives the shortest number.
    return int(rounded * 10**exponent) if exponent >= 0 else float(rounded / 10**-exponent)
