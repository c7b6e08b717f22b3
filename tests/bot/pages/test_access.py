"""What an account may see is asked with its own token."""

import pytest

from bot.pages.access import Access, Hidden, SignedOut
from bot.pages.sessions import Person, Session
from policy.problems import OutsideProblem
from tests.bot.pages.visiting import REPOSITORY, Visiting
from tests.loopback.routes.oauth import user_token


def session(there: Visiting, login: str, id: str = "s") -> Session:
    who = there.github.user(login)
    return Session(id, Person(who.id, login), user_token(there.github.state, there.app, who).value, "c")


@pytest.fixture
def access(there: Visiting) -> Access:
    return Access(there.settings.github_api_url)


def test_what_may_be_read_is_told_and_what_may_not_is_hidden(there: Visiting, access: Access) -> None:
    octocat = session(there, "octocat")
    assert access.repository(octocat, "ACME/flights").full_name == REPOSITORY
    for name in ("acme/hidden", "other/apart", "acme/nowhere"):
        with pytest.raises(Hidden):
            access.repository(octocat, name)


def test_an_answer_is_remembered_for_a_minute_and_for_its_session_alone(there: Visiting) -> None:
    now = [0.0]
    access = Access(there.settings.github_api_url, lambda: now[0])
    one, two = session(there, "mona", "one"), session(there, "octocat", "two")
    access.repository(one, "acme/hidden")
    with pytest.raises(Hidden):
        access.repository(two, "acme/hidden")
    asked = len(there.github.requests)
    now[0] = 59
    access.repository(one, "acme/hidden")
    assert len(there.github.requests) == asked
    there.github.state.tokens[one.token].repositories = set()
    now[0] = 60
    with pytest.raises(Hidden):
        access.repository(one, "acme/hidden")


def test_a_session_that_is_over_leaves_nothing_behind(there: Visiting, access: Access) -> None:
    one = session(there, "mona")
    access.repository(one, "acme/hidden")
    access.forget(one)
    del there.github.state.tokens[one.token]
    with pytest.raises(SignedOut):
        access.repository(one, "acme/hidden")
    with pytest.raises(SignedOut):
        access.reach(one)


def test_a_persons_repositories_are_those_that_the_app_reaches_too(there: Visiting, access: Access) -> None:
    assert [each.full_name for each in access.reach(session(there, "octocat", "o")).repositories] == [REPOSITORY]
    mona = access.reach(session(there, "mona", "m"))
    assert [each.full_name for each in mona.repositories] == [REPOSITORY, "acme/hidden"] and mona.whole
    assert access.reach(session(there, "nobody", "n")).repositories == ()


def test_a_renamed_repository_is_found_by_its_old_name(there: Visiting, access: Access) -> None:
    there.github.repository("acme/old", private=True)
    there.github.role("acme/old", "octocat", "read")
    octocat = session(there, "octocat")
    there.github.state.tokens[octocat.token].repositories = {"acme/old", "acme/new"}
    there.github.rename("acme/old", "acme/new")
    assert access.repository(octocat, "acme/old").full_name == "acme/new"


@pytest.mark.parametrize("kind", ["secondary", "status"])
def test_nobody_waits_for_a_github_that_asks_to_wait(there: Visiting, access: Access, kind: str) -> None:
    there.github.fail(kind, "GET", f"/repos/{REPOSITORY}", status=502, retry_after=60)
    with pytest.raises(OutsideProblem):
        access.repository(session(there, "octocat"), REPOSITORY)
