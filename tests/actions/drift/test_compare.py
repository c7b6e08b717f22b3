"""Comparing two data sets: real files in, facts out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance

from actions.datafile import DataFile
from actions.drift import compare as module
from actions.drift import reading
from actions.drift.cache import ProfileCache
from actions.drift.categories import KEEP, counted
from actions.drift.compare import Source, compare, compare_exact, drift, profile
from actions.drift.numbers import Numbers
from actions.drift.profile import Column, Profile
from policy.drift import ColumnDriftRule, Drift
from policy.facts.data import ColumnDrift, DriftFacts
from policy.problems import UserProblem
from policy.reasons import Reason

HEAT = Column("x", "number", "Float64", 100, 20, numbers=Numbers.of(np.arange(80.0)))
WORDS = counted([f"id{at}" for at in range(100)], np.ones(100, dtype=np.int64), total=100, distinct=100)
NAMES = Column("x", "category", "String", 100, 0, categories=WORDS)


def file(folder: Path, frame: pl.DataFrame, name: str) -> list[DataFile]:
    frame.write_parquet(folder / name)
    return [DataFile(name, folder / name)]


def both(folder: Path, base: pl.DataFrame, head: pl.DataFrame, section: Drift | None = None) -> tuple[DriftFacts, DriftFacts]:
    """The facts of profile and of exact mode."""
    files = file(folder, base, "base.parquet"), file(folder, head, "head.parquet")
    section = section or Drift()
    return compare(profile(files[0]), profile(files[1]), section), compare_exact(*files, section)


def one(folder: Path, base: Sequence[object], head: Sequence[object], section: Drift | None = None) -> ColumnDrift:
    """The facts of one column, which both modes must tell alike."""
    frames = (pl.DataFrame({"x": values}, strict=False) for values in (base, head))
    by_profile, exact = both(folder, *frames, section)
    assert by_profile.columns == exact.columns
    return exact.columns[0]


def real(count: int, seed: int, shift: float = 0.0) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    tails = random.choice(
        [f"N{at:05}" for at in range(12_000)], count, p=np.geomspace(1, 1e-3, 12_000) / np.geomspace(1, 1e-3, 12_000).sum()
    )
    return pl.DataFrame(
        {
            "delay": random.exponential(30, count) - 10 + shift,
            "distance": random.integers(100, 5_000, count),
            "carrier": random.choice(["AA", "UA", "DL"], count, p=[0.5 - shift / 100, 0.3 + shift / 100, 0.2]),
            "tail": tails,
            "late": random.random(count) < 0.2 + shift / 100,
        }
    )


def test_exact_mode_is_scipy(tmp_path: Path) -> None:
    base, head = real(20_000, 1), real(15_000, 2, shift=3)
    _, facts = both(tmp_path, base, head)
    found = {column.column: column for column in facts.columns}
    for name in ("delay", "distance"):
        one, two = base[name].to_numpy(), head[name].to_numpy()
        assert found[name].distances["wasserstein"] == pytest.approx(wasserstein_distance(one, two) / one.std(), abs=1e-9)
        assert found[name].distances["ks"] == pytest.approx(float(ks_2samp(one, two, method="asymp").statistic), abs=1e-9)
    shares = [[(frame["carrier"] == name).mean() for name in ("AA", "UA", "DL")] for frame in (base, head)]
    assert found["carrier"].value == pytest.approx(float(jensenshannon(*shares, base=2)), abs=1e-9)
    assert (facts.mode, facts.rows_base, facts.rows_head) == ("exact", 20_000, 15_000)
    assert all(column.bound == 0 for column in facts.columns)


@pytest.mark.parametrize("measure", ["wasserstein", "ks", "psi", "jensen_shannon"])
def test_profile_mode_keeps_within_its_bound_whatever_the_measure(measure: str, tmp_path: Path) -> None:
    section = Drift.model_validate({"numbers": measure, "categories": "psi" if measure == "psi" else "jensen_shannon"})
    by_profile, exact = both(tmp_path, real(120_000, 1), real(100_000, 2, shift=1), section)
    for one, two in zip(by_profile.columns, exact.columns, strict=True):
        assert one.value is not None
        assert two.value is not None
        assert abs(one.value - two.value) <= one.bound + 1e-9, one.column
    assert by_profile.columns[0].bound > 0
    assert by_profile.columns[2].bound == by_profile.columns[4].bound == 0


@pytest.mark.parametrize("measure", ["psi", "jensen_shannon"])
def test_categories_that_a_profile_does_not_name_widen_the_bound_and_never_break_it(
    measure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "KEEP", 1_200)
    base = real(50_000, 1).select("tail")
    head = real(50_000, 2).select(pl.col("tail").str.replace("N00", "N08"))
    by_profile, exact = both(tmp_path, base, head, Drift.model_validate({"categories": measure}))
    (one,), (two,) = by_profile.columns, exact.columns
    assert one.value is not None
    assert two.value is not None
    assert 0 < abs(one.value - two.value) <= one.bound


def test_equal_data_is_at_no_distance(tmp_path: Path) -> None:
    frame = real(60_000, 1)
    for facts in both(tmp_path, frame, frame):
        assert all(column.value == 0 for column in facts.columns)


def test_new_and_gone_categories_are_named(tmp_path: Path) -> None:
    found = one(tmp_path, ["a", "b", "b"], ["a", "c", "c", ""])
    assert (found.new_categories, found.new_categories_total) == (["c", "(empty)"], 2)
    assert (found.gone_categories, found.gone_categories_total) == (["b"], 1)
    assert (found.labels, found.histogram_base, found.histogram_head) == (["b", "a", "c", "(empty)"], [2, 1, 0, 0], [0, 1, 2, 1])


def test_of_many_new_categories_only_some_are_named_and_all_are_counted(tmp_path: Path) -> None:
    found = one(tmp_path, ["a"] * 200, [f"n{at % 40:02}" for at in range(200)])
    assert (len(found.new_categories), found.new_categories_total) == (10, 40)


def test_more_new_categories_than_a_profile_names_are_counted_too(tmp_path: Path) -> None:
    base = pl.DataFrame({"x": ["a"] * 40_000})
    head = pl.DataFrame({"x": ["a"] + [f"n{at % (KEEP + 500)}" for at in range(39_999)]})
    by_profile, exact = both(tmp_path, base, head)
    assert by_profile.columns[0].new_categories_total == exact.columns[0].new_categories_total == KEEP + 500


def test_shares_of_missing_values_are_told(tmp_path: Path) -> None:
    found = one(tmp_path, [1.0, 2.0, 3.0, None], [1.0, float("nan"), float("inf"), None])
    assert (found.nulls_base, found.nulls_head) == (0.25, 0.75)


@pytest.mark.parametrize(
    ("base", "head", "problem"),
    [
        ([1.0, 2.0], [None, None], Reason.DRIFT_EMPTIED),
        ([None, None], [1.0, 2.0], Reason.DRIFT_NO_BASELINE),
        ([1, 2], ["a", "b"], Reason.DRIFT_RETYPED),
        ([True, False], [1, 0], Reason.DRIFT_RETYPED),
        ([1.0, 2.0], [[1], [2]], Reason.DRIFT_RETYPED),
        ([float("nan")] * 2, [1.0, 2.0], Reason.DRIFT_NO_BASELINE),
    ],
)
def test_ga_05_what_cannot_be_compared_is_a_named_problem(
    base: list[object], head: list[object], problem: Reason, tmp_path: Path
) -> None:
    found = one(tmp_path, base, head)
    assert (found.problem, found.value) == (problem, None)


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        (Column("x", "number", "Float64", 100, 50, withheld="personal"), HEAT, (None, Reason.DRIFT_WITHHELD)),
        (Column("x", "category", "String", 100, 50, withheld="personal"), HEAT, (Reason.DRIFT_RETYPED, None)),
        (Column("x", "category", "String", 100, 50, withheld="identifier"), NAMES, (None, Reason.DRIFT_IDENTIFIER)),
        (Column("x", "category", "String", 100, 50, withheld="personal"), NAMES, (None, Reason.DRIFT_WITHHELD)),
    ],
)
def test_a_column_that_is_withheld_is_compared_by_kind_and_by_what_is_missing(
    base: Column, head: Column, expected: tuple[Reason | None, Reason | None]
) -> None:
    (found,) = compare(Profile(100, (base,)), Profile(100, (head,)), Drift()).columns
    assert ((found.problem, found.skipped), found.value, found.nulls_base) == (expected, None, 0.5)


@pytest.mark.parametrize(
    ("base", "head", "reason"),
    [
        ([None, None], [None], Reason.DRIFT_NO_VALUES),
        ([[1], [2]], [[1]], Reason.DRIFT_NESTED),
        ([f"id{at}" for at in range(100)], [f"id{at}" for at in range(100, 200)], Reason.DRIFT_IDENTIFIER),
    ],
)
def test_what_need_not_be_compared_is_skipped_with_a_reason(
    base: list[object], head: list[object], reason: Reason, tmp_path: Path
) -> None:
    found = one(tmp_path, base, head)
    assert (found.skipped, found.problem, found.value) == (reason, None, None)


def test_an_identifier_that_the_policy_names_is_compared(tmp_path: Path) -> None:
    section = Drift(columns={"x": ColumnDriftRule(warn=0.5)})
    found = one(tmp_path, [f"id{at}" for at in range(100)], [f"id{at}" for at in range(100, 200)], section)
    assert (found.skipped, found.value) == (None, 1.0)


def test_a_column_that_becomes_an_identifier_has_drifted(tmp_path: Path) -> None:
    found = one(tmp_path, ["a", "b"] * 50, [f"id{at}" for at in range(100)])
    assert (found.skipped, found.value) == (None, 1.0)


def test_a_column_that_is_gone_is_a_problem_and_a_new_one_is_not(tmp_path: Path) -> None:
    for facts in both(tmp_path, pl.DataFrame({"a": [1.0], "b": [1.0]}), pl.DataFrame({"c": [1.0], "b": [1.0]})):
        found = {column.column: (column.problem, column.skipped) for column in facts.columns}
        assert found == {"a": (Reason.DRIFT_COLUMN_GONE, None), "b": (None, None), "c": (None, Reason.DRIFT_COLUMN_NEW)}


def test_an_integer_may_become_a_fraction(tmp_path: Path) -> None:
    assert one(tmp_path, [1, 2, 3], [1.0, 2.0, 3.0]).value == 0


def test_a_measure_that_the_kind_does_not_have_is_a_problem(tmp_path: Path) -> None:
    found = one(tmp_path, ["a", "b"], ["a", "b"], Drift(columns={"x": ColumnDriftRule(measure="ks")}))
    assert (found.problem, found.value) == (Reason.DRIFT_MEASURE, None)


def test_a_column_can_have_its_own_measure(tmp_path: Path) -> None:
    found = one(tmp_path, [1.0, 2.0], [1.0, 9.0], Drift(columns={"x": ColumnDriftRule(measure="ks")}))
    assert (found.measure, found.value) == ("ks", 0.5)


def test_an_ignored_column_is_not_reported(tmp_path: Path) -> None:
    section = Drift(columns={"a": ColumnDriftRule(ignore=True)})
    for facts in both(tmp_path, pl.DataFrame({"a": [1], "b": [1]}), pl.DataFrame({"a": [1], "b": [1]}), section):
        assert [column.column for column in facts.columns] == ["b"]


def test_data_without_rows_says_so(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": [1.0]})
    for facts in both(tmp_path, frame, frame.clear()):
        assert (facts.rows_base, facts.rows_head) == (1, 0)
        assert facts.columns[0].problem is Reason.DRIFT_EMPTIED


def test_too_many_columns_are_the_readers_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COLUMNS", 2)
    frame = pl.DataFrame({"a": [1], "b": [1], "c": [1]})
    with pytest.raises(UserProblem, match="3 columns are more than drift can report"):
        both(tmp_path, frame, frame)
    assert len(both(tmp_path, frame, frame, Drift(columns={"a": ColumnDriftRule(ignore=True)}))[0].columns) == 2


def test_huge_values_give_finite_facts(tmp_path: Path) -> None:
    found = one(tmp_path, [-1.7e308, 1.7e308, 0.0], [1e-320, 5.0, 1.7e308])
    assert DriftFacts.model_validate_json(
        DriftFacts(mode="exact", rows_base=3, rows_head=3, columns=[found]).model_dump_json()
    ).columns == [found]


class Counted:
    """Files that know how often they were asked for."""

    def __init__(self, files: list[DataFile]) -> None:
        self.files, self.times = files, 0

    def __call__(self) -> list[DataFile]:
        self.times += 1
        return self.files


def test_a_data_set_is_read_once_ever(tmp_path: Path) -> None:
    base, head = (Counted(file(tmp_path, real(1_000, seed), f"{seed}.parquet")) for seed in (1, 2))
    sources = Source("md5:1", base), Source("md5:2", head)
    first = drift(*sources, Drift(), cache=ProfileCache(tmp_path / "profiles"))
    again = drift(*sources, Drift(warn=0.05), cache=ProfileCache(tmp_path / "profiles"))
    assert (base.times, head.times) == (1, 1)
    assert first == again


def test_without_a_digest_nothing_is_remembered(tmp_path: Path) -> None:
    head = Counted(file(tmp_path, real(100, 1), "head.parquet"))
    for _ in range(2):
        drift(Source(None, head), Source(None, head), Drift(), cache=ProfileCache(tmp_path / "profiles"))
    assert head.times == 4
    assert not (tmp_path / "profiles").exists()


def test_exact_mode_reads_the_rows_although_profiles_are_known(tmp_path: Path) -> None:
    source = Source("md5:1", Counted(file(tmp_path, real(100, 1), "head.parquet")))
    facts = drift(source, source, Drift(mode="exact"), cache=ProfileCache(tmp_path / "profiles"))
    assert facts.mode == "exact"


def test_two_runs_say_the_same(tmp_path: Path) -> None:
    base, head = real(50_000, 1), real(40_000, 2)
    assert both(tmp_path, base, head)[0] == both(tmp_path, base, head)[0]
