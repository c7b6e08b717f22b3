"""Real git + DVC repositories in a few lines, for the tests of every room.

    repo = Repo(tmp_path).write("data/raw.csv", "x,y\\n1,2\\n").dvc_add("data/raw.csv").commit("raw data").push_data()
    repo.branch("change").write("params.yaml", "depth: 3\\n").commit("deeper")

The work tree is `repo.root` (`tmp_path/work`), the remote a folder beside it (`repo.remote`).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

PREPARE = """\
import pathlib
import yaml

params = yaml.safe_load(pathlib.Path("params.yaml").read_text())["prepare"]
rows = pathlib.Path("data/raw.csv").read_text().splitlines()
kept = [rows[0], *[row for row in rows[1:] if int(row.split(",")[1]) >= params["minimum"]]]
pathlib.Path("data/prepared.csv").write_text("\\n".join(kept) + "\\n")
print("kept", len(kept) - 1, "rows")
"""
TRAIN = """\
import pathlib
import yaml

slope = yaml.safe_load(pathlib.Path("params.yaml").read_text())["train"]["slope"]
rows = pathlib.Path("data/prepared.csv").read_text().splitlines()[1:]
pathlib.Path("model.txt").write_text(f"{slope} {len(rows)}\\n")
print("trained with slope", slope)
"""
EVALUATE = """\
import json
import pathlib

slope, rows = pathlib.Path("model.txt").read_text().split()
pathlib.Path("metrics.json").write_text(json.dumps({"accuracy": 1 - 1 / (1 + float(slope) * int(rows))}))
"""
PIPELINE = """\
stages:
  prepare:
    cmd: python prepare.py
    deps: [prepare.py, data/raw.csv]
    params: [prepare]
    outs: [data/prepared.csv]
  train:
    cmd: python train.py
    deps: [train.py, data/prepared.csv]
    params: [train]
    outs: [model.txt]
  evaluate:
    cmd: python evaluate.py
    deps: [evaluate.py, model.txt]
    metrics:
      - metrics.json: {cache: false}
