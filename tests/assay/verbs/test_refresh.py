"""`assay refresh`: exit codes, the records, and what a job is left."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateway.transport import Transport
from policy.facts import commit
from policy.facts.reading import read as read_facts
from policy.refresh import Outcome, Refresh
from tests.actions.refresh.arriving import MORE, POLICY, Arriving, made, rows
from tests.assay.conftest import Assay, told
from tests.bot.gateway.scene import REPOSITORY, scene
from tests.bot.proposing.scene import Runs
from tests.loopback.server import running


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Arriving:
    return made(tmp_path_factory.mktemp("imported"))


@pytest.fixture
def arriving(imported: Arriving, tmp_path: Path) -> Arriving:
    return imported.copy(tmp_path)


def test_new_data_is_shown_by_its_versions_and_stays(assay: Assay, arriving: Arriving) -> None:
    root = arriving.arrives(rows(MORE)).repo.root
    (root / ".assay").mkdir()
    (root / ".assay/commit.json").write_text("of an earlier run")
    done = assay("refresh", "data/raw.csv.dvc", cwd=root)
    assert done.code == 0, done.out + done.err
    first, second = done.out.splitlines()[:2]
    assert first.endswith("refresh: data/raw.csv came in new, and keeps what the policy asks of data")
    assert "data/raw.csv" in second and " → " in second
    assert "@acme/data" in done.out
    assert Refresh.model_validate_json((root / ".assay/refresh.json").read_text()).outcome is Outcome.ACCEPTED
    assert not (root / ".assay/commit.json").exists()
    assert not any(arriving.repo.remote.iterdir())
    assert "not as it was committed" in told(assay("refresh", cwd=root), 2)[0]


def test_refused_data_is_exit_1_with_the_reason_and_no_file_is_another(assay: Assay, arriving: Arriving) -> None:
    before = arriving.arrives(rows(MORE, "999,-1\n")).state()
    done = assay("refresh", "data/raw.csv", "--json", cwd=arriving.repo.root)
    assert done.code == 1, done.out + done.err
    record = Refresh.model_validate_json(done.out)
    assert record.outcome is Outcome.REJECTED and "value" in record.result.why
    assert record.result.advice.endswith("or ask @acme/data, and refresh again")
    assert arriving.state() == before


def test_a_job_is_left_what_is_to_be_committed_and_its_facts(
    assay: Assay, arriving: Arriving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/heat")
    monkeypatch.setenv("GITHUB_RUN_ID", "4711")
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    root = arriving.arrives(rows(MORE)).repo.root
    arriving.other.write("codes.csv", "code\nEWR\n").commit("other codes")
    done = assay("refresh", cwd=root)
    assert done.code == 0, done.out + done.err
    left = commit.read((root / ".assay/commit.json").read_bytes())
    assert (left.request, left.sha) == ("4711", arriving.repo.sha())
    assert [file.path for file in left.files] == ["data/codes.csv.dvc", "data/raw.csv.dvc"]
    facts = read_facts((root / ".assay/facts.json").read_bytes())
    assert (facts.revision.repository, facts.data[0].path) == ("acme/heat", "data/raw.csv")
    assert "outcome=accepted\n" in (tmp_path / "output").read_text()
    # What another repository keeps is not kept twice.
    assert [path.read_text() for path in arriving.repo.remote.rglob("*") if path.is_file()] == [rows(MORE)]


def test_what_a_job_is_left_becomes_a_pull_request(
    assay: Assay, arriving: Arriving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = arriving.arrives(rows(MORE)).repo
    before = {path: (repo.root / path).read_text() for path in ("assay.yml", "data/raw.csv.dvc", "data/codes.csv.dvc")}
    assert assay("refresh", "--push", cwd=repo.root).code == 0
    left = commit.read((repo.root / ".assay/commit.json").read_bytes())
    raw = (repo.root / ".assay/facts.json").read_bytes()
    assert left.facts == commit.digest(raw)
    to = Transport.to
    monkeypatch.setattr(Transport, "to", lambda *given: replace(to(*given), spacing=0.0, pause=lambda _: None))
    with running() as github:
        runs = Runs(scene(github), policy=POLICY)
        # GitHub has the same files, and a commit of its own.
        runs.sha = github.commit(REPOSITORY, before)
        run, facts = runs.run(), read_facts(raw)
        revision = facts.revision.model_copy(update={"base": runs.sha, "head": runs.sha})
        files = {file.path: file.text for file in left.files}
        done = runs.propose(runs.leave(run, files, facts.model_copy(update={"revision": revision})), "refresh")
        assert (done.did, runs.tip(run, "refresh") is not None) == ("opened", True)
        assert "data/raw.csv" in runs.issue(done.pull).body


def test_where_nothing_is_new_there_is_nothing_to_commit(assay: Assay, arriving: Arriving) -> None:
    done = assay("refresh", "data/raw.csv", "--push", "--json", "--out", "left", cwd=arriving.repo.root)
    assert (done.code, json.loads(done.out)["outcome"]) == (0, "unchanged")
    assert not commit.read((arriving.repo.root / "left/commit.json").read_bytes()).files
    assert not (arriving.repo.root / "left/facts.json").exists()


def test_a_source_that_is_away_is_outside_and_leaves_everything_as_it_was(assay: Assay, arriving: Arriving) -> None:
    before = arriving.state()
    (arriving.source / "raw.csv").unlink()
    (line,) = told(assay("refresh", "data/raw.csv", "--json", cwd=arriving.repo.root), 3)
    assert "`dvc update` failed" in line
    assert arriving.state() == before
