"""Repositories that are not ready, remotes that are away, pipelines that cannot be read: exit code, cause and cure."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.assay.conftest import POLICY, Assay, Done, red, rows, told
from tests.repositories import Repo, environment

CHANGED = "prepare: {minimum: 0}\ntrain: {slope: 9}\n"


def one(done: Done) -> str:
    (line,) = told(done, 2)
    return line


def test_no_git_on_the_path(assay: Assay, mine: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert one(assay("check", cwd=mine.root)) == "assay: git was not found. Install git and put it on PATH"


def test_no_dvc_on_the_path(assay: Assay, mine: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine.write("params.yaml", CHANGED).commit()
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(tools))
    done = assay("train", cwd=mine.root)
    why, advice = red(done)
    assert why.startswith("dvc is not on PATH")
    assert "pip install dvc" in advice


def test_no_repository(assay: Assay, tmp_path: Path) -> None:
    line = one(assay("check", cwd=tmp_path))
    assert line == "assay: .: this is not a git repository. Run inside one, or start one with `git init`"


def test_no_such_folder(assay: Assay, tmp_path: Path) -> None:
    line = one(assay("check", "-C", tmp_path / "nowhere", cwd=tmp_path))
    assert line == f"assay: {tmp_path / 'nowhere'}: there is no such folder. Name a folder inside a git repository"


def test_no_dvc(assay: Assay, tmp_path: Path) -> None:
    plain = Repo(tmp_path, dvc=False).write("x", "1").commit()
    line = one(assay("check", cwd=plain.root))
    assert line == f"assay: {plain.root}: DVC is not set up here. Run `dvc init`, or run inside the folder that holds .dvc"


def test_a_bare_repository(assay: Assay, mine: Repo, tmp_path: Path) -> None:
    mine.git("clone", "--quiet", "--bare", str(mine.root), str(tmp_path / "bare"))
    assert one(assay("check", cwd=tmp_path / "bare")).endswith(
        "a bare git repository, without a work tree. Clone it and run there"
    )


def test_the_inside_of_a_git_folder(assay: Assay, mine: Repo) -> None:
    assert one(assay("check", cwd=mine.root / ".git")).endswith("Run in the work tree beside it")


def test_an_unborn_branch(assay: Assay, mine: Repo) -> None:
    mine.git("checkout", "--quiet", "--orphan", "unborn")
    assert one(assay("check", cwd=mine.root)).endswith("this branch has no commit yet. Commit something first")


@pytest.mark.parametrize("base", ["no-such-branch", "--upload-pack=touch x", "a..b", "", "main\nx", "HEAD@{99}", ":/nothing"])
def test_a_base_that_is_no_revision(assay: Assay, mine: Repo, base: str) -> None:
    line = one(assay("check", "--base", base, cwd=mine.root))
    assert "no such branch, tag or commit" in line or "this is not the name of a revision" in line
    assert not (mine.root / "x").exists()


def test_a_shallow_clone_says_how_to_deepen(assay: Assay, mine: Repo, tmp_path: Path) -> None:
    first = mine.sha()
    clone = mine.commit("two").commit("three").clone(tmp_path / "shallow", depth=1)
    for base in (first, "main"):
        line = one(assay("check", "--base", base, cwd=clone.root))
        assert line.endswith("Run `git fetch --unshallow`, or set `fetch-depth: 0` on actions/checkout")


def test_a_shallow_clone_without_the_common_ancestor_says_how_to_deepen(assay: Assay, mine: Repo, tmp_path: Path) -> None:
    mine.commit("mine").switch("main").commit("theirs").switch("change")
    clone = mine.clone(tmp_path / "shallow", depth=1)
    clone.git("fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main")
    line = one(assay("check", cwd=clone.root))
    assert "does not reach the common ancestor" in line
    assert "git fetch --unshallow" in line


def test_a_detached_head_is_checked_like_any_other(assay: Assay, mine: Repo) -> None:
    mine.write("metrics.json", '{"accuracy": 0.2}').commit().switch(mine.sha())
    assert red(assay("evaluate", cwd=mine.root))[0] == "accuracy is 0.2, below the floor of 0.5"


def test_a_base_that_is_no_ancestor_is_compared_as_it_is(assay: Assay, mine: Repo) -> None:
    mine.git("checkout", "--quiet", "--orphan", "island")
    done = assay("evaluate", cwd=mine.write("metrics.json", '{"accuracy": 0.2}').commit().root)
    assert red(done)[0].startswith("accuracy is 0.2")


def test_a_remote_that_is_away_is_red_with_3_because_a_retry_may_help(assay: Assay, mine: Repo) -> None:
    config = "[core]\n    remote = store\n['remote \"store\"']\n    url = /nowhere/at/all\n"
    mine.write(".dvc/config", config).write("data/raw.csv", rows(210)).dvc_add("data/raw.csv").commit()
    why, advice = red(assay("data", cwd=mine.root), 3)
    assert "there is no folder /nowhere/at/all" in why
    assert advice


def test_a_remote_that_is_only_named_is_red(assay: Assay, mine: Repo) -> None:
    mine.write(".dvc/config", "[core]\n    remote = store\n").write("metrics.json", '{"accuracy": 1}').commit()
    why, advice = red(assay("data", cwd=mine.root))
    assert "remote 'store' doesn't exist" in why
    assert ".dvc/config" in advice


def test_no_remote_at_all_is_a_warning(assay: Assay, mine: Repo) -> None:
    mine.write(".dvc/config", "").write("metrics.json", '{"accuracy": 0.995}').commit()
    done = assay("check", cwd=mine.root)
    assert done.code == 0, done.out
    assert "no DVC remote is configured" in done.out.splitlines()[0]


FILES = {
    "dvc.yaml that makes an object": ("dvc.yaml", "stages:\n  a:\n    cmd: !!python/object/apply:os.system ['touch pwned']\n"),
    "dvc.yaml cut off": ("dvc.yaml", "stages: [\n"),
    "dvc.lock": ("dvc.lock", "{{{"),
    "params.yaml that makes an object": ("params.yaml", "prepare: !!python/object/apply:os.system ['touch pwned']\n"),
    "a .dvc file": ("data/raw.csv.dvc", "outs: 3\n"),
    ".dvc/config": (".dvc/config", "[[[core\n"),
    "dvc.lock with a digest that leads out": (
        "data/raw.csv.dvc",
        "outs:\n- md5: ../../../../etc/passwd\n  hash: md5\n  path: raw.csv\n",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_ga_09_a_pipeline_that_cannot_be_read_is_red_and_makes_no_object(assay: Assay, mine: Repo, name: str) -> None:
    file, text = FILES[name]
    mine.write(file, text).remove("data/raw.csv").commit()
    why, advice = red(assay("check", cwd=mine.root))
    assert Path(file).name in why or "configuration" in why or "not the digest" in why
    assert advice
    assert not list(mine.root.rglob("pwned"))
    assert (mine.root / ".assay/comment.md").is_file(), "there is a report all the same"


def test_a_pipeline_that_cannot_be_read_is_red_even_where_no_data_is_watched(assay: Assay, mine: Repo) -> None:
    policy = "version: 1\n" + POLICY[POLICY.index("train:") :]
    mine.switch("main").write("assay.yml", policy).commit().branch("next")
    assert assay("check", cwd=mine.write("params.yaml", "prepare: [\n").commit().root).code == 1


def test_a_stage_that_fails_is_red_and_its_words_are_only_shown(assay: Assay, mine: Repo) -> None:
    mine.write("train.py", "raise SystemExit('boom @team [bold]x[/] <script>')\n").commit()
    done = assay("train", cwd=mine.root)
    assert red(done)[0].startswith("stage train failed with exit code 1: python train.py")
    assert "boom @team [bold]x[/] <script>" in done.err


def test_a_folder_to_write_to_that_is_a_file(assay: Assay, mine: Repo) -> None:
    mine.write("taken", "x")
    line = one(assay("check", "--out", "taken", cwd=mine.root))
    assert line == "assay: taken: cannot write (File exists). Name another folder with --out"


STARTS = {
    ("check",): (2, "assay: .: this is not a git repository. Run inside one, or start one with `git init`\n"),
    ("drift", "a.csv", "b.csv"): (2, "assay: a.csv: no such data file or folder. Name existing data\n"),
    ("report",): (2, "assay: .assay/facts.json: cannot read the facts (No such file or directory). Run `assay check` first\n"),
}


@pytest.mark.parametrize("arguments", STARTS, ids=" ".join)
def test_a_process_of_its_own_ends_the_same_way(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    main = Path(__file__).parents[2] / "assay/__main__.py"
    command = [sys.executable, str(main), *arguments]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (*STARTS[arguments], "")
    assert not list(tmp_path.iterdir())
