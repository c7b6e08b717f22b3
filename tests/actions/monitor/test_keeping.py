"""What is kept of a reference: all that drift needs, no value that is personal, and the same bytes every time."""

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from actions.datafile import DataFile
from actions.drift.cells import LARGEST
from actions.drift.compare import compare
from actions.drift.reading import profile
from actions.monitor import keeping, stored
from actions.monitor.keeping import kept
from actions.monitor.reference import profiled
from actions.monitor.stored import Stored
from actions.repository import Repository
from policy.drift import Drift
from policy.monitoring import Monitor
from policy.problems import UserProblem
from tests.actions.evaluate.predictions import frame, parquet
from tests.repositories import Repo

ROWS = 3_000


def people() -> pl.DataFrame:
    draw = np.random.default_rng(3)
    table = frame(ROWS)
    return table.select("late", "p", "carrier").with_columns(
        at=pl.datetime_range(pl.datetime(2026, 1, 1), pl.datetime(2026, 1, 31), eager=True, interval="864s")[:ROWS],
        mail=pl.Series([f"kim{each % 40}@example.com" for each in range(ROWS)]),
        booking=pl.Series([f"PNR{each:07}" for each in range(ROWS)]),
        ward=pl.Series([f"WARD-{each % 7}" for each in range(ROWS)]),
        note=pl.Series([f"NOTE-{each % 9}" for each in range(ROWS)]),
        town=pl.Series([f"T{each}" for each in draw.integers(0, 1_400, ROWS)]),
    )


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    made = Repo(tmp_path_factory.mktemp("people")).write("train.parquet", parquet(people()))
    return made.write("none.parquet", parquet(people().head(0))).write("bare.parquet", parquet(people().drop("p"))).commit()


def section(**more: object) -> Monitor:
    asks = [{"metric": "roc_auc", "may_lose": 0.02}, {"metric": "rmse", "ceiling": 1}, {"metric": "mape", "ceiling": 1}]
    plain: dict[str, object] = {"data": "live.parquet", "reference": "train.parquet", "time": "at"}
    predictions = {"label": "late", "score": "p", "metrics": asks}
    return Monitor.model_validate(plain | {"predictions": predictions, "columns": {"note": {"ignore": True}}} | more)


def made(repo: Repo, wanted: Monitor | None = None, marked: tuple[str, ...] = ("ward",)) -> bytes:
    with Repository.open(repo.root) as opened:
        return kept(opened, wanted or section(), repo.sha(), marked)


def test_no_value_of_a_personal_an_ignored_or_an_identifying_column_leaves_the_machine(repo: Repo) -> None:
    raw = made(repo)
    found = stored.decode(raw).profile.named()
    held = {name: each.withheld for name, each in found.items() if each.withheld}
    assert held == {"late": "ignored", "mail": "personal", "booking": "identifier", "ward": "personal", "note": "ignored"}
    text = gzip.decompress(raw).decode()
    assert not [word for word in ("example.com", "kim1", "PNR", "WARD-", "NOTE-") if word in text]
    assert "AA" in text
    assert (found["mail"].kind, found["mail"].missing, found["mail"].rows) == ("category", 0, ROWS)


def test_equal_data_is_kept_as_equal_bytes_and_not_many_whatever_the_commit(repo: Repo, tmp_path: Path) -> None:
    raw = made(repo)
    assert raw == made(repo.clone(tmp_path / "clone").write("code.py", "x = 1\n").commit())
    assert len(raw) < 120_000


def test_a_column_that_the_policy_names_is_kept_though_it_names_rows(repo: Repo) -> None:
    found = stored.decode(made(repo, section(columns={"booking": {"fail": 0.5}}))).profile.named()
    assert found["booking"].categories is not None and found["mail"].withheld == "personal"


def test_rows_a_day_and_every_metric_that_can_be_computed_are_kept(repo: Repo) -> None:
    found = stored.decode(made(repo))
    assert found.path == "train.parquet" and found.digest.startswith("git:")
    assert found.per_day == pytest.approx(100, rel=0.02)
    assert set(found.metrics) == {"roc_auc", "rmse"}  # mape has no value where a label is 0
    assert 0.6 < found.metrics["roc_auc"][0] < 0.95
    without = stored.decode(made(repo, section(reference="bare.parquet")))
    assert (without.metrics, without.measured(section().predictions)) == ({}, {})


def test_what_is_kept_gives_the_very_distances_of_the_rows(repo: Repo, tmp_path: Path) -> None:
    later = people().sample(fraction=0.5, seed=1).with_columns(pl.col("p") ** 2, town=pl.col("town").str.replace("T1", "U1"))
    (tmp_path / "live.parquet").write_bytes(parquet(later))
    with Repository.open(repo.root) as opened:
        tracked = opened.tracked("train.parquet", repo.sha())
        assert tracked is not None
        whole = profiled(opened, tracked, opened.files(tracked))
    known: Stored = stored.decode(made(repo))
    towns, fewer = (each.named()["town"].categories for each in (whole, known.profile))
    assert towns is not None and fewer is not None and len(towns.names) > len(fewer.names) == LARGEST
    now = profile([DataFile("live.parquet", tmp_path / "live.parquet")])
    of_rows, of_kept = (
        {each.column: (each.value, each.bound, each.distances) for each in compare(base, now, Drift()).columns}
        for base in (whole, known.profile)
    )
    judged = {"p", "carrier", "town", "at"}
    assert {name: of_rows[name] for name in judged} == {name: of_kept[name] for name in judged}


@pytest.mark.parametrize(("path", "said"), [("none.parquet", "has no rows"), ("elsewhere.parquet", "does not exist")])
def test_a_reference_that_cannot_be_kept_is_the_readers_to_mend(repo: Repo, path: str, said: str) -> None:
    with pytest.raises(UserProblem, match=said):
        made(repo, section(reference=path))


def test_more_than_can_be_kept_is_refused(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LARGEST", 1_000)
    with pytest.raises(UserProblem, match=r"its profile has [\d,]+ bytes, and 1,000 are kept at most"):
        made(repo)
