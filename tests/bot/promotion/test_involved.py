"""Whoever had a part in a commit is found: by account, by GitHub's own addresses, or as somebody unknown."""

from typing import Any

from bot.gateway.requesting import Commit
from bot.promotion.involved import involved
from policy.votes import Involved

MONA = {"id": 5, "login": "mona"}


def commit(
    author: Any = MONA, committer: Any = MONA, email: str = "mona@example.com", message: str = "change", by: str = ""
) -> Commit:
    git = {"author": {"email": email}, "committer": {"email": by or email}, "message": message}
    return Commit.of({"sha": "a" * 40, "author": author, "committer": committer, "commit": git})


def test_author_and_committer_are_told_by_their_accounts_once_each() -> None:
    assert involved([commit(), commit()]) == [Involved("author", 5, "mona"), Involved("committer", 5, "mona")]


def test_what_github_committed_itself_was_committed_by_nobody() -> None:
    assert involved([commit(committer={"id": 19864447, "login": "web-flow"}, by="noreply@github.com")]) == [
        Involved("author", 5, "mona")
    ]


def test_az_06_an_address_without_an_account_is_somebody_unknown() -> None:
    (author, committer) = involved([commit(author=None, committer=None, email="who@example.com")])
    assert author.unknown and committer.unknown and author.email == "who@example.com"


def test_az_06_co_authors_count_by_githubs_own_addresses_and_as_unknown_by_others() -> None:
    message = (
        "change\n\nCo-authored-by: Bob <8+bob@users.noreply.github.com>\nco-authored-by: Al <al@users.noreply.github.com>\n"
        "Co-Authored-By: Eve <eve@example.com>\nNot-co-authored-by: x"
    )
    found = [each for each in involved([commit(message=message)]) if each.part == "co-author"]
    assert found == [
        Involved("co-author", 8, "bob"),
        Involved("co-author", None, "al"),
        Involved("co-author", email="eve@example.com"),
    ]


def test_a_commit_without_any_address_hides_nobody() -> None:
    (author, _) = involved([commit(author=None, committer=None, email="")])
    assert author.unknown and author.email
