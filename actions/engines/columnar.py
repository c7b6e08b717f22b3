"""Tries a contract of pandera's polars backend on Parquet files, in bounded memory, counting every failing row.

`pandera`'s own `validate` collects the failing rows of every rule, and for a rule over several columns or keys the whole
table: ten million bad rows take tens of gigabytes. So this engine asks pandera only for its meaning (types, checks) and
does the rest on lazy frames:

* A table that fits `BUDGET` is read once. A larger one is read in groups of columns, **all rows at a time**: nothing is cut
  into batches of rows, so a check that speaks of a mean, an order or duplicates means what its author meant.
* Built-in checks, nulls and types look at their own column only, so they run on the group. A check of the user's may look
  anywhere, so on a larger table it gets the lazy scan, of which polars reads the columns that the check names.
* Duplicates over a large table are found in parts by a hash of the key, each part exactly.

Rows that a contract would drop (`drop_invalid_rows`) are reported all the same: the file still holds them.
"""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from pandera.api.checks import Check
from pandera.api.polars.types import PolarsData
from pandera.errors import ParserError

BUDGET = 384 * 1024**2
"""Bytes of values held at once."""
PART = 2_000_000
"""Rows whose keys are compared at once when duplicates are sought."""
EXAMPLES = 10
_OUTPUT = "check_output"
_ROW = "__row__"


@dataclass
class Failure:
    """One rule that does not hold. `rows` are the numbers of its first failing rows; `whole` rules speak of all rows."""

    rule: str
    column: str | None = None
    count: int = 0
    whole: bool = False
    warning: bool = False
    found: str | None = None
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Rule:
    """A column of the file together with what the contract says of it."""

    name: str
    column: Any
    coerced: bool


def check(schema: Any, paths: list[str], key: list[str], told: Callable[[BaseException], str]) -> dict[str, Any]:
    """Try `schema` on the rows of `paths`; examples carry the `key` columns.

    Args:
        schema: a `pandera.polars.DataFrameSchema`.
        paths: Parquet files, one data set.
        key: columns that name a row; where empty, its number does (`row`, from 0).
        told: how an error that a check raises is put to the reader.

    Returns:
        `rows` and `failures` (rule, column, count, whole, warning, examples), or `unreadable` with what polars said.
    """
    warnings.simplefilter("ignore")
    lazy = pl.scan_parquet(paths, glob=False, hive_partitioning=False)
    try:
        rows = int(lazy.select(pl.len()).collect().item())
        table = Table(lazy, rows)
        trial = Trial(schema, table, told)
        failures = trial.run()
        return {"rows": rows, "failures": _with_examples(failures, table, key)}
    except (pl.exceptions.PolarsError, OSError) as error:
        return {"unreadable": str(error).splitlines()[0][:300], "rows": 0, "failures": []}


class Table:
    """The file: whole in memory where it fits, else lazily from disk."""

    def __init__(self, scan: pl.LazyFrame, rows: int) -> None:
        self.rows = rows
        self.schema = scan.collect_schema()
        head = scan.head(4_096).collect()
        self._width = {name: head[name].estimated_size() / max(1, len(head)) for name in self.schema}
        self.fits = sum(self._width.values()) * rows <= BUDGET
        self.lazy = scan.collect().lazy() if self.fits else scan
        if not self.fits:
            pl.Config.set_engine_affinity("streaming")  # also for what pandera and the user's checks collect

    def groups(self, names: list[str]) -> Iterator[list[str]]:
        """`names` in groups that fit the budget together."""
        group: list[str] = []
        filled = 0.0
        for name in names:
            size = self._width.get(name, 8.0) * self.rows
            if group and filled + size > BUDGET:
                yield group
                group, filled = [], 0.0
            group.append(name)
            filled += size
        if group:
            yield group


