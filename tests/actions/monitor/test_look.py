"""One look at production, in a real repository."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from actions.monitor.look import look
from actions.progress import Silent
from actions.repository import Repository
from policy.facts.monitoring import MonitorFacts
from policy.monitoring import Monitor
from policy.problems import UserProblem
from policy.reasons import Reason
from tests.repositories import Repo

AT = datetime(2026, 3, 1, tzinfo=UTC)


def parquet(rows: int = 4_000, *, seed: int = 0, shift: float = 0.0, end: datetime = AT) -> bytes:
    draw = np.random.default_rng(seed)
    frame = pl.DataFrame(
        {
            "at": [end - timedelta(minutes=15 * each) for each in range(rows)],
            "heat": draw.normal(shift, size=rows),
            "sky": draw.choice(["blue", "grey"], rows),
            "label": draw.integers(0, 2, rows),
        }
    )
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path).write("data/train.parquet", parquet()).dvc_add("data/train.parquet").write(".gitignore", "live*\n")
    return made.commit().tag("champion")


def section(**more: object) -> Monitor:
    plain = {"data": "live.parquet", "reference": "data/train.parquet", "time": "at", "window": "10 days"}
    return Monitor.model_validate(plain | more)


def seen(repo: Repo, wanted: Monitor, revision: str = "champion") -> MonitorFacts:
    with Repository.open(repo.root) as opened:
        return look(opened, wanted, opened.resolve(revision), AT, Silent(), environ={})


def test_a_window_is_compared_with_the_reference(repo: Repo) -> None:
    found = seen(repo.write("live.parquet", parquet(seed=1, shift=1.0, end=AT - timedelta(days=1))), section())
    columns = {each.drift.column: each for each in found.columns}
    assert (found.rows, found.rows_reference, found.age_days) == (960, 4_000, 1.0)
    assert found.end == "2026-02-28T00:00:00+00:00"
    assert columns["heat"].drift.value == pytest.approx(1.0, abs=0.15)
    assert columns["heat"].p_moved is not None and columns["heat"].p_moved < 1e-20
    assert columns["sky"].p_moved is not None and columns["sky"].p_moved > 1e-3
    assert found.per_day == pytest.approx(found.per_day_reference, rel=0.01)
    assert found.apart is not None and found.apart.auc > 0.7


def test_the_reference_is_that_of_its_revision_and_profiled_once(repo: Repo) -> None:
    repo.write("data/train.parquet", parquet(shift=1.0)).dvc_add("data/train.parquet").commit()
    repo.write("live.parquet", parquet(seed=1, shift=1.0))
    heat = {
        revision: next(each.drift.value for each in seen(repo, section(), revision).columns if each.drift.column == "heat")
        for revision in ("champion", "HEAD")
    }
    assert heat["champion"] == pytest.approx(1.0, abs=0.15)
    assert heat["HEAD"] == pytest.approx(0.0, abs=0.15)
    kept = sorted((repo.root / ".dvc/tmp/assay/profiles").iterdir())
    seen(repo, section())
    assert sorted((repo.root / ".dvc/tmp/assay/profiles").iterdir()) == kept
    assert len(kept) == 2


def test_too_few_rows_are_not_tested(repo: Repo) -> None:
    found = seen(repo.write("live.parquet", parquet(100, shift=3)), section())
    assert found.rows == 100
    assert found.apart is None
    assert {each.p_moved for each in found.columns} == {None}


def test_an_ignored_column_is_not_looked_at(repo: Repo) -> None:
    found = seen(repo.write("live.parquet", parquet(seed=1)), section(columns={"label": {"ignore": True}}))
    assert {each.drift.column for each in found.columns} == {"at", "heat", "sky"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, Reason.DATA_MISSING),
        (b"", Reason.DATA_EMPTY),
        (b"PAR1 and no more", Reason.DATA_CORRUPT),
        (parquet()[:-300] + b"\0" * 292 + b"....PAR1", Reason.DATA_CORRUPT),
        (parquet(0), Reason.DATA_EMPTY),
    ],
    ids=["missing", "empty", "cut off", "damaged", "no rows"],
)
def test_data_that_cannot_be_read_is_part_of_the_answer(repo: Repo, content: bytes | None, reason: Reason) -> None:
    if content is not None:
        repo.write("live.parquet", content)
    found = seen(repo, section())
    assert (found.problem, found.rows) == (reason, None)
    assert found.problem_detail


def test_data_that_was_never_pushed_is_part_of_the_answer(repo: Repo, tmp_path: Path) -> None:
    repo.push_data()
    repo.write("new.parquet", parquet(seed=7)).dvc_add("new.parquet").commit()
    found = seen(repo.clone(tmp_path / "clone"), section(data="new.parquet"), "HEAD")
    assert found.problem is Reason.OBJECT_MISSING


def test_a_reference_that_is_not_there_is_the_readers_to_mend(repo: Repo) -> None:
    repo.write("live.parquet", parquet())
    with pytest.raises(UserProblem, match="the reference does not exist"):
        seen(repo, section(reference="data/other.parquet"))


def test_a_reference_without_rows_is_the_readers_to_mend(repo: Repo) -> None:
    repo.write("none.parquet", parquet(0)).dvc_add("none.parquet").commit().write("live.parquet", parquet())
    with pytest.raises(UserProblem, match="the reference has no rows"):
        seen(repo, section(reference="none.parquet"), "HEAD")


def test_data_without_times_is_looked_at_whole(repo: Repo) -> None:
    wanted = Monitor.model_validate({"data": "live.parquet", "reference": "data/train.parquet", "rows": 500})
    found = seen(repo.write("live.parquet", parquet(seed=1)), wanted)
    assert (found.rows, found.start, found.age_days, found.per_day_reference) == (500, "", None, None)
