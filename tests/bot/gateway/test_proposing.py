"""Pull requests that came from a branch, and their end."""

from bot.gateway.proposing import ProposalGateway
from tests.bot.gateway.scene import REPOSITORY, Scene


def test_those_of_a_branch_of_this_repository_are_found_open_or_closed_the_newest_first(here: Scene) -> None:
    gateway = ProposalGateway.of(here.gateway)
    github = here.github
    github.fork(REPOSITORY, "mallory")
    github.commit("mallory/flights", {"x": "1"}, "feature")
    github.pull(REPOSITORY, "mallory:feature", author="mallory")
    gateway.close_pull(here.number)
    second = github.pull(REPOSITORY, "feature")
    found = gateway.pulls_from("feature")
    assert [(each.number, each.state) for each in found] == [(second.number, "open"), (here.number, "closed")]
    assert gateway.pulls_from("feat") == []


def test_one_that_is_closed_stays_so(here: Scene) -> None:
    gateway = ProposalGateway.of(here.gateway)
    for _ in range(2):
        gateway.close_pull(here.number)
        assert here.github.repository(REPOSITORY).issues[here.number].state == "closed"
