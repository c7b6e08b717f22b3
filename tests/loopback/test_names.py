"""A repository that was renamed or transferred is found by its old name, and always by its number."""

import pytest

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback


@pytest.mark.parametrize("new", ["acme/planes", "globex/flights"])
def test_the_old_name_leads_to_the_number_with_query_and_method_kept(github: Loopback, writer: Client, new: str) -> None:
    number = github.repository("acme/flights").id
    github.rename("acme/flights", new)
    moved = writer("GET", "/repos/acme/flights/contents/README.md?ref=change&x=a%26b")
    assert (moved.status_code, moved.json()["message"]) == (301, "Moved Permanently")
    assert moved.headers["location"] == f"{github.url}/repositories/{number}/contents/README.md?ref=change&x=a%26b"
    assert writer("GET", moved.headers["location"]).json()["size"] == len("flights, changed\n")
    written = writer("POST", "/repos/acme/flights/issues/1/comments", {"body": "x"})
    assert (written.status_code, github.comments(new, 1)) == (307, [])
    assert writer("POST", written.headers["location"], {"body": "x"}).status_code == 201
    assert writer("GET", f"/repositories/{number}").json()["full_name"] == new
    assert writer("GET", f"/repos/{new}/pulls/1").json()["head"]["repo"]["full_name"] == new


def test_pages_of_a_numbered_repository_go_on_under_its_number(github: Loopback, reader: Client) -> None:
    for at in range(3):
        github.comment("acme/flights", 1, f"comment {at}")
    number = github.repository("acme/flights").id
    first = reader("GET", f"/repositories/{number}/issues/1/comments?per_page=2")
    assert f"/repositories/{number}/issues/1/comments?per_page=2&page=2" in first.headers["link"]


def test_an_installation_and_the_pull_requests_of_forks_follow(github: Loopback) -> None:
    installation = github.install(github.app("assay"), ["acme/flights"])
    github.rename("acme/flights", "acme/planes")
    assert installation.repositories == ["acme/planes"]
    assert github.repository("mona/flights").parent == "acme/planes"
    github.commit("mona/flights", {"README.md": "again\n"}, "fix")
    assert github.repository("acme/planes").pulls[2].head_repository == "mona/flights"


def test_a_private_repository_does_not_tell_strangers_where_it_went(github: Loopback, reader: Client) -> None:
    github.repository("acme/secret", private=True)
    github.rename("acme/secret", "acme/hidden")
    assert reader("GET", "/repos/acme/secret").status_code == 404


def test_a_name_that_somebody_takes_again_leads_nowhere_else(github: Loopback, reader: Client) -> None:
    old = github.repository("acme/flights").id
    github.rename("acme/flights", "acme/planes")
    github.repository("acme/flights")
    answer = reader("GET", "/repos/acme/flights")
    assert (answer.status_code, answer.json()["id"] != old) == (200, True)
