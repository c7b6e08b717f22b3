"""The ledger's files come in one request, and an issue's text is written anew."""

from datetime import UTC, datetime

import pytest

from bot import perform
from bot.gateway.problems import Refused
from bot.gateway.rolling import Leaves, RollingGateway
from policy import ledger
from policy.problems import OutsideProblem
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.gateway.test_entering import files, order


@pytest.fixture
def gateway(here: Scene) -> RollingGateway:
    return RollingGateway.of(here.gateway)


def written(here: Scene, *sequences: int) -> None:
    here.github.commit(REPOSITORY, {ledger.path(each): f"entry {each}\n" for each in sequences}, branch=ledger.BRANCH)


def test_without_a_ledger_there_are_no_leaves(gateway: RollingGateway) -> None:
    assert gateway.leaves() is None


def test_all_entries_come_in_one_request_as_they_are(here: Scene, gateway: RollingGateway) -> None:
    perform.perform(gateway, [order(f"k{index}") for index in range(5)])
    here.github.forget_requests()
    found = gateway.leaves()
    assert found and found.whole and list(found.files.values()) == files(here) and list(found.files) == [1, 2, 3, 4, 5]
    assert len(here.github.requests) == 1


def test_of_a_long_ledger_the_last_two_folders_are_read(here: Scene, gateway: RollingGateway) -> None:
    written(here, 1, 999, 1000, 2999, 3000, 3001)
    found = gateway.leaves()
    assert found and not found.whole and sorted(found.files) == [2999, 3000, 3001]
    assert found.files[3000] == b"entry 3000\n"


def test_no_leaves_at_all_are_whole() -> None:
    assert Leaves({}).whole and Leaves({1: b""}).whole and not Leaves({2: b""}).whole


def test_an_answer_without_the_repository_is_a_problem_outside(here: Scene, gateway: RollingGateway) -> None:
    here.github.fail("status", "POST", "/graphql", status=500, times=None)
    with pytest.raises(OutsideProblem):
        gateway.leaves()


def test_an_issue_is_written_anew_and_opened_again(here: Scene, gateway: RollingGateway) -> None:
    made = gateway.open_issue("Title", "one", ["assay: pulse"])
    gateway.close_issue(made.number, "completed")
    gateway.rewrite_issue(made.number, "two")
    found = gateway.issue(made.number)
    assert (found.title, found.body, found.state) == ("Title", "two", "open")
    with pytest.raises(Refused):
        gateway.rewrite_issue(made.number, "x" * 70_000)


def test_when_pull_requests_were_opened_and_merged_comes_in_one_request(here: Scene, gateway: RollingGateway) -> None:
    pull = here.github.repository(REPOSITORY).pulls[here.number]
    assert gateway.merged_pulls() == {}
    here.github.repository(REPOSITORY).issues[here.number].state = "closed"
    assert gateway.merged_pulls() == {}, "it was closed and not merged"
    pull.merged_at = "2026-11-26T09:00:00Z"
    here.github.forget_requests()
    (number,) = found = gateway.merged_pulls()
    assert number == here.number and found[number].merged == datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert found[number].opened.tzinfo is not None and len(here.github.requests) == 1
