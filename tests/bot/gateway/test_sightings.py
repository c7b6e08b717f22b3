"""The branch that holds the history of production: written over what was read alone, and nothing is lost."""

from collections.abc import Sequence

import pytest

from bot.gateway.problems import Refused
from bot.gateway.sightings import SightingGateway
from policy import vigil, vigil_history
from policy.problems import UserProblem
from policy.sighting import Sighting
from policy.vigil import Watch
from policy.vigil_history import BRANCH, Look
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.policy.sightings import MODEL, seen


@pytest.fixture
def gateway(here: Scene) -> SightingGateway:
    return SightingGateway.of(here.gateway)


def keep(gateway: SightingGateway, found: Sighting) -> tuple[Look, ...]:
    return gateway.keep(MODEL, lambda before: vigil.kept(Watch(), before, found))


def test_the_first_look_begins_a_branch_that_holds_nothing_of_the_repository(gateway: SightingGateway, here: Scene) -> None:
    assert gateway.looks(MODEL) == ()
    assert keep(gateway, seen("high")) == gateway.looks(MODEL)
    assert set(gateway.tree(BRANCH)) == {"README.md", vigil_history.path(MODEL)}
    here.github.forget_requests()
    keep(gateway, seen("high"))
    assert [each.method for each in here.github.requests] == ["GET"]


def test_lk_what_somebody_else_wrote_between_reading_and_writing_is_kept(gateway: SightingGateway) -> None:
    keep(gateway, seen())
    others = [seen("low", 1), seen("medium", 2)]

    def grow(before: Sequence[Look]) -> tuple[Look, ...]:
        if others:
            keep(gateway, others.pop())
        return vigil.kept(Watch(), before, seen("high", 3))

    gateway.keep(MODEL, grow)
    assert [each.severity.value for each in gateway.looks(MODEL)] == ["none", "low", "medium", "high"]


def test_a_rule_that_keeps_us_from_the_branch_is_named(gateway: SightingGateway, here: Scene) -> None:
    keep(gateway, seen())
    here.github.fail("status", "PUT", "/contents/", status=422, times=None)
    with pytest.raises(Refused, match="See whether a rule for this branch"):
        keep(gateway, seen("high", 1))


def test_au_a_file_that_somebody_broke_is_never_written_over(gateway: SightingGateway, here: Scene) -> None:
    keep(gateway, seen())
    here.github.commit(REPOSITORY, {vigil_history.path(MODEL): "{}\n"}, branch=BRANCH)
    with pytest.raises(UserProblem, match="line 1"):
        keep(gateway, seen("high", 1))


def test_an_issue_is_made_to_say_something_else_in_one_request(gateway: SightingGateway, here: Scene) -> None:
    number = gateway.open_issue("t", "b", ["one"]).number
    here.github.forget_requests()
    gateway.revise_issue(number, "title", "body", ["two"], "closed", "completed")
    assert len(here.github.requests) == 1
    found = gateway.issue(number)
    assert (found.title, found.body, found.labels, found.state) == ("title", "body", ("two",), "closed")
