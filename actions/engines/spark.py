"""Tries a contract of pandera's pyspark backend on Parquet files: Spark counts, and only ten rows a rule come back.

`pandera`'s own `validate` on Spark says which rules fail but neither in how many rows nor in which, so its built-in checks
are handed a data frame that remembers the filter they apply. A check of the user's answers yes or no for the whole
column, as pandera asks of it. Spark needs an interpreter of its own: pandera's pyspark backend does not import beside
pandas 3 (see requirements-spark.lock).
"""

import os
import re
import sys
from collections.abc import Callable
from functools import reduce
from typing import Any

EXAMPLES = 10


def check(schema: Any, paths: list[str], key: list[str], told: Callable[[BaseException], str]) -> dict[str, Any]:
    """Try `schema` on the rows of `paths`; arguments and answer are those of `columnar.check`."""
    from pyspark.errors import AnalysisException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = (
        SparkSession.builder.appName("assay").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "8")
    )
    spark = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    try:
        frame = spark.read.parquet(*paths)
        rows = frame.count()
        return {"rows": rows, "failures": Trial(schema, frame, rows, key, told).run()}
    except AnalysisException as error:
        return {"unreadable": str(error).splitlines()[0][:300], "rows": 0, "failures": []}
    except Exception as error:
        if "Parquet" not in str(error) and "parquet" not in str(error):
            raise
        return {"unreadable": "Spark cannot read the file as Parquet", "rows": 0, "failures": []}
    finally:
        spark.stop()


class Remembers:
    """While entered, a data frame remembers the rows that it was last filtered to: in pandera's checks, those that fail."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.failing: Any = None

    def __enter__(self) -> "Remembers":
        plain = self.frame.filter

        def remembering(condition: Any) -> Any:
            self.failing = plain(condition)
            return self.failing

        self.frame.filter = remembering
        return self

    def __exit__(self, *error: object) -> None:
        del self.frame.filter


class Trial:
    """One contract on one Spark data frame."""

    def __init__(self, schema: Any, frame: Any, rows: int, key: list[str], told: Callable[[BaseException], str]) -> None:
        schema.get_backend(frame)  # registers pandera's pyspark backends; a check alone takes the frame for one of pandas
        self.schema, self.rows, self.told = schema, rows, told
        self.frame = frame.pandera.add_schema(schema)
        self.key = [name for name in key if name in frame.columns]
        self.failures: list[dict[str, Any]] = []

    def run(self) -> list[dict[str, Any]]:
        """Everything that does not hold."""
        for name, column in self._structure():
            if self._type(name, column):
                self._values(name, column)
        unique = self.schema.unique or []
        for names in [unique] if all(isinstance(name, str) for name in unique) else unique:
            self._unique([name for name in names if name in self.frame.columns])
        for one in self.schema.checks:
            self._check(one, None)
        return self.failures

    def _structure(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for name, column in self.schema.columns.items():
            pattern = re.compile(name if column.regex else re.escape(name))
            matched = [other for other in self.frame.columns if pattern.fullmatch(other)]
            found += [(other, column) for other in matched]
            if not matched and column.required:
                self._whole("exists", name, "no column matches" if column.regex else "the column is missing")
        known = [name for name, _ in found]
        if self.schema.strict is True:
            for name in self.frame.columns:
                if name not in known:
                    self._whole("no other columns", name, "the contract does not name it")
        if self.schema.ordered and [name for name in self.frame.columns if name in known] != known:
            self._whole("order of columns", None, "wanted: " + ", ".join(known))
        return found

    def _type(self, name: str, column: Any) -> bool:
        """Whether the column has, or can be given, the type the contract wants. If not, its values are not looked at."""
        from pandera.engines.pyspark_engine import Engine

        actual = self.frame.schema[name].dataType
        if column.dtype is None or column.dtype.check(Engine.dtype(actual)):
            return True
        if not (column.coerce or self.schema.coerce):
            self._whole(f"type {column.dtype}", name, str(actual))
            return False
        cast = self.frame[name].cast(column.dtype.type)
        failing = self.frame.filter(self.frame[name].isNotNull() & cast.isNull())
        if self._rows(f"can become {column.dtype}", name, failing):
            return False
        self.frame = self.frame.withColumn(name, cast)
        return True

    def _values(self, name: str, column: Any) -> None:
        if not column.nullable:
            self._rows("not null", name, self.frame.filter(self.frame[name].isNull()))
        for one in column.checks:
            self._check(one, name)

    def _unique(self, names: list[str]) -> None:
        if not names:
            return
        shared = self.frame.groupBy(*names).count().filter("count > 1").drop("count")
        equal = [self.frame[name].eqNullSafe(shared[name]) for name in names]
        failing = self.frame.join(shared, reduce(lambda left, right: left & right, equal), "leftsemi")
        self._rows(f"unique together: {', '.join(names)}", None, failing)

    def _check(self, one: Any, column: str | None) -> None:
        label = str(one.error or one.name or "check")
        warning = bool(one.raise_warning)
        remembers = Remembers(self.frame)
        try:
            with remembers:
                passed = one.get_backend(self.frame)(_current(one)).apply(self.frame, column, one._check_kwargs)
        except Exception as error:  # the user's function; whatever it raises is a finding, not ours to let through
            self._whole(f"{label} can be tried", column, self.told(error))
            return
        if passed:
            return
        if one.is_builtin_check(one.name) and remembers.failing is not None:
            self._rows(label, column, remembers.failing, warning=warning)
        else:
            self._whole(label, column, "it does not hold for the whole", warning=warning)

    def _rows(self, rule: str, column: str | None, failing: Any, *, warning: bool = False) -> int:
        count = int(failing.count())
        if count:
            names = list(dict.fromkeys([*self.key, *([column] if column else [])])) or failing.columns[:1]
            examples = [
                {"key": {name: text(row[name]) for name in self.key}, "value": text(row[column]) if column else None}
                for row in failing.select(*[f"`{name}`" for name in names]).limit(EXAMPLES).collect()
            ]
            self._add(rule, column, count, examples, warning=warning)
        return count

    def _whole(self, rule: str, column: str | None, found: str, *, warning: bool = False) -> None:
        self._add(rule, column, self.rows, [{"key": {}, "value": found}], whole=True, warning=warning)

    def _add(
        self, rule: str, column: str | None, count: int, examples: list[Any], *, whole: bool = False, warning: bool = False
    ) -> None:
        found = {"rule": rule, "column": column, "count": count, "whole": whole, "warning": warning, "examples": examples}
        self.failures.append(found)


def _current(one: Any) -> Any:
    """A check that knows this backend: schemas copy their checks before it is registered, and `Check.__call__` mends it so."""
    from pandera.api.function_dispatch import Dispatcher

    if isinstance(one._check_fn, Dispatcher):
        one._check_fn = one.get_builtin_check_fn(str(one._check_fn))
    return one


def text(value: Any) -> str:
    """A value as people read it, cut to 200 characters."""
    return "null" if value is None else str(value)[:200]
