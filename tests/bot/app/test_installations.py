"""Where the App is installed, and where it is not."""

import pytest

from bot.app.installations import Installation, Installations, NotInstalled
from policy.problems import OutsideProblem
from tests.bot.app.scene import NAME, Scene


def test_an_installation_is_found_by_its_number_and_by_a_repository(there: Scene) -> None:
    installations = Installations(there.as_app())
    found = installations.one(there.installation.id)
    assert (found.account, found.suspended, found.permissions["checks"]) == ("acme", False, "write")
    assert installations.covering(NAME) == found
    assert list(installations.every()) == [found]


def test_wh_20_one_that_is_unknown_or_suspended_is_told_apart(there: Scene) -> None:
    installations = Installations(there.as_app())
    stranger = there.github.install(there.github.app("other"), [NAME])
    for ask in (
        lambda: installations.one(404_404),
        lambda: installations.one(stranger.id),
        lambda: installations.covering("acme/none"),
    ):
        with pytest.raises(NotInstalled) as caught:
            ask()
        assert caught.value.why == "unknown"
    there.github.suspend(there.installation)
    for ask in (lambda: installations.one(there.installation.id), lambda: installations.covering(NAME)):
        with pytest.raises(NotInstalled, match="suspended") as caught:
            ask()
        assert caught.value.why == "suspended"
    assert [each.suspended for each in installations.every()] == [True]


def test_something_that_is_no_github_is_a_problem(there: Scene) -> None:
    there.github.fail("status", "GET", "/app/installations/", status=203, message="x")
    with pytest.raises(OutsideProblem, match="lacks"):
        Installations(there.as_app()).one(there.installation.id)


def test_an_enterprise_as_account_has_a_slug() -> None:
    found = Installation.of({"id": 1, "account": {"slug": "acme-group"}, "permissions": None})
    assert (found.account, found.permissions, found.suspended) == ("acme-group", {}, False)
