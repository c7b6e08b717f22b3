"""Columns that tell the label almost alone: what leaked from the future, or is the label by another name.

The strength of an association lies in 0..1 and is taken from a seeded sample of rows whose label is known:

- a number against a two-valued label: |2 AUC - 1|, with mid-ranks for ties (Mann and Whitney, 1947; this is Somers' D);
- a number against a numeric label: the larger of |Pearson's r| and |Spearman's rho|;
- anything else: Cramér's V, corrected for bias (Bergsma, "A bias-correction for Cramér's V and Tschuprow's T", 2013),
  with numeric labels of many values cut into ten groups of equal size;
- and for every column with nulls, Cramér's V of "is null" against the label: a column that is filled only after the
  event tells the label by being there.

A null is a group of its own among categories, and left out among numbers.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from actions.data.kinds import DataType
from actions.data.sample import sampled
from actions.data.text import column_name
from policy.facts.data import LeakageFinding
from policy.problems import UserProblem

RECORDED = 0.5
"""Weaker associations are what models are made for, and are not recorded."""
CATEGORIES = 1_000
"""Text with more different values than this (names, ids) is no category."""
LABEL_CLASSES = 50
"""A numeric label with more different values than this is a quantity and not a class."""
LABEL_GROUPS = 10
FEWEST_ROWS = 10
FINDINGS = 2_000

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def find(frame: pl.LazyFrame, label: str, *, rows: int = 200_000, seed: int = 0) -> list[LeakageFinding]:
    """The columns whose association with the label is at least 0.5, strongest first.

    Raises UserProblem where there is no such label column or no row has a label.
    """
    schema = frame.collect_schema()
    if label not in schema:
        raise UserProblem(f"the data has no label column {label!r}", "leakage.label", "name a column of the data")
    names = [name for name, kind in schema.items() if name != label and _usable(kind)]
    sample, _ = sampled(frame, [*names, label], rows, seed)
    sample = sample.filter(_present(pl.col(label), schema[label]))
    if not sample.height:
        raise UserProblem(
            f"no row has a value in the label column {label!r}", "leakage.label", "name the column that holds the label"
        )
    target = _target(sample[label])
    strengths = {name: strength(sample[name], target) for name in names} if sample.height >= FEWEST_ROWS else {}
    found = [
        LeakageFinding(column=column_name(name), label=column_name(label), strength=value)
        for name, value in strengths.items()
        if value >= RECORDED
    ]
    return sorted(found, key=lambda finding: -finding.strength)[:FINDINGS]


@dataclass(frozen=True)
class Target:
    """The label of every row as a class (`codes`, from zero) and, where it is a quantity, as a number."""

    codes: Codes
    numbers: Numbers | None

    @property
    def two_valued(self) -> bool:
        """Whether there are exactly two classes."""
        return self.numbers is None and len(self.codes) > 0 and int(self.codes.max()) == 1


def strength(column: pl.Series, target: Target) -> float:
    """How strongly one column is associated with the label, 0..1; the stronger of its values and its nulls."""
    known = ~_missing(column)
    by_nulls = cramers_v(known.astype(np.int64), target.codes)
    if not _is_number(column.dtype):
        return max(by_nulls, _of_categories(column, target))
    values = column.to_physical().cast(pl.Float64).to_numpy()[known]
    if len(values) < FEWEST_ROWS:
        return by_nulls
    numbers = target.numbers[known] if target.numbers is not None else None
    return max(by_nulls, _of_numbers(values, Target(target.codes[known], numbers)))


def auc_strength(values: Numbers, positive: npt.NDArray[np.bool_]) -> float:
    """|2 AUC - 1| of a number for a two-valued label; 0 where one of the classes is empty."""
    many, few = int(positive.sum()), int((~positive).sum())
    if not many or not few:
        return 0.0
    area = (mid_ranks(values)[positive].sum() - many * (many + 1) / 2) / (many * few)
    return _unit(2 * area - 1)


def cramers_v(left: Codes, right: Codes) -> float:
    """Bias-corrected Cramér's V of two categorical variables (Bergsma, 2013); 0 where either is constant."""
    table = _table(left, right)
    rows, columns = table.shape
    total = table.sum()
    if rows < 2 or columns < 2 or total < 2:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    phi2 = float(((table - expected) ** 2 / expected).sum() / total)
    corrected = max(0.0, phi2 - (rows - 1) * (columns - 1) / (total - 1))
    rows_corrected = rows - (rows - 1) ** 2 / (total - 1)
    columns_corrected = columns - (columns - 1) ** 2 / (total - 1)
    smallest = min(rows_corrected, columns_corrected) - 1
    return _unit(math.sqrt(corrected / smallest)) if smallest > 0 else 0.0


