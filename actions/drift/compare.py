"""Compares two data sets column by column: from their profiles, or exactly from their rows."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from actions.datafile import DataFile
from actions.drift import distances
from actions.drift.cache import ProfileCache
from actions.drift.categories import Categories
from actions.drift.cells import of_categories, of_numbers
from actions.drift.distances import Distance
from actions.drift.pictures import histogram, short
from actions.drift.profile import Column, Profile
from actions.drift.reading import profile
from actions.frames import row_count, scan
from policy.drift import Drift, Measure
from policy.facts.data import ColumnDrift, DriftFacts
from policy.problems import UserProblem
from policy.reasons import Reason

__all__ = ["Source", "compare", "compare_exact", "drift", "profile"]

MOST_COLUMNS = 2_000
FEW_ROWS = 8_000_000
"""Up to this many rows of both sides, two columns are compared at once in exact mode."""
SHOWN = 10
"""How many new or gone categories are named."""


@dataclass(frozen=True)
class Source:
    """One side: its content's digest, and its files, which are asked for only where the content was never profiled."""

    digest: str | None
    files: Callable[[], Sequence[DataFile]]


def drift(base: Source, head: Source, section: Drift, *, cache: ProfileCache | None = None) -> DriftFacts:
    """The drift of head against base, in the mode the policy asks for; every content is read at most once ever."""
    if section.mode == "exact":
        return compare_exact(base.files(), head.files(), section)
    return compare(_profiled(base, cache), _profiled(head, cache), section)


def compare_exact(base: Sequence[DataFile], head: Sequence[DataFile], section: Drift) -> DriftFacts:
    """The drift of head against base without any error of a summary.

    One column is read at a time, or two of them; memory must hold every distinct value of both sides several times.
    """
    names = _names(list(scan(base).collect_schema()), list(scan(head).collect_schema()), section)
    rows = row_count(base), row_count(head)

    def one(name: str) -> ColumnDrift:
        before, after = (profile(files, columns=[name], exact=True).named().get(name) for files in (base, head))
        return _column(name, before, after, section)

    with ThreadPoolExecutor(max_workers=2 if sum(rows) <= FEW_ROWS else 1) as pool:
        columns = list(pool.map(one, names))
    return DriftFacts(mode="exact", rows_base=rows[0], rows_head=rows[1], columns=columns)


def compare(base: Profile, head: Profile, section: Drift) -> DriftFacts:
    """The drift of head against base from their profiles; every value says how far it can be from the exact one."""
    before, after = base.named(), head.named()
    names = _names(list(before), list(after), section)
    columns = [_column(name, before.get(name), after.get(name), section) for name in names]
    return DriftFacts(mode="profile", rows_base=base.rows, rows_head=head.rows, columns=columns)


def _profiled(source: Source, cache: ProfileCache | None) -> Profile:
    """The profile of one side, from the cache where it was made before."""
    known = cache.get(source.digest) if cache and source.digest else None
    if known:
        return known
    made = profile(source.files())
    if cache and source.digest:
        cache.put(source.digest, made)
    return made


def _names(base: Sequence[str], head: Sequence[str], section: Drift) -> list[str]:
    """The columns to compare: those of base, then those that only head has, without the ignored."""
    ignored = {name for name, rule in section.columns.items() if rule.ignore}
    names = [name for name in dict.fromkeys([*base, *head]) if name not in ignored]
    if len(names) > MOST_COLUMNS:
        what = f"{len(names):,} columns are more than drift can report ({MOST_COLUMNS:,})"
        raise UserProblem(what, next="ignore some under drift.columns in assay.yml")
    return names


