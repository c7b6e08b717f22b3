"""Which imports are refreshed, and what their `.dvc` files say."""

import pytest

from actions.refresh.imports import choose, source, version, without_password
from actions.repository import Out, Repository
from policy.problems import UserProblem
from policy.refresh import ImportVersion
from tests.actions.refresh.arriving import Arriving
from tests.repositories import Repo

OUT = Out("a.csv", "import", "md5:0", 3, "a.csv.dvc", "a.csv", None, True, None, True, False)


def chosen(repo: Repo, *names: str) -> list[str]:
    with Repository.open(repo.root) as opened:
        return [out.path for out in choose(opened, names)]


def test_all_imports_are_taken_or_those_named_by_path_or_file(arriving: Arriving) -> None:
    assert chosen(arriving.repo) == ["data/codes.csv", "data/raw.csv"]
    assert chosen(arriving.repo, "data/raw.csv", "data/raw.csv.dvc") == ["data/raw.csv"]
    with pytest.raises(UserProblem, match=r"no import is called 'data/rae.csv'.*data/codes.csv, data/raw.csv"):
        chosen(arriving.repo, "data/rae.csv")


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("data/raw.csv.dvc", "", "the import is not as it was committed"),
        ("data/raw.csv", "mine", "the data is not what its import recorded"),
    ],
)
def test_what_nobody_committed_is_not_written_over(arriving: Arriving, path: str, text: str, said: str) -> None:
    before = (arriving.repo.root / path).read_text()
    arriving.repo.write(path, text or before + "\n# a remark\n")
    with pytest.raises(UserProblem, match=said):
        chosen(arriving.repo)


def test_an_import_that_git_keeps_is_none_that_can_be_put_back(arriving: Arriving) -> None:
    file = arriving.repo.root / "data/raw.csv.dvc"
    file.write_text(file.read_text().replace("  path: raw.csv", "  path: raw.csv\n  cache: false"))
    with pytest.raises(UserProblem, match="git keeps this import"):
        chosen(arriving.repo, "data/raw.csv")


def test_where_nothing_was_imported_it_says_how_to(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(UserProblem, match=r"no data was imported here.*dvc import-url"):
        chosen(Repo(tmp_path_factory.mktemp("none")))


@pytest.mark.parametrize(
    ("text", "told", "where"),
    [
        ("deps: [{path: 's3://b/a.csv', etag: '\"1f\"'}]", {"etag": '"1f"'}, "s3://b/a.csv"),
        ("deps: [{path: 's3://b/a.csv', version_id: v7, etag: ''}]", {"etag": "v7"}, "s3://b/a.csv"),
        (
            "deps: [{path: a.csv, repo: {url: 'https://me:secret@git.example/x', rev: v1, rev_lock: f00d}}]",
            {"revision": "f00d"},
            "https://git.example/x: a.csv at v1",
        ),
        ("deps: []", {}, ""),
        ("deps: [a]", {}, ""),
        ("- a", {}, ""),
    ],
)
def test_a_dvc_file_says_where_its_data_comes_from_and_which_version_it_is(text: str, told: dict[str, str], where: str) -> None:
    assert version(text.encode(), OUT) == ImportVersion(digest="md5:0", size=3, **told)
    assert source(text.encode()) == where


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:secret@example.org/a@b", "https://example.org/a@b"),
        ("../data/a@b.csv", "../data/a@b.csv"),
        ("git@example.org:a/b", "git@example.org:a/b"),
        ("https://[half", ""),
    ],
)
def test_an_address_is_shown_without_a_password(address: str, shown: str) -> None:
    assert without_password(address) == shown
