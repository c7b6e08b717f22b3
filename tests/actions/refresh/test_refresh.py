"""Real imports, brought up to date by a real dvc: what is refused leaves every byte where it was."""

import os
from pathlib import Path

import pytest

from actions.progress import Silent
from actions.refresh.refresh import Refreshed, pack, refresh
from actions.repository import Repository
from policy.facts.commit import digest
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from policy.refresh import Outcome
from policy.result import Status
from tests.actions.refresh.arriving import GOOD, MORE, Arriving, rows
from tests.repositories import environment


def refreshed(arriving: Arriving, *names: str, push: bool = False) -> Refreshed:
    with Repository.open(arriving.repo.root) as opened:
        return refresh(opened, names, Silent(), push=push, environment=environment())


def test_new_data_that_keeps_its_contract_is_taken_in_and_its_dvc_file_is_what_there_is_to_commit(arriving: Arriving) -> None:
    done = refreshed(arriving.arrives(rows(MORE)))
    record = done.record
    assert (record.outcome, record.result.status, record.sha) == (Outcome.ACCEPTED, Status.PASSED, arriving.repo.sha())
    codes, raw = record.imports
    assert (raw.path, raw.changed, codes.changed) == ("data/raw.csv", True, False)
    assert raw.before.digest != raw.after.digest and (raw.after.size or 0) > (raw.before.size or 0)
    assert (arriving.repo.root / "data/raw.csv").read_text() == rows(MORE)
    assert done.checked is not None and done.checked.facts.data[0].diff is not None
    assert done.checked.facts.data[0].diff.added == MORE - GOOD
    assert arriving.repo.git("status", "--porcelain") == "M data/raw.csv.dvc".rjust(19)
    with Repository.open(arriving.repo.root) as opened:
        left = pack(opened, record, "7", b"{}")
    (file,) = left.files
    assert left.facts == digest(b"{}")
    assert (file.path, file.text) == ("data/raw.csv.dvc", (arriving.repo.root / "data/raw.csv.dvc").read_text())
    assert not list(arriving.repo.remote.rglob("*.*")) and not any(arriving.repo.remote.iterdir())


@pytest.mark.parametrize("link", ["copy", "symlink"])
def test_data_that_fails_its_contract_is_put_back_to_the_byte_with_all_that_came_beside_it(arriving: Arriving, link: str) -> None:
    if link != "copy":
        with (arriving.repo.root / ".dvc/config.local").open("a") as file:
            file.write(f"[cache]\n    type = {link}\n")
        arriving.repo.dvc("checkout", "--relink", "--quiet")
    arriving.other.write("codes.csv", "code\nEWR\n").commit("other codes")
    before, was_link = arriving.state(), (arriving.repo.root / "data/raw.csv").is_symlink()
    done = refreshed(arriving.arrives(rows(MORE, extra="9999,-5\n")), push=True)
    assert (done.record.outcome, done.record.result.status) == (Outcome.REJECTED, Status.FAILED)
    assert "value: " in done.record.result.why and "nothing was changed" in done.record.result.why
    assert [each.changed for each in done.record.imports] == [True, True]
    assert arriving.state() == before
    assert (arriving.repo.root / "data/raw.csv").is_symlink() == was_link
    assert not arriving.repo.git("status", "--porcelain") and not any(arriving.repo.remote.iterdir())
    with Repository.open(arriving.repo.root) as opened:
        assert not pack(opened, done.record, "7", b"{}").files


def test_where_nothing_is_new_nothing_is_touched_and_nothing_read(arriving: Arriving) -> None:
    # Another commit of the source, with the same bytes in the file that is imported.
    arriving.other.write("README.md", "more").commit("words")
    before = arriving.state()
    done = refreshed(arriving)
    assert (done.record.outcome, done.checked) == (Outcome.UNCHANGED, None)
    assert done.record.result.reason is Reason.REFRESH_UNCHANGED
    assert arriving.state() == before


def test_only_what_is_named_is_asked_for_and_what_no_data_set_watches_is_told(arriving: Arriving) -> None:
    arriving.other.write("codes.csv", "code\nEWR\n").commit("other codes")
    done = refreshed(arriving.arrives("id,value\n1,-1\n"), "data/codes.csv.dvc")
    assert (done.record.outcome, done.record.result.status) == (Outcome.ACCEPTED, Status.WARNED)
    assert [leaf.reason for leaf in done.record.result.causes()] == [Reason.REFRESH_UNWATCHED]
    (codes,) = done.record.imports
    assert codes.after.revision == arriving.other.sha() != codes.before.revision
    assert codes.source == "../other/work: codes.csv"
    assert (arriving.repo.root / "data/raw.csv").read_text() == rows(GOOD)


def test_a_remote_that_is_away_leaves_everything_as_it_was(arriving: Arriving) -> None:
    before = arriving.state()
    arriving.repo.remote.rmdir()
    arriving.repo.remote.write_text("no folder")
    with pytest.raises(OutsideProblem, match="`dvc push` failed"):
        refreshed(arriving.arrives(rows(MORE)), "data/raw.csv", push=True)
    assert arriving.state() == before


def test_without_its_data_a_clone_compares_and_leaves_none_where_it_is_refused(arriving: Arriving) -> None:
    (arriving.repo.root / "data/raw.csv").unlink()
    before = arriving.state()
    done = refreshed(arriving.arrives("id,value\n1,-1\n"), "data/raw.csv")
    assert done.record.outcome is Outcome.REJECTED
    assert arriving.state() == before and not (arriving.repo.root / "data/raw.csv").exists()


def test_without_a_remote_what_came_from_an_address_cannot_be_pushed(arriving: Arriving) -> None:
    config = arriving.repo.root / ".dvc/config"
    config.write_text("")
    before = arriving.state()
    with pytest.raises(UserProblem, match="DVC has no remote"):
        refreshed(arriving.arrives(rows(MORE)), push=True)
    assert arriving.state() == before
    assert refreshed(arriving, "data/codes.csv", push=True).record.outcome is Outcome.UNCHANGED


def test_a_folder_is_put_back_with_all_that_is_in_it(arriving: Arriving, tmp_path: Path) -> None:
    repo, folder = arriving.repo, tmp_path / "source/parts"
    folder.mkdir()
    (folder / "a.csv").write_text(rows(GOOD))
    repo.dvc("import-url", "--quiet", "../../source/parts", "data/parts")
    repo.write("assay.yml", "version: 1\ndata: [{path: data/parts, contract: contracts/raw.py:Raw}]\n").commit("a folder")
    os.utime(repo.root / "data/parts/a.csv", (1, 1))
    before = arriving.state()
    (folder / "b.csv").write_text("id,value\n1,-1\n")
    assert refreshed(arriving, "data/parts").record.outcome is Outcome.REJECTED
    assert arriving.state() == before and (repo.root / "data/parts/a.csv").stat().st_mtime == 1
