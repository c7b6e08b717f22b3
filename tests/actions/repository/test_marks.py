"""Git tags of Assay's: made where they are absent, here and on origin, and never moved."""

from pathlib import Path

import pytest

from actions.repository import Repository
from policy.problems import OutsideProblem, UserProblem
from tests.repositories import Repo

NAME = "flight-delay@v1.0.0"


def place(repo: Repo, sha: str, name: str = NAME) -> bool:
    with Repository.open(repo.root) as repository:
        return repository.place_tag(name, sha, "version 1")


def test_a_tag_is_made_once(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    assert place(repo, repo.sha())
    assert not place(repo, repo.sha())
    assert repo.git("cat-file", "-t", NAME) == "tag"
    assert repo.sha(f"{NAME}^{{commit}}") == repo.sha()


def test_a_tag_is_never_moved(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    place(repo, repo.sha())
    repo.commit("another")
    with pytest.raises(UserProblem, match="A tag is never moved"):
        place(repo, repo.sha())


def test_a_tag_goes_to_origin_also_where_a_crash_left_it_here(tmp_path: Path) -> None:
    upstream = Repo(tmp_path)
    clone = upstream.clone(tmp_path / "clone")
    clone.git("tag", NAME)
    assert place(clone, clone.sha())
    assert upstream.sha(f"{NAME}^{{commit}}") == clone.sha()
    assert not place(upstream.clone(tmp_path / "other"), clone.sha())


def test_a_tag_that_origin_has_elsewhere_is_not_hidden_by_ours(tmp_path: Path) -> None:
    upstream = Repo(tmp_path)
    clone = upstream.clone(tmp_path / "clone")
    upstream.commit("another").tag(NAME)
    with pytest.raises(UserProblem, match="A tag is never moved"):
        place(clone, clone.sha())


def test_an_origin_that_is_away_is_outside(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.git("remote", "add", "origin", str(tmp_path / "nowhere"))
    with pytest.raises(OutsideProblem, match="origin cannot be read"):
        place(repo, repo.sha())


@pytest.mark.parametrize("name", ["a b", "-d", "a..b", "a:b", "", "a\nb"])
def test_what_is_no_name_of_a_tag_is_refused(tmp_path: Path, name: str) -> None:
    repo = Repo(tmp_path)
    with pytest.raises(UserProblem, match="not the name of a tag"):
        place(repo, repo.sha(), name)


def next_of(repo: Repo, sha: str) -> str:
    with Repository.open(repo.root) as repository:
        return repository.place_next_tag("flight-delay#production#", sha, "in production")


def test_the_tags_of_a_row_count_on_and_the_last_one_is_not_made_twice(tmp_path: Path) -> None:
    upstream = Repo(tmp_path)
    clone = upstream.clone(tmp_path / "clone")
    first = clone.sha()
    assert [next_of(clone, first), next_of(clone, first)] == ["flight-delay#production#1"] * 2
    second = clone.commit("another").sha()
    assert next_of(clone, second) == "flight-delay#production#2"
    assert next_of(clone, first) == "flight-delay#production#3"  # a rollback
    assert upstream.sha("flight-delay#production#3^{commit}") == first


def test_a_row_goes_on_where_origin_ended(tmp_path: Path) -> None:
    upstream = Repo(tmp_path)
    clone = upstream.clone(tmp_path / "clone")
    upstream.commit("another").tag("flight-delay#production#9").tag("flight-delay#production#odd")
    assert next_of(clone, clone.sha()) == "flight-delay#production#10"
