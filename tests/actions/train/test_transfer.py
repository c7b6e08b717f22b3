"""Data to and from a real remote, by a real dvc."""

import shutil
from pathlib import Path

import pytest

from actions.repository import Repository
from actions.train.transfer import bring, keep, renew, send
from policy.problems import OutsideProblem, UserProblem
from tests.actions.train.test_run import Heard
from tests.repositories import Repo, environment


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A pipeline that was run and pushed. Tests clone it and leave it alone."""
    return Repo(tmp_path_factory.mktemp("made")).with_pipeline().push_data()


@pytest.fixture
def clone(made: Repo, tmp_path: Path) -> Repo:
    return made.clone(tmp_path)


def brought(repo: Repo, *names: str) -> list[str]:
    """What was pulled for these stages, of all data there is."""
    heard = Heard()
    with Repository.open(repo.dvc_root) as opened:
        bring(opened, [stage for stage in opened.stages() if stage.name in names], heard, environment())
    return [out for out in ("data/raw.csv", "data/prepared.csv", "model.txt") if (repo.root / out).exists()]


def test_what_stages_read_and_none_of_them_makes_is_pulled(clone: Repo) -> None:
    assert brought(clone, "prepare", "train", "evaluate") == ["data/raw.csv"]


def test_what_a_stage_outside_makes_is_pulled_too(clone: Repo) -> None:
    assert brought(clone, "train", "evaluate") == ["data/prepared.csv"]


def test_what_is_here_already_is_left_alone(clone: Repo) -> None:
    clone.write("data/prepared.csv", "mine")
    assert brought(clone, "train") == ["data/prepared.csv"]
    assert (clone.root / "data/prepared.csv").read_text() == "mine"


def test_a_folder_that_a_stage_reads_is_pulled_with_what_is_in_it(made: Repo, tmp_path: Path) -> None:
    repo = made.copy(tmp_path / "author")
    repo.write("dvc.yaml", "stages:\n  all:\n    cmd: ls data > list.txt\n    deps: [data]\n    outs: [list.txt]\n")
    repo.repro().commit().push_data()
    assert brought(repo.clone(tmp_path / "runner"), "all") == ["data/raw.csv"]


def test_data_that_cannot_be_pulled_is_the_worlds_problem(clone: Repo) -> None:
    store = clone.remote
    gone = store.with_name("elsewhere")
    config = clone.root / ".dvc/config"
    config.write_text(config.read_text().replace(str(store), str(gone)))
    with pytest.raises(OutsideProblem, match="`dvc pull` failed: "):
        brought(clone, "prepare")


def test_what_a_run_made_is_pushed_and_nothing_else(made: Repo, tmp_path: Path) -> None:
    repo = made.copy(tmp_path / "author")
    shutil.copytree(made.remote, tmp_path / "store")
    config = repo.root / ".dvc/config"
    config.write_text(config.read_text().replace(str(made.remote), str(tmp_path / "store")))
    repo.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 77}\n").repro()
    with Repository.open(repo.root) as opened:
        send(opened, ["train"], Heard(), environment())
    pushed = {path.relative_to(tmp_path / "store") for path in (tmp_path / "store").rglob("*") if path.is_file()}
    new = pushed - {path.relative_to(made.remote) for path in made.remote.rglob("*") if path.is_file()}
    model = repo.cached((repo.root / "model.txt").read_bytes())
    assert {str(path) for path in new} == {f"files/md5/{model.parent.name}/{model.name}"}


def test_without_stages_there_is_nothing_to_push(tmp_path: Path) -> None:
    with Repository.open(Repo(tmp_path, remote=False).root) as opened:
        send(opened, [], Heard(), {"PATH": ""})


def test_without_a_remote_nothing_is_kept(tmp_path: Path) -> None:
    with Repository.open(Repo(tmp_path, remote=False).root) as opened, pytest.raises(UserProblem, match="DVC has no remote"):
        send(opened, ["train"], Heard(), environment())


def test_a_push_that_fails_says_why_and_hides_secrets(clone: Repo) -> None:
    extra = {"STORE_PASSWORD": "does not exist"}
    with Repository.open(clone.root) as opened, pytest.raises(OutsideProblem) as failed:
        send(opened, ["nothing"], Heard(), environment(extra))
    assert "`dvc push` failed: " in str(failed.value)
    assert "***" in str(failed.value) and "does not exist" not in str(failed.value)


def test_without_an_import_nothing_is_started(clone: Repo) -> None:
    heard = Heard()
    with Repository.open(clone.dvc_root) as opened:
        renew(opened, [], heard, {"PATH": ""})
        with pytest.raises(UserProblem, match="dvc is not on PATH"):
            renew(opened, ["data/raw.csv.dvc"], heard, {"PATH": ""})


def test_an_import_in_a_folder_below_is_brought_up_to_date_and_kept_from_dvcs_root(tmp_path: Path) -> None:
    repo = Repo(tmp_path, subdirectory="ml")
    source = repo.write("source.csv", "a\n1\n").root / "source.csv"
    repo.dvc("import-url", "--quiet", str(source), "raw.csv")
    source.write_text("a\n2\n")
    heard = Heard()
    with Repository.open(repo.dvc_root) as opened:
        renew(opened, ["ml/raw.csv.dvc"], heard, environment())
        assert (repo.dvc_root / "raw.csv").read_text() == "a\n2\n"
        keep(opened, ["ml/raw.csv.dvc"], heard, environment())
    assert [path.read_text() for path in repo.remote.rglob("*") if path.is_file()] == ["a\n2\n"]
