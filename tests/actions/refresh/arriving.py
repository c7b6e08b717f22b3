"""A repository whose data comes from elsewhere: one file by `dvc import-url`, one by `dvc import` from another git repository."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.repositories import Repo

POLICY = """\
version: 1
data:
  - path: data/raw.csv
    contract: contracts/raw.py:Raw
    key: [id]
    max_removed: 0.5
    owner: "@acme/data"
    drift: {warn: 0.5, fail: 2}
"""
CONTRACT = "import pandera.polars as pa\n\n\nclass Raw(pa.DataFrameModel):\n    id: int\n    value: int = pa.Field(ge=0)\n"
GOOD, MORE = 200, 250
IMPORTS = ("data/raw.csv", "data/codes.csv")


def rows(count: int, extra: str = "", shift: int = 0) -> str:
    """A CSV file of so many rows."""
    return "id,value\n" + "".join(f"{index},{index % 17 + shift}\n" for index in range(count)) + extra


@dataclass(frozen=True)
class Arriving:
    """The repository, and the two places that its data comes from."""

    repo: Repo
    source: Path
    """A folder with `raw.csv`."""
    other: Repo
    """A git repository with `codes.csv`."""

    def arrives(self, text: str) -> "Arriving":
        """A new version of what `import-url` brought."""
        (self.source / "raw.csv").write_text(text)
        return self

    def copy(self, folder: Path) -> "Arriving":
        """The same in another folder, with a DVC remote of its own."""
        repo = self.repo.copy(folder)
        (remote := folder / "remote").mkdir()
        repo.remote = remote
        config = repo.root / ".dvc/config.local"
        config.write_text(f"{config.read_text()}['remote \"store\"']\n    url = {remote}\n")
        shutil.copytree(self.source, folder / "source")
        shutil.copytree(self.other.root, folder / "other/work")
        other = object.__new__(Repo)
        other.root = other.dvc_root = folder / "other/work"
        return Arriving(repo, folder / "source", other)

    def state(self) -> dict[str, tuple[int, str]]:
        """Every file of the work tree but DVC's own: mode and bytes, with the time of what is data."""
        found = {}
        for path in sorted(self.repo.root.rglob("*")):
            name = path.relative_to(self.repo.root).as_posix()
            if path.is_file() and not name.startswith((".git/", ".dvc/", ".assay/")):
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                told = path.stat()
                found[name] = (told.st_mode, f"{digest} {told.st_mtime_ns if name in IMPORTS else ''}")
        return found


def made(folder: Path) -> Arriving:
    """Both imports, committed; nothing is pushed."""
    from dvc.repo import Repo as DvcRepo

    source = folder / "source"
    source.mkdir()
    (source / "raw.csv").write_text(rows(GOOD))
    other = Repo(folder / "other", dvc=False).write("codes.csv", "code\nJFK\nLGA\n").commit("codes")
    repo = Repo(folder).write("assay.yml", POLICY).write("contracts/raw.py", CONTRACT).write("data/.gitignore", "")
    here = Path.cwd()
    os.chdir(repo.root)
    try:
        with DvcRepo(str(repo.root)) as opened:
            opened.imp_url("../../source/raw.csv", out="data/raw.csv")
            opened.imp("../other/work", "codes.csv", out="data/codes.csv")
    finally:
        os.chdir(here)
    return Arriving(repo.commit("imports"), source, other)