def correlation(left: Numbers, right: Numbers) -> float:
    """|Pearson's r|; 0 where either is constant."""
    left, right = _centred(left), _centred(right)
    scale = math.sqrt(float(left @ left) * float(right @ right))
    return _unit(float(left @ right) / scale) if scale > 0 else 0.0


def mid_ranks(values: Numbers) -> Numbers:
    """Ranks from one; equal values share the mean of their ranks."""
    ranks: Numbers = pl.Series(values).rank("average").to_numpy()
    return ranks


def _of_numbers(values: Numbers, target: Target) -> float:
    if target.numbers is not None:
        return max(correlation(values, target.numbers), correlation(mid_ranks(values), mid_ranks(target.numbers)))
    if target.two_valued:
        return auc_strength(values, target.codes == 1)
    return max(cramers_v(_groups(values), target.codes), _separated(values, target.codes))


def _separated(values: Numbers, codes: Codes) -> float:
    """A number of few values is a class as well, whatever its order."""
    different = np.unique(values)
    return cramers_v(np.searchsorted(different, values), codes) if len(different) <= CATEGORIES else 0.0


def _of_categories(column: pl.Series, target: Target) -> float:
    codes = _codes(column)
    return cramers_v(codes, target.codes) if int(codes.max(initial=0)) < min(CATEGORIES, len(codes) / 5) else 0.0


def _target(label: pl.Series) -> Target:
    codes = _codes(label)
    if not _is_number(label.dtype) or int(codes.max()) < LABEL_CLASSES:
        return Target(codes, None)
    numbers = label.to_physical().cast(pl.Float64).to_numpy()
    return Target(_groups(numbers), numbers)


def _groups(values: Numbers) -> Codes:
    """Ten groups of about equal size, by rank; equal values share a group."""
    return np.minimum((mid_ranks(values) - 1) * LABEL_GROUPS // len(values), LABEL_GROUPS - 1).astype(np.int64)


def _codes(column: pl.Series) -> Codes:
    """Each different value as a number from zero, in order; null is the first of them."""
    codes: Codes = column.rank("dense").cast(pl.Int64).fill_null(0).to_numpy()
    first = int(codes.min())
    return codes - first


def _table(left: Codes, right: Codes) -> Numbers:
    """Counts of each pair, without empty rows and columns."""
    width = int(right.max(initial=0)) + 1
    counts = np.bincount(left * width + right, minlength=(int(left.max(initial=0)) + 1) * width).reshape(-1, width)
    counts = counts[counts.sum(axis=1) > 0]
    table: Numbers = counts[:, counts.sum(axis=0) > 0].astype(np.float64)
    return table


def _missing(column: pl.Series) -> npt.NDArray[np.bool_]:
    missing = column.is_null()
    if column.dtype.is_float():
        missing = missing | ~column.is_finite().fill_null(True)
    flags: npt.NDArray[np.bool_] = missing.to_numpy()
    return flags


def _present(value: pl.Expr, kind: DataType) -> pl.Expr:
    return value.is_not_null() & value.is_finite() if kind.is_float() else value.is_not_null()


def _is_number(kind: DataType) -> bool:
    """Numbers and moments in time; a boolean is a category of two."""
    return bool(kind.is_numeric()) or kind in (pl.Date, pl.Datetime, pl.Duration, pl.Time)


def _usable(kind: DataType) -> bool:
    return _is_number(kind) or kind in (pl.Boolean, pl.String, pl.Categorical, pl.Enum)


def _centred(values: Numbers) -> Numbers:
    """Around zero and at most one, so that no square overflows."""
    mean = float(values.mean())
    centred = values - mean
    largest = float(np.abs(centred).max(initial=0.0))
    return centred / largest if largest > 0 else centred


def _unit(value: float) -> float:
    return min(1.0, abs(value)) if math.isfinite(value) else 0.0
