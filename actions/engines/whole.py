"""Tries a contract of pandera's pandas backend on Parquet files.

pandas has no lazy frames, so the table is held whole and pandera's own `validate` judges it: this is for tables that fit
in memory, and for contracts that need what only pandas checks can say. Use the polars backend for large tables.
"""

import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrorReason, SchemaErrors

EXAMPLES = 10
_WHOLE = {
    SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME: "exists",
    SchemaErrorReason.COLUMN_NOT_IN_SCHEMA: "no other columns",
    SchemaErrorReason.COLUMN_NOT_ORDERED: "order of columns",
    SchemaErrorReason.INVALID_COLUMN_NAME: "exists",
    SchemaErrorReason.ADD_MISSING_COLUMN_NO_DEFAULT: "exists",
    SchemaErrorReason.DUPLICATE_COLUMN_LABELS: "column names are unique",
}
_ROWS = {
    SchemaErrorReason.SERIES_CONTAINS_NULLS: "not null",
    SchemaErrorReason.SERIES_CONTAINS_DUPLICATES: "unique",
}


def check(schema: Any, paths: list[str], key: list[str], told: Callable[[BaseException], str]) -> dict[str, Any]:
    """Try `schema` on the rows of `paths`; arguments and answer are those of `columnar.check`."""
    warnings.simplefilter("ignore")
    try:
        frame = pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
    except Exception as error:  # pyarrow's errors have no common ancestor; whatever keeps the file from being read is told
        return {"unreadable": (str(error) or type(error).__name__).splitlines()[0][:300], "rows": 0, "failures": []}
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        present = [name for name in key if name in frame.columns]
        return {"rows": len(frame), "failures": [_failure(error, frame, present, told) for error in errors.schema_errors]}
    return {"rows": len(frame), "failures": []}


def _failure(error: Any, frame: "pd.DataFrame", key: list[str], told: Callable[[BaseException], str]) -> dict[str, Any]:
    rule, cases, reason = _rule(error), error.failure_cases, error.reason_code
    column = getattr(error.schema, "name", None) if type(error.schema).__name__ == "Column" else None
    if reason in _WHOLE:
        return _json(_WHOLE[reason], str(cases)[:500], len(frame), [_found("not as the contract says")], whole=True)
    if reason is SchemaErrorReason.WRONG_DATATYPE:
        return _json(f"type {error.schema.dtype}", column, len(frame), [_found(str(frame[column].dtype))], whole=True)
    if reason is SchemaErrorReason.CHECK_ERROR:
        return _json(f"{rule} can be tried", column, len(frame), [_found(str(cases))], whole=True)
    if not isinstance(cases, pd.DataFrame):
        return _json(rule, column, len(frame), [_found("it does not hold for the whole")], whole=True)
    rows = [int(row) for row in dict.fromkeys(cases["index"].dropna())]
    if reason is SchemaErrorReason.DATATYPE_COERCION:
        rule = f"can become {error.schema.dtype}"
        rows = [row for row in rows if column is None or frame[column].notna().iloc[row]]
    if reason is SchemaErrorReason.DUPLICATES:
        rule = "unique together: " + ", ".join(dict.fromkeys(cases["column"]))
    examples = [_example(frame, row, column, key) for row in rows[:EXAMPLES]]
    return _json(rule, column, len(rows), examples)


def _rule(error: Any) -> str:
    if error.reason_code in _ROWS:
        return _ROWS[error.reason_code]
    return str(error.check if isinstance(error.check, str) else error.check.error or error.check.name or "check")


def _example(frame: "pd.DataFrame", row: int, column: str | None, key: list[str]) -> dict[str, Any]:
    names = {name: text(frame[name].iloc[row]) for name in key} or {"row": str(row)}
    return {"key": names, "value": text(frame[column].iloc[row]) if column in frame.columns else None}


def _found(value: str) -> dict[str, Any]:
    return {"key": {}, "value": value}


def _json(rule: str, column: str | None, count: int, examples: list[Any], *, whole: bool = False) -> dict[str, Any]:
    return {"rule": rule, "column": column, "count": count, "whole": whole, "warning": False, "examples": examples}


def text(value: Any) -> str:
    """A value as people read it, cut to 200 characters."""
    return "null" if value is None or value is pd.NA or value != value else str(value)[:200]
