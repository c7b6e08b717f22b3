"""Tries a contract of pandera's ibis backend on Parquet files, in DuckDB: every count is a query, no row leaves it in vain.

`pandera`'s own `validate` brings the failing rows into pandas; a table of ten million bad rows would not fit. So this
engine asks pandera for its meaning (types, checks) and DuckDB for counts and the first ten rows. Without a key the
examples carry none, because a query has no row numbers.
"""

import tempfile
from collections.abc import Callable
from typing import Any

import ibis
from pandera.api.function_dispatch import Dispatcher
from pandera.api.ibis.types import IbisData
from pandera.constants import CHECK_OUTPUT_KEY
from pandera.engines.ibis_engine import Engine

EXAMPLES = 10
MEMORY = "1GB"
"""What DuckDB may hold; beyond it writes to disk."""


def check(schema: Any, paths: list[str], key: list[str], told: Callable[[BaseException], str]) -> dict[str, Any]:
    """Try `schema` on the rows of `paths`; arguments and answer are those of `columnar.check`."""
    connection = ibis.duckdb.connect()
    connection.raw_sql(f"SET memory_limit = '{MEMORY}'")
    # Parquet's statistics leave NaN out, and DuckDB trusts them: it would skip the row groups in which a NaN fails a rule.
    connection.raw_sql("SET disabled_optimizers = 'statistics_propagation,filter_pushdown'")
    connection.raw_sql("SET temp_directory = '" + tempfile.gettempdir().replace("'", "''") + "'")
    try:
        table = connection.read_parquet(paths)
        rows = int(table.count().to_pyarrow().as_py())
        return {"rows": rows, "failures": Trial(schema, table, rows, key, told).run()}
    except Exception as error:
        if type(error).__module__.partition(".")[0] in ("duckdb", "_duckdb"):
            return {"unreadable": str(error).splitlines()[0][:300], "rows": 0, "failures": []}
        raise


class Trial:
    """One contract on one table of DuckDB."""

    def __init__(self, schema: Any, table: Any, rows: int, key: list[str], told: Callable[[BaseException], str]) -> None:
        self.schema, self.table, self.rows, self.told = schema, table, rows, told
        self.key = [name for name in key if name in table.columns]
        self.failures: list[dict[str, Any]] = []
        schema.get_backend(table)  # registers pandera's ibis backends, which a check alone does not

    def run(self) -> list[dict[str, Any]]:
        """Everything that does not hold."""
        columns = self._structure()
        for name, column in columns:
            if self._type(name, column):
                self._values(name, column)
        unique = self.schema.unique or []
        for names in [unique] if all(isinstance(name, str) for name in unique) else unique:
            self._unique([name for name in names if name in self.table.columns], f"unique together: {', '.join(names)}", None)
        for one in self.schema.checks:
            self._check(one, None)
        return self.failures

    def _structure(self) -> list[tuple[str, Any]]:
        import re

        found: list[tuple[str, Any]] = []
        for name, column in self.schema.columns.items():
            pattern = re.compile(name if column.regex else re.escape(name))
            matched = [other for other in self.table.columns if pattern.fullmatch(other)]
            found += [(other, column) for other in matched]
            if not matched and column.required:
                self._whole("exists", name, "no column matches" if column.regex else "the column is missing")
        known = [name for name, _ in found]
        if self.schema.strict is True:
            for name in self.table.columns:
                if name not in known:
                    self._whole("no other columns", name, "the contract does not name it")
        if self.schema.ordered and [name for name in self.table.columns if name in known] != known:
            self._whole("order of columns", None, "wanted: " + ", ".join(known))
        return found

    def _type(self, name: str, column: Any) -> bool:
        """Whether the column has, or can be given, the type the contract wants. If not, its values are not looked at."""
        actual = self.table[name].type()
        if column.dtype is None or column.dtype.check(Engine.dtype(actual), self.table[name]):
            return True
        if not (column.coerce or self.schema.coerce):
            self._whole(f"type {column.dtype}", name, str(actual))
            return False
        cast = self.table[name].try_cast(column.dtype.type)
        if self._rows(f"can become {column.dtype}", name, self.table.filter(self.table[name].notnull() & cast.isnull())):
            return False
        self.table = self.table.mutate(**{name: cast})
        return True

    def _values(self, name: str, column: Any) -> None:
        values = self.table[name]
        if not column.nullable:
            missing = values.isnull() | values.isnan() if values.type().is_floating() else values.isnull()
            self._rows("not null", name, self.table.filter(missing))
        if column.unique:
            self._unique([name], "unique", name)
        for one in column.checks:
            self._check(one, name)

    def _unique(self, names: list[str], rule: str, column: str | None) -> None:
        if names:
            shared = self.table.count().over(ibis.window(group_by=names)) > 1
            self._rows(rule, column, self.table.mutate(__shared__=shared).filter(lambda table: table["__shared__"]))

    def _check(self, one: Any, column: str | None) -> None:
        label = str(one.error or one.name or "check")
        warning = bool(one.raise_warning)
        try:
            answer = one.get_backend(self.table)(_current(one)).apply(IbisData(self.table, column))
            if isinstance(answer, ibis.expr.types.BooleanScalar):
                if answer.to_pyarrow().as_py() is False:
                    self._whole(label, column, "it does not hold for the whole", warning=warning)
                return
            source = answer if isinstance(answer, ibis.Table) else self.table
            passing = answer[CHECK_OUTPUT_KEY] if isinstance(answer, ibis.Table) else answer
            if one.ignore_na and column is not None:
                passing = passing | source[column].isnull()
            elif not one.ignore_na:
                passing = passing.fill_null(False)
            self._rows(label, column, source.filter(~passing), warning=warning)
        except Exception as error:  # the user's function; whatever it raises is a finding, not ours to let through
            self._whole(f"{label} can be tried", column, self.told(error))

    def _rows(self, rule: str, column: str | None, failing: Any, *, warning: bool = False) -> int:
        count = int(failing.count().to_pyarrow().as_py())
        if count:
            names = list(dict.fromkeys([*self.key, *([column] if column else [])])) or failing.columns[:1]
            first = failing.select(names).limit(EXAMPLES).to_pyarrow().to_pylist()
            examples = [
                {"key": {name: text(row[name]) for name in self.key}, "value": text(row[column]) if column else None}
                for row in first
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
    if isinstance(one._check_fn, Dispatcher):
        one._check_fn = one.get_builtin_check_fn(str(one._check_fn))
    return one


def text(value: Any) -> str:
    """A value as people read it, cut to 200 characters."""
    return "null" if value is None else str(value)[:200]