"""
PARAMS = "prepare:\n  minimum: 2\ntrain:\n  slope: 1.5\n"
RAW = "id,value\n" + "".join(f"{row},{row % 5}\n" for row in range(20))


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a user whose PATH finds python, git and dvc, and who has no git configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "ACTIONS_", "INPUT_"))}
    tools = str(Path(sys.executable).parent)
    return kept | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "DVC_NO_ANALYTICS": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_AUTHOR_DATE": "2024-05-01T12:00:00Z",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_COMMITTER_DATE": "2024-05-01T12:00:00Z",
        **(extra or {}),
    }


_MADE: dict[str, tuple[bytes, int]] = {}
"""What a run of the pipeline made: contents and permissions by path."""


class Repo:
    """A git repository on branch `main` with DVC initialised, and (unless told otherwise) a local remote `store`.

    With `dvc=False` plain git; with `git=False` an empty folder. Every builder returns the repository itself.
    """

    def __init__(self, folder: Path, *, git: bool = True, dvc: bool = True, remote: bool = True, subdirectory: str = "") -> None:
        self.root = folder / "work"
        self.dvc_root = self.root / subdirectory
        self.remote = folder / "remote"
        self.dvc_root.mkdir(parents=True)
        if git:
            self.git("init", "--quiet", "--initial-branch=main")
        if dvc:
            self._dvc_init(folder, remote)

    def _dvc_init(self, folder: Path, remote: bool) -> None:
        home = self.dvc_root / ".dvc"
        home.mkdir()
        self.remote.mkdir(exist_ok=True)
        store = f"[core]\n    remote = store\n['remote \"store\"']\n    url = {self.remote}\n" if remote else ""
        (home / "config").write_text(store)
        # The machine-wide cache of hashes stays inside the test's folder too.
        (home / "config.local").write_text(f"[core]\n    site_cache_dir = {folder / 'site'}\n")
        (home / ".gitignore").write_text("/config.local\n/tmp\n/cache\n")
        (self.dvc_root / ".dvcignore").write_text("")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "an empty DVC repository")

    def run(self, *command: str, env: Mapping[str, str] | None = None) -> str:
        """Run a program in the DVC root and return what it printed; a failure shows its errors."""
        done = subprocess.run(command, cwd=self.dvc_root, env=environment(env), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def git(self, *arguments: str) -> str:
        """Run git in the work tree and return what it printed, without the last line break."""
        done = subprocess.run(("git", *arguments), cwd=self.root, env=environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"git {arguments}: {done.stderr}"
        return done.stdout.rstrip("\n")

    def dvc(self, *arguments: str) -> str:
        """Run the dvc command in the DVC root (about half a second)."""
        return self.run(str(Path(sys.executable).parent / "dvc"), *arguments)

    def write(self, path: str, content: str | bytes) -> Self:
        """Write a file of the work tree, making its folders."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target.unlink()  # it may be a read-only link into DVC's cache
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def remove(self, path: str) -> Self:
        """Delete a file or folder of the work tree."""
        target = self.root / path
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        else:
            target.unlink()
        return self

    def dvc_add(self, *paths: str) -> Self:
        """`dvc add` in this process, which is much faster than the command."""
        from dvc.repo import Repo as DvcRepo

        with DvcRepo(str(self.dvc_root)) as opened:
            opened.add([str(self.root / path) for path in paths])
        return self

    def push_data(self) -> Self:
        """`dvc push` of everything the work tree's lock names, with the run cache, in this process."""
        from dvc.repo import Repo as DvcRepo

        with DvcRepo(str(self.dvc_root)) as opened:
            opened.push(run_cache=True)
        return self

    def repro(self, *arguments: str) -> Self:
        """`dvc repro` as the user would run it."""
        self.dvc("repro", "--quiet", *arguments)
        return self

    def commit(self, message: str = "a change") -> Self:
        """Commit everything that git does not ignore."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self

    def branch(self, name: str) -> Self:
        """Make a branch here and stand on it."""
        self.git("switch", "--quiet", "--create", name)
        return self

    def switch(self, revision: str) -> Self:
        """Check out a branch, a tag, or (detached) a commit. DVC's data does not follow."""
        self.git("checkout", "--quiet", revision)
        return self

    def tag(self, name: str) -> Self:
        """Tag the present commit."""
        self.git("tag", name)
        return self

    def sha(self, revision: str = "HEAD") -> str:
        """The commit a revision names."""
        return self.git("rev-parse", revision)

    def with_pipeline(self, *, run: bool = True) -> Self:
        """Raw data and a pipeline prepare -> train -> evaluate of plain Python; run and committed unless told otherwise.

        `data/raw.csv` (by `dvc add`), `params.yaml` (prepare.minimum, train.slope), outs `data/prepared.csv` and
        `model.txt` in DVC's cache, `metrics.json` in git.
        """
        scripts = {"prepare.py": PREPARE, "train.py": TRAIN, "evaluate.py": EVALUATE}
        for name, content in {**scripts, "dvc.yaml": PIPELINE, "params.yaml": PARAMS, "data/raw.csv": RAW}.items():
            self.write(name, content)
        self.dvc_add("data/raw.csv")
        if run:
            self._run_pipeline()
        return self.commit("a pipeline")

    def _run_pipeline(self) -> None:
        """`dvc repro`, which takes most of a second and comes to the same each time: run once by a process, and then copied."""
        if not _MADE:
            before = self._files()
            self.repro()
            _MADE.update(dict(self._files().items() - before.items()))
            return
        for name, (content, mode) in _MADE.items():
            target = self.dvc_root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(mode)

    def _files(self) -> dict[str, tuple[bytes, int]]:
        """What DVC keeps and made, by path from its root: contents and permissions. What it only remembers is left out."""
        names = [path.relative_to(self.dvc_root) for path in self.dvc_root.rglob("*") if path.is_file()]
        kept = [name for name in names if name.parts[0] != ".git" and name.parts[:2] != (".dvc", "tmp")]
        return {str(name): ((self.dvc_root / name).read_bytes(), (self.dvc_root / name).stat().st_mode & 0o777) for name in kept}

    def clone(self, folder: Path, *, depth: int | None = None) -> "Repo":
        """A fresh clone as a CI runner has it: git's files, none of DVC's data. The remote is the same."""
        other = object.__new__(type(self))
        other.root, other.remote = folder / "work", self.remote
        other.dvc_root = other.root / self.dvc_root.relative_to(self.root)
        folder.mkdir(parents=True, exist_ok=True)
        shallow = ("--depth", str(depth)) if depth else ()
        command = ("git", "clone", "--quiet", *shallow, self.root.as_uri(), str(other.root))
        subprocess.run(command, env=environment(), check=True, capture_output=True)
        (other.dvc_root / ".dvc/config.local").write_text(f"[core]\n    site_cache_dir = {folder / 'site'}\n")
        return other

    def copy(self, folder: Path) -> "Repo":
        """The repository as its author has it, with data and cache, in another folder. The remote is the same."""
        other = object.__new__(type(self))
        other.root, other.remote = folder / "work", self.remote
        other.dvc_root = other.root / self.dvc_root.relative_to(self.root)
        shutil.copytree(self.root, other.root, symlinks=True)
        (other.dvc_root / ".dvc/config.local").write_text(f"[core]\n    site_cache_dir = {folder / 'site'}\n")
        return other

    def cached(self, content: str | bytes) -> Path:
        """Where DVC's cache keeps a file of this content."""
        digest = hashlib.md5(content.encode() if isinstance(content, str) else content, usedforsecurity=False).hexdigest()
        return self.dvc_root / ".dvc/cache/files/md5" / digest[:2] / digest[2:]