def _column(name: str, base: Column | None, head: Column | None, section: Drift) -> ColumnDrift:
    """What is to be said of one column."""
    known = head or base
    assert known is not None  # noqa: S101 a name comes from one of the two
    kind = base.kind if base and base.kind != "empty" else head.kind if head and head.kind != "empty" else "other"
    measure = _measure(name, kind, section)
    missing = {
        side: column.missing / column.rows if column and column.rows else 0.0 for side, column in (("base", base), ("head", head))
    }
    frame = ColumnDrift(
        column=name, kind=kind, measure=measure, value=None, nulls_base=missing["base"], nulls_head=missing["head"]
    )
    if base is None or head is None:
        change = {"skipped": Reason.DRIFT_COLUMN_NEW} if base is None else {"problem": Reason.DRIFT_COLUMN_GONE}
        return frame.model_copy(update=change)
    problem, skipped = _hindrance(base, head, judged=name in section.columns)
    if problem or skipped:
        return frame.model_copy(update={"problem": problem, "skipped": skipped})
    return _measured(frame, base, head)


def _hindrance(base: Column, head: Column, *, judged: bool) -> tuple[Reason | None, Reason | None]:
    """Why two columns cannot be compared (a problem), or need not be (skipped)."""
    if base.kind == head.kind == "empty":
        return None, Reason.DRIFT_NO_VALUES
    if head.kind == "empty":
        return Reason.DRIFT_EMPTIED, None
    if base.kind == "empty":
        return Reason.DRIFT_NO_BASELINE, None
    if base.kind != head.kind:
        return Reason.DRIFT_RETYPED, None
    if base.kind == "other":
        return None, Reason.DRIFT_NESTED
    if (base.withheld == "identifier" or _identifying(base)) and _identifying(head) and not judged:
        return None, Reason.DRIFT_IDENTIFIER
    if base.withheld:
        return None, Reason.DRIFT_WITHHELD
    return None, None


def _identifying(column: Column) -> bool:
    return column.categories is not None and column.categories.identifying


def _measure(name: str, kind: str, section: Drift) -> Measure:
    """By which distance a column is judged."""
    rule = section.columns.get(name)
    if rule and rule.measure:
        return rule.measure
    return section.numbers if kind in ("number", "time") else section.categories


def _measured(frame: ColumnDrift, base: Column, head: Column) -> ColumnDrift:
    """The distances, the changes of categories, and the picture."""
    found = _distances(base, head)
    picture = histogram(base, head)
    update: dict[str, object] = {
        "distances": {name: distance.value for name, distance in found.items()},
        "labels": picture.labels,
        "histogram_base": picture.base,
        "histogram_head": picture.head,
    }
    if base.categories and head.categories:
        update |= _categories(base.categories, head.categories)
    judged = found.get(frame.measure)
    if judged is None:
        update["problem"] = Reason.DRIFT_MEASURE
    else:
        update |= {"value": judged.value, "bound": judged.bound}
    return ColumnDrift.model_validate(frame.model_dump() | update)


def _distances(base: Column, head: Column) -> dict[Measure, Distance]:
    """All distances that the kind of column has."""
    if base.numbers and head.numbers:
        of_base, of_head = of_numbers(base.numbers, head.numbers)
        return {
            "wasserstein": distances.wasserstein(base.numbers, head.numbers),
            "ks": distances.ks(base.numbers, head.numbers),
            "psi": distances.psi(of_base, of_head),
            "jensen_shannon": distances.jensen_shannon(of_base, of_head),
        }
    if base.categories and head.categories:
        of_base, of_head = of_categories(base.categories, head.categories)
        return {"jensen_shannon": distances.jensen_shannon(of_base, of_head), "psi": distances.psi(of_base, of_head)}
    return {}


def _categories(base: Categories, head: Categories) -> dict[str, object]:
    """Which categories came and went. Where one side names only its most frequent, the other's cannot be called new."""
    before, after = set(base.names), set(head.names)
    new = [name for name in head.names if name not in before] if base.complete else []
    gone = [name for name in base.names if name not in after] if head.complete else []
    unnamed = max(0, head.distinct - len(after) - len(before - after)) if base.complete and not head.complete else 0
    return {
        "new_categories": [short(name) for name in new[:SHOWN]],
        "new_categories_total": len(new) + unnamed,
        "gone_categories": [short(name) for name in gone[:SHOWN]],
        "gone_categories_total": len(gone),
    }
