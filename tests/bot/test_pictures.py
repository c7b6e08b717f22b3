"""Pictures are kept in the repository, and a report comes without them where they cannot be."""

from bot.pictures import Album
from reports.exhibits import Exhibit
from tests.bot.gateway.scene import REPOSITORY, Scene

PNG = b"\x89PNG\r\n\x1a\n"
CHARTS = [Exhibit("Gates", PNG + b"1"), Exhibit("Loss", PNG + b"2"), Exhibit("Rest", why="see the HTML report")]


def test_pictures_lie_on_an_orphan_branch_of_the_repository_itself(here: Scene) -> None:
    album = Album(here.gateway)
    gates, loss, rest = album.keep(CHARTS)
    assert gates.address.startswith(f"/{REPOSITORY}/blob/") and loss.address.endswith(".png?raw=true")
    assert rest == CHARTS[2] and album.refusal is None
    commit = gates.address.split("/")[4]
    assert here.gateway.commit_parents(commit) == []
    assert set(here.gateway.tree(commit)) == {each.address.split("/")[5].partition("?")[0] for each in (gates, loss)}


def test_the_same_pictures_are_stored_once(here: Scene) -> None:
    first = Album(here.gateway).keep(CHARTS)
    here.github.forget_requests()
    assert Album(here.gateway).keep(CHARTS) == first
    assert all(each.method == "GET" for each in here.github.requests)


def test_a_token_that_may_not_write_contents_is_asked_once(here: Scene) -> None:
    album = Album(here.as_token(here.github.token(REPOSITORY, contents="read", pull_requests="write")))
    gates, loss, rest = album.keep(CHARTS)
    assert gates.address == loss.address == "" and gates.why == "the token may not write contents"
    assert rest.why == "see the HTML report"
    assert album.refusal is not None and "contents: write" in str(album.refusal)
    here.github.forget_requests()
    assert album.keep(CHARTS) == [gates, loss, rest]
    assert here.github.requests == []


def test_a_github_that_fails_is_a_reason_too(here: Scene) -> None:
    here.github.fail("status", "POST", "/git/", times=None, status=502)
    gates, *_ = Album(here.gateway).keep(CHARTS)
    assert gates.address == "" and gates.why


def test_without_pictures_nothing_is_asked(here: Scene) -> None:
    here.github.forget_requests()
    assert Album(here.gateway).keep(CHARTS[2:]) == CHARTS[2:] and here.github.requests == []
