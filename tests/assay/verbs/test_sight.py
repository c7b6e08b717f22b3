"""`assay sight`: from the file that a monitor left to its issue."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from policy.vigil_history import LIMIT
from tests.assay.conftest import Assay, told
from tests.assay.verbs.promoting import as_in_a_job, here
from tests.assay.verbs.test_monitor import POLICY, repo, rows
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.monitoring.production import Production, production
from tests.policy.sightings import MODEL, seen
from tests.repositories import Repo

__all__ = ["here", "repo"]


@pytest.fixture
def there(assay: Assay, here: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Production:
    as_in_a_job(monkeypatch, here, "")
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    return production(here)


def test_from_the_file_to_the_issue(assay: Assay, there: Production, tmp_path: Path) -> None:
    (tmp_path / "sighting.json").write_text(seen("high").model_dump_json(indent=1))
    done = assay("sight", cwd=tmp_path)
    number = there.issue.number
    # The look is of long ago by now, so the next one is late as well.
    assert (done.code, done.out) == (0, f"{MODEL}: severity high, and nobody looks any more; issue #{number}, opened\n"), done.err
    again = assay("sight", tmp_path / "sighting.json", "--json", cwd=tmp_path)
    assert json.loads(again.out) == {
        "model": MODEL, "severity": "high", "issue": number, "did": "nothing", "late": True, "training": None
    }  # fmt: skip
    assert (tmp_path / "output").read_text() == f"issue={number}\n" * 2


def test_what_a_monitor_leaves_opens_the_issue_and_closes_it(assay: Assay, there: Production, repo: Repo) -> None:
    there.here.github.commit(REPOSITORY, {"assay.yml": POLICY + "watch: {clean: 1, every: 52000 weeks}\n"})
    for day, (shift, code, did) in enumerate([(0, 0, "nothing"), (9, 1, "opened"), (9, 1, "updated"), (0, 0, "closed")]):
        repo.write("live.csv", rows(700, shift=shift))
        seen_at = f"2026-01-31T0{day}:00:00Z"
        assert assay("monitor", "--at", seen_at, "--out", "live.json", cwd=repo.root).code == code
        told = json.loads(assay("sight", "live.json", "--json", cwd=repo.root).out)
        assert (told["did"], told["late"]) == (did, False)
    assert there.issue.state == "closed" and there.issue.title == "heat in production: nothing found"
    assert "`domain_auc`" in there.issue.body and "xychart-beta" in there.issue.body


def test_data_that_comes_no_more_opens_the_issue_once_it_is_late_and_what_comes_closes_it(
    assay: Assay, there: Production, repo: Repo
) -> None:
    there.here.github.commit(REPOSITORY, {"assay.yml": POLICY + "watch: {clean: 1}\n"})
    newest, limit = datetime(2026, 1, 30, 3, tzinfo=UTC), timedelta(days=2)  # the last of the 700 rows, and what the policy bears

    def look(at: datetime) -> tuple[int, str, str]:
        """Both jobs of a scheduled run that comes at a moment."""
        with time_machine.travel(at, tick=False):
            code = assay("monitor", "--out", "live.json", cwd=repo.root).code
            told = json.loads(assay("sight", "live.json", "--json", cwd=repo.root).out)
            return code, told["severity"], told["did"]

    assert look(newest + limit) == (0, "none", "nothing") and there.issues == []
    assert look(newest + limit + timedelta(seconds=1)) == (1, "medium", "opened")
    assert there.issue.created_at == "2026-02-01T03:00:01Z" and "the newest row is" in there.issue.body
    repo.write("live.csv", rows(743))
    assert look(newest + limit + timedelta(hours=20)) == (0, "none", "closed")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "sighting.json: it cannot be read (No such file or directory). Run `assay monitor --out sighting.json` first"),
        (b"{}", "it is no sighting (model: Field required)"),
        (b" " * (LIMIT + 1), "it has more than 262,144 bytes"),
    ],
)
def test_ga_04_what_is_no_sighting_is_one_line(
    assay: Assay, there: Production, tmp_path: Path, content: bytes | None, line: str
) -> None:
    if content is not None:
        (tmp_path / "sighting.json").write_bytes(content)
    (said,) = told(assay("sight", cwd=tmp_path), 2)
    assert line in said and there.issues == []
