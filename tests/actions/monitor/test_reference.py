"""A reference from its rows, and from what a registration kept of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from actions.datafile import DataFile
from actions.monitor import keeping, stored
from actions.monitor.look import look
from actions.monitor.reference import Reference, Rows
from actions.monitor.stored import Stored
from actions.progress import Silent
from actions.repository import Repository
from policy.facts.monitoring import MonitorFacts
from policy.monitoring import Monitor
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from tests.actions.evaluate.predictions import frame, parquet
from tests.repositories import Repo

AT = datetime(2026, 2, 1, tzinfo=UTC)


def table(rows: int, seed: int) -> pl.DataFrame:
    made = frame(rows, seed=seed)
    start, end = pl.datetime(2026, 1, 1), pl.datetime(2026, 1, 31, 23)
    times = pl.datetime_range(start, end, eager=True, interval="5m").sample(rows, with_replacement=True, seed=seed)
    return made.select("late", "p", "carrier").with_columns(
        at=times, booking=pl.Series([f"B{seed}-{each}" for each in range(rows)])
    )


def section(**more: object) -> Monitor:
    asks = [{"metric": "roc_auc", "may_lose": 0.02}, {"metric": "accuracy", "floor": 0.2, "may_lose": 0.02}]
    predictions = {"label": "late", "score": "p", "metrics": asks, "estimate": True}
    plain: dict[str, object] = {"data": "live.parquet", "reference": "train.parquet", "time": "at"}
    return Monitor.model_validate(plain | {"predictions": predictions} | more)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Its reference is pushed; a clone has neither data nor cache."""
    made = Repo(tmp_path_factory.mktemp("flights")).write("train.parquet", parquet(table(3_000, 0))).dvc_add("train.parquet")
    half = table(1_500, 1).with_columns(late=pl.when(pl.col("at") < pl.datetime(2026, 1, 16)).then("late"))
    return made.write(".gitignore", "/live*\n/train.parquet\n").commit().push_data().write("live.parquet", parquet(half))


def known(repo: Repo, wanted: Monitor | None = None) -> Stored:
    with Repository.open(repo.root) as opened:
        return stored.decode(keeping.kept(opened, wanted or section(), repo.sha()))


def looked(repo: Repo, wanted: Monitor, kept: Stored | None) -> MonitorFacts:
    with Repository.open(repo.root) as opened:
        return look(opened, wanted, repo.sha(), AT, Silent(), environ={}, stored=kept)


def emptied(repo: Repo, folder: Path) -> Repo:
    """A clone whose remote has nothing, with what production has."""
    clone = repo.clone(folder / "clone")
    (folder / "empty").mkdir()
    local = clone.root / ".dvc/config.local"
    local.write_text(local.read_text() + f"['remote \"store\"']\n    url = {folder / 'empty'}\n")
    return clone.write("live.parquet", (repo.root / "live.parquet").read_bytes())


@pytest.mark.parametrize("path", ["train.parquet", "./train.parquet", "train.parquet.dvc"])
def test_what_is_kept_says_what_the_rows_say(repo: Repo, path: str) -> None:
    wanted = section(reference=path)
    with Repository.open(repo.root) as opened:
        assert Reference.of(opened, wanted, repo.sha(), known(repo, wanted)).stored is not None
    assert looked(repo, wanted, known(repo, wanted)) == looked(repo, section(), None)


def test_without_rows_columns_and_metrics_are_judged_and_the_rest_is_named(repo: Repo, tmp_path: Path) -> None:
    whole = looked(repo, section(), None)
    found = looked(emptied(repo, tmp_path), section(), known(repo))
    assert found.left_out == ["all columns together", "the estimate"]
    assert "has " in found.rows_problem and found.rows_problem.startswith("train.parquet: neither ")
    aside: dict[str, object] = {"apart": None, "estimates": [], "left_out": [], "rows_problem": ""}
    assert found.model_copy(update=aside) == whole.model_copy(update=aside)
    assert whole.apart is not None and len(whole.estimates) == 2


def test_what_was_not_kept_is_named_where_the_policy_asks_for_it_by_now(repo: Repo, tmp_path: Path) -> None:
    ignoring = section(columns={"carrier": {"ignore": True}}, time=None, predictions=None)
    kept = known(repo, ignoring)
    asked = section(columns={"booking": {"fail": 0.9}})
    full = looked(repo, asked, kept)
    assert full == looked(repo, asked, None)
    found = looked(emptied(repo, tmp_path), asked, kept)
    columns = {each.drift.column: each.drift.skipped for each in found.columns}
    assert (columns["carrier"], columns["booking"], columns["p"]) == (Reason.DRIFT_WITHHELD, Reason.DRIFT_WITHHELD, None)
    asked_for = ["drift of carrier, booking", "all columns together", "roc_auc beside that of the reference"]
    assert found.left_out == [*asked_for, "accuracy beside that of the reference", "the estimate", "volume"]
    assert [each.reference for each in found.performance] == [None, None] and found.per_day_reference is None


def test_rows_are_fetched_once_and_only_where_something_asks() -> None:
    asked = []

    def fetch() -> Sequence[DataFile]:
        asked.append(1)
        return []

    rows = Rows(fetch)
    assert not asked
    assert rows.asked("one") == rows.asked("another") == []
    assert (len(asked), rows.left_out, rows.problem) == (1, [], "")


def test_rows_that_cannot_be_had_are_asked_for_once_and_everything_that_needs_them_is_named() -> None:
    asked = []

    def fetch() -> Sequence[DataFile]:
        asked.append(1)
        raise OutsideProblem("the remote is away", "train.csv", "Try again")

    rows = Rows(fetch)
    assert [rows.asked(each) for each in ("one", "another", "one")] == [None] * 3
    assert (len(asked), rows.left_out, rows.problem) == (1, ["one", "another"], "train.csv: the remote is away")


def test_columns_alone_take_no_row(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        reference = Reference.of(opened, section(), repo.sha(), known(repo))
    # The repository is closed: whoever asked for rows now would be told that they cannot be had.
    assert reference.per_day("at") == pytest.approx(97, rel=0.1)
    assert reference.per_day(None) is None
    assert set(reference.measured(section().predictions)) == {"roc_auc", "accuracy"}
    assert reference.rows.left_out == []


def test_a_profile_of_other_data_than_the_commit_holds_is_refused(repo: Repo) -> None:
    kept = known(repo)
    other = Stored(kept.path, f"md5:{'0' * 32}", kept.profile)
    with pytest.raises(UserProblem, match=r"train.parquet: the profile kept with the version is of md5:0{32}, and"):
        looked(repo, section(), other)


def test_another_data_set_than_the_one_that_was_kept_is_read_from_dvc(repo: Repo) -> None:
    kept = Stored("elsewhere.parquet", f"md5:{'0' * 32}", known(repo).profile)
    assert looked(repo, section(), kept) == looked(repo, section(), None)
