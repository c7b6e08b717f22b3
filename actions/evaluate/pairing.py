"""Matches the predictions of base and head by key, so that their change is measured on the same rows.

Rows are sorted by key, so the order of rows in a file changes nothing. A row counts as paired where both sides have its
key and the same label: a change that alters labels or drops rows of the evaluation set would otherwise choose its own exam.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actions.evaluate.trouble import Undefined
from policy.evaluation import Predictions
from policy.facts.evaluation import PairingFacts
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Pair:
    """Rows of both sides that belong together one by one, sorted by key, and how they were matched."""

    base: "pl.DataFrame"
    head: "pl.DataFrame"
    facts: PairingFacts


def checked(frame: "pl.DataFrame", section: Predictions) -> "pl.DataFrame":
    """One side's rows, sorted by key, with keys and labels of comparable types.

    Raises:
        Undefined: a column is missing, there are no rows, keys are missing or repeat, or a label or prediction is no number.
    """
    import polars as pl

    needed = [*section.key, section.label, *(name for name in (section.score, section.prediction) if name)]
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise Undefined(Reason.MISSING_COLUMN, f" ({', '.join(missing)[:500]})")
    if frame.height == 0:
        raise Undefined(Reason.NO_ROWS)
    frame = frame.with_columns([comparable(frame[name]) for name in dict.fromkeys([*section.key, section.label])])
    nulls = int(frame.select(pl.any_horizontal([_absent(frame[name]) for name in section.key]).sum()).item())
    if nulls:
        raise Undefined(Reason.MISSING_KEYS, f" ({nulls:,} of {frame.height:,} rows)")
    for name in needed[len(section.key) :]:
        _all_there(frame[name])
    frame = frame.sort(section.key)
    repeated = frame.height - frame.select(section.key).n_unique()
    if repeated:
        raise Undefined(Reason.REPEATED_KEYS, f" ({repeated:,} of {frame.height:,} rows)")
    return frame


def pair(base: "pl.DataFrame", head: "pl.DataFrame", section: Predictions) -> Pair:
    """Match two checked frames. Where too many rows have no partner, `facts.problem` says so and nothing may be compared."""

    kinds = [(name, base[name].dtype, head[name].dtype) for name in section.key if base[name].dtype != head[name].dtype]
    counts = {"rows_base": base.height, "rows_head": head.height}
    if kinds:
        name, one, other = kinds[0]
        detail = f" ({name} is {one} in the base and {other} in this change)"
        facts = PairingFacts(**counts, paired=0, problem=Reason.MISMATCHED_KEYS, detail=detail)
        return Pair(base.clear(), head.clear(), facts)
    left, right = base, head
    if not base.select(section.key).equals(head.select(section.key)):
        left = base.join(head.select(section.key), on=section.key, how="semi", maintain_order="left")
        right = head.join(base.select(section.key), on=section.key, how="semi", maintain_order="left")
    same = _same(left[section.label], right[section.label])
    relabelled = left.height - int(same.sum())
    if relabelled:
        left, right = left.filter(same), right.filter(same)
    missing_head, missing_base = base.height - left.height - relabelled, head.height - right.height - relabelled
    facts = PairingFacts(
        **counts, paired=left.height, missing_base=missing_base, missing_head=missing_head, relabelled=relabelled
    )
    return Pair(left, right, facts.model_copy(update=_problem(facts, section)))


def _problem(facts: PairingFacts, section: Predictions) -> dict[str, object]:
    alone = facts.missing_base + facts.missing_head + facts.relabelled
    if facts.paired and alone <= section.max_unpaired * (facts.paired + alone):
        return {}
    if facts.relabelled > facts.missing_base + facts.missing_head:
        return {"problem": Reason.RELABELLED, "detail": f" ({facts.relabelled:,} of {facts.rows_head:,} rows)"}
    gone = f"{facts.missing_head:,} rows are gone and {facts.missing_base:,} are new"
    relabelled = f", {facts.relabelled:,} have another label" if facts.relabelled else ""
    return {"problem": Reason.MISMATCHED_KEYS, "detail": f" ({gone}{relabelled})"}


def comparable(values: "pl.Series") -> "pl.Series":
    """Integers of any width, and text of any encoding, compare alike."""
    import polars as pl

    if values.dtype.is_integer() and values.dtype not in (pl.UInt64, pl.Int128):
        return values.cast(pl.Int64)
    if values.dtype in (pl.Categorical, pl.Enum):
        return values.cast(pl.String)
    return values.cast(pl.Float64) if values.dtype == pl.Float32 else values


def _absent(values: "pl.Series") -> "pl.Series":
    return values.is_null() | values.is_nan().fill_null(False) if values.dtype.is_float() else values.is_null()


def _all_there(values: "pl.Series") -> None:
    absent = _absent(values) | (values.is_infinite().fill_null(False) if values.dtype.is_float() else False)
    count = int(absent.sum())
    if count:
        raise Undefined(
            Reason.NOT_A_NUMBER, f" ({count:,} of {len(values):,} values of {values.name} are missing, NaN or infinite)"
        )


def _same(one: "pl.Series", other: "pl.Series") -> "pl.Series":
    import polars as pl

    if one.dtype != other.dtype:
        numbers = all(each.dtype.is_numeric() or each.dtype == pl.Boolean for each in (one, other))
        kind = pl.Float64 if numbers else pl.String
        one, other = one.cast(kind), other.cast(kind)
    return one == other


def columns(section: Predictions, more: Sequence[str]) -> list[str]:
    """The columns that are read from a file of predictions; the others stay on the disk."""
    asked = [*section.key, section.label, section.score, section.prediction, *more]
    return list(dict.fromkeys(name for name in asked if name))