class Trial:
    """One contract on one table. Failures are collected in the order: table, columns, checks of the table."""

    def __init__(self, schema: Any, table: Table, told: Callable[[BaseException], str]) -> None:
        self.schema = schema
        self.table = table
        self.told = told
        self.failures: list[Failure] = []
        self.lazy = table.lazy

    def run(self) -> list[Failure]:
        """Everything that does not hold."""
        rules = self._structure()
        self._defaults_for_missing()
        rules = [rule for rule in rules if self._type(rule)]
        self._defaults(rules)
        for group in self.table.groups([rule.name for rule in rules]):
            self._group([rule for rule in rules if rule.name in group])
        for names in self._unique_sets():
            count, rows = self._duplicates(names)
            if count:
                self.failures.append(Failure(f"unique together: {', '.join(names)}", None, count, rows=rows))
        for check in self.schema.checks:
            self._check(check, None, self.lazy)
        return self.failures

    # --- what the table consists of ---

    def _structure(self) -> list[Rule]:
        names = self.table.schema.names()
        plain = {name for name, column in self.schema.columns.items() if not column.regex}
        rules: list[Rule] = []
        for name, column in self.schema.columns.items():
            matched = [n for n in self._matching(column) if n not in plain] if column.regex else [n for n in names if n == name]
            rules += [Rule(n, column, bool(column.coerce or self.schema.coerce)) for n in matched]
            if not matched and column.required and not (self.schema.add_missing_columns and not column.regex):
                self._whole("exists", name, "no column matches" if column.regex else "the column is missing")
        known = {rule.name for rule in rules}
        if self.schema.strict is True:
            for name in names:
                if name not in known:
                    self._whole("no other columns", name, "the contract does not name it")
        if self.schema.ordered and [n for n in names if n in known] != [rule.name for rule in rules]:
            self._whole("order of columns", None, "wanted: " + ", ".join(rule.name for rule in rules))
        return rules

    def _matching(self, column: Any) -> list[str]:
        return self.table.lazy.select(pl.col(column.selector)).collect_schema().names()

    def _defaults_for_missing(self) -> None:
        if not self.schema.add_missing_columns:
            return
        for name, column in self.schema.columns.items():
            if name in self.table.schema or column.regex or not column.required:
                continue
            if column.default is None and not column.nullable:
                self._whole("exists", name, "the column is missing and has no default")

    def _whole(self, rule: str, column: str | None, found: str, *, warning: bool = False) -> None:
        self.failures.append(Failure(rule, column, self.table.rows, whole=True, warning=warning, found=found))

    # --- types ---

    def _type(self, rule: Rule) -> bool:
        """Whether the column has, or can be given, the type the contract wants. If not, its values are not looked at."""
        dtype, actual = rule.column.dtype, self.table.schema[rule.name]
        if dtype is None:
            return True
        if rule.coerced:
            return self._coerce(rule)
        if not bool(dtype.check(actual, PolarsData(self.table.lazy.select(rule.name), rule.name))):
            self._whole(f"type {dtype}", rule.name, str(actual))
            return False
        return True

    def _coerce(self, rule: Rule) -> bool:
        dtype = rule.column.dtype
        if dtype.check(self.table.schema[rule.name]):
            return True
        label = f"can become {dtype}"
        one = self.table.lazy.select(rule.name)
        try:
            dtype.try_coerce(PolarsData(one, rule.name))
        except ParserError as error:
            output = error.parser_output
            bad = ~output[_OUTPUT if _OUTPUT in output.columns else output.columns[0]] & one.collect().to_series().is_not_null()
            self._rows(label, rule.name, bad)
            return False
        except (pl.exceptions.PolarsError, TypeError, ValueError):
            self._whole(label, rule.name, str(self.table.schema[rule.name]))
            return False
        self.lazy = dtype.coerce(PolarsData(self.lazy, rule.name))
        return True

    def _defaults(self, rules: list[Rule]) -> None:
        for rule in rules:
            default = rule.column.default
            if default is not None:
                value = default if isinstance(default, pl.Expr) else pl.lit(default, dtype=rule.column.dtype.type)
                column = pl.col(rule.name)
                if self.lazy.select(rule.name).collect_schema()[rule.name].is_float():
                    column = column.fill_nan(value)
                self.lazy = self.lazy.with_columns(column.fill_null(value))

    # --- values ---

    def _group(self, rules: list[Rule]) -> None:
        """Nulls, duplicates and checks of a few columns, read together."""
        held = self.lazy.select(rule.name for rule in rules).collect()
        lazy = held.lazy()
        for rule in rules:
            values = held[rule.name]
            if not rule.column.nullable:
                missing = values.is_null() | values.is_nan() if values.dtype.is_float() else values.is_null()
                self._rows("not null", rule.name, missing)
            if rule.column.unique:
                count, rows = self._duplicates([rule.name])
                if count:
                    self.failures.append(Failure("unique", rule.name, count, rows=rows))
            for check in rule.column.checks:
                own = not self.table.fits and _looks_at_its_column_only(check)
                self._check(check, rule.name, lazy if own else self.lazy)

    def _check(self, check: Any, column: str | None, lazy: pl.LazyFrame) -> None:
        label = _label(check)
        try:
            result = check(lazy, column) if column is not None else check(lazy)
            output = result.check_output.collect().to_series()
        except Exception as error:  # the user's function; whatever it raises is a finding, not ours to let through
            self._whole(f"{label} can be tried", column, self.told(error), warning=False)
            return
        failing = ~output.cast(pl.Boolean).fill_null(bool(check.ignore_na))
        if len(failing) == self.table.rows and not (len(failing) == 1 and result.failure_cases is None):
            self._rows(label, column, failing, warning=bool(check.raise_warning))
        elif failing.any():
            self._whole(label, column, "it does not hold for the whole", warning=bool(check.raise_warning))

    def _rows(self, rule: str, column: str | None, failing: pl.Series, *, warning: bool = False) -> None:
        count = int(failing.sum())
        if count:
            rows = failing.arg_true().head(EXAMPLES).to_list()
            self.failures.append(Failure(rule, column, count, warning=warning, rows=rows))

    # --- duplicates ---

    def _unique_sets(self) -> Iterator[list[str]]:
        unique = self.schema.unique or []
        for names in [unique] if all(isinstance(name, str) for name in unique) else unique:
            present = [name for name in names if name in self.table.schema]
            if present:
                yield present

    def _duplicates(self, names: list[str]) -> tuple[int, list[int]]:
        """How many rows share their values of `names` with another row (nulls are equal), and the first of them.

        Equal values have equal hashes, so as many hashes as rows prove that there are none: the ordinary, quick case.
        """
        schema = self.lazy.select(names).collect_schema()
        # Adding zero makes -0.0 and 0.0, which are equal, hash alike.
        hashed = pl.struct(pl.col(name) + 0.0 if schema[name].is_float() else pl.col(name) for name in names).hash(seed=0)
        if self.lazy.select(hashed).collect().to_series().n_unique() == self.table.rows:
            return 0, []
        parts = max(1, -(-self.table.rows // PART))
        count, first = 0, []
        for part in range(parts):
            keys = self.lazy.select(names).with_row_index(_ROW).filter(hashed % parts == part).collect(engine="streaming")
            twice = keys.filter(keys.select(names).is_duplicated())[_ROW]
            count += len(twice)
            first += twice.sort().head(EXAMPLES).to_list()
        return count, sorted(first)[:EXAMPLES]


def _looks_at_its_column_only(check: Any) -> bool:
    return bool(check.element_wise) or Check.is_builtin_check(check.name)


def _label(check: Any) -> str:
    return str(check.error or check.name or "check")


def _with_examples(failures: list[Failure], table: Table, key: list[str]) -> list[dict[str, Any]]:
    """Failures as JSON, with the key and the value of their first rows, fetched in one reading."""
    wanted = sorted({row for failure in failures for row in failure.rows})
    present = [name for name in key if name in table.schema]
    names = list(dict.fromkeys([*present, *(f.column for f in failures if f.rows and f.column in table.schema)]))
    held: dict[int, dict[str, Any]] = {row: {} for row in wanted}
    if wanted and names:
        picked = table.lazy.select(names).with_row_index(_ROW).filter(pl.col(_ROW).is_in(wanted)).collect(engine="streaming")
        held = {row.pop(_ROW): row for row in picked.iter_rows(named=True)}
    return [_as_json(failure, held, present) for failure in failures]


def _as_json(failure: Failure, held: dict[int, dict[str, Any]], key: list[str]) -> dict[str, Any]:
    examples = [
        {
            "key": {name: text(held[row][name]) for name in key} if key else {"row": str(row)},
            "value": text(held[row].get(failure.column)) if failure.column in held[row] else None,
        }
        for row in failure.rows
    ]
    if failure.whole and failure.found:
        examples = [{"key": {}, "value": failure.found}]
    return {
        "rule": failure.rule,
        "column": failure.column,
        "count": failure.count,
        "whole": failure.whole,
        "warning": failure.warning,
        "examples": examples,
    }


def text(value: Any) -> str:
    """A value as people read it, cut to 200 characters."""
    return "null" if value is None else str(value)[:200]
