"""What was kept is put back, however DVC or anybody left it."""

import pytest

from actions.refresh.kept import Kept
from actions.repository import Out, Repository
from tests.actions.refresh.arriving import Arriving


def outs(opened: Repository) -> dict[str, Out]:
    return {out.path: out for out in opened.outs()}


def test_what_was_removed_altered_or_made_is_as_it_was_and_twice_is_as_good_as_once(arriving: Arriving) -> None:
    repo, before = arriving.repo, arriving.state()
    inode = (repo.root / "data/raw.csv").stat().st_ino
    with Repository.open(repo.root) as opened:
        kept = Kept(opened, outs(opened).values())
        repo.write("data/raw.csv", "other").write("data/raw.csv.dvc", "other").write("data/.gitignore", "other")
        repo.remove("data/codes.csv").write("data/codes.csv/a/b", "a folder in its place")
        for _ in range(2):
            for out in outs(opened).values():
                kept.put_back(out)
        kept.drop()
    assert arriving.state() == before
    assert (repo.root / "data/raw.csv").stat().st_ino == inode
    assert not (repo.root / ".dvc/tmp/assay/refresh").exists()


def test_where_there_was_no_data_there_is_none(arriving: Arriving) -> None:
    repo = arriving.repo.remove("data/raw.csv").remove("data/.gitignore")
    before = arriving.state()
    with Repository.open(repo.root) as opened:
        kept = Kept(opened, [outs(opened)["data/raw.csv"]])
        repo.write("data/raw.csv", "new").write("data/.gitignore", "new")
        kept.put_back(outs(opened)["data/raw.csv"])
    assert arriving.state() == before


def test_where_a_file_can_have_no_second_name_it_is_copied(arriving: Arriving, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("not on this file system")

    monkeypatch.setattr("os.link", refuse)
    repo, before = arriving.repo, arriving.state()
    with Repository.open(repo.root) as opened:
        kept = Kept(opened, outs(opened).values())
        (repo.root / "data/raw.csv").chmod(0o644)
        (repo.root / "data/raw.csv").write_text("written in its place")
        for out in outs(opened).values():
            kept.put_back(out)
    assert arriving.state() == before
