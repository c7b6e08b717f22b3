"""`assay init`: what is written, what is kept, and that a check passes on what it proposed."""

import subprocess
from pathlib import Path

import pytest

from tests.assay.conftest import Assay
from tests.repositories import Repo


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("run")).with_pipeline().push_data()


@pytest.fixture
def fresh(run_once: Repo, tmp_path: Path) -> Repo:
    return run_once.copy(tmp_path / "a b")


def test_a_check_passes_on_what_is_proposed_before_and_after_it_is_committed(assay: Assay, fresh: Repo) -> None:
    done = assay("init", cwd=fresh.root)
    assert done.code == 0, done.err
    assert done.out.splitlines()[0] == "wrote assay.yml"
    assert "`assay check --base main`" in done.out
    before = assay("check", "--base", "HEAD", cwd=fresh.root)
    assert before.code == 0, before.out + before.err
    fresh.commit("assay")
    after = assay("check", "--base", "HEAD~1", cwd=fresh.root)
    assert after.code == 0, after.out + after.err


def test_the_workflow_for_commands_is_written_and_may_be_left_out(assay: Assay, fresh: Repo) -> None:
    assay("init", "--no-commands", cwd=fresh.root)
    assert not (fresh.root / ".github/workflows/assay-run.yml").exists()
    assert "wrote .github/workflows/assay-run.yml" in assay("init", cwd=fresh.root).out


def test_the_second_run_finds_nothing_to_do(assay: Assay, fresh: Repo) -> None:
    assay("init", cwd=fresh.root)
    before = fresh.commit().sha()
    done = assay("init", cwd=fresh.root)
    assert (done.code, done.out) == (0, "nothing to do: everything that would be proposed is there already\n")
    assert fresh.git("status", "--short") == ""
    assert fresh.sha() == before


def test_a_dry_run_writes_nothing_and_prints_a_patch(assay: Assay, fresh: Repo) -> None:
    done = assay("init", "--dry-run", cwd=fresh.root)
    assert done.code == 0, done.err
    assert fresh.git("status", "--short") == ""
    subprocess.run(["git", "apply"], input=done.out, text=True, cwd=fresh.root, check=True)
    assert assay("init", cwd=fresh.root).out.startswith("nothing to do")


def test_an_edited_file_is_kept_and_the_difference_is_shown(assay: Assay, fresh: Repo) -> None:
    assay("init", cwd=fresh.root)
    mine = (fresh.root / "assay.yml").read_text().replace("max_removed: 0.01", "max_removed: 0.5")
    fresh.write("assay.yml", mine).remove("contracts/raw.py")
    done = assay("init", cwd=fresh.root)
    assert (fresh.root / "assay.yml").read_text() == mine
    assert "wrote contracts/raw.py" in done.out
    assert "kept assay.yml as it is" in done.out
    assert "-    max_removed: 0.5\n+    max_removed: 0.01\n" in done.out
    assert "next: take over by hand" in done.out
    assert "wrote assay.yml" in assay("init", "--force", cwd=fresh.root).out
    assert assay("init", cwd=fresh.root).out.startswith("nothing to do")


def test_outside_of_a_repository_there_is_one_line_with_the_cure(assay: Assay, tmp_path: Path) -> None:
    done = assay("init", cwd=tmp_path)
    assert done.code == 2
    assert "git init" in done.err.splitlines()[-1]
    done = assay("init", cwd=Repo(tmp_path, dvc=False).write("a", "").commit().root)
    assert "dvc init" in done.err.splitlines()[-1]
