"""What GitHub says of a change, which nothing that a run claims can alter."""

import pytest

from bot import comparing
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import facts


def test_base_head_files_and_policy_are_githubs(here: Scene) -> None:
    pull = here.gateway.pull_request(here.number)
    truth = comparing.truth(here.gateway, pull, here.head, None)
    assert (truth.base, truth.head, truth.merge_base) == (here.base, here.head, here.base)
    assert truth.files == ("README.md",) and truth.whole and truth.policy == "version: 1\n"


def test_the_base_is_the_tip_of_its_branch_now(here: Scene) -> None:
    newer = here.github.commit(REPOSITORY, {"assay.yml": "version: 1\nroles: {}\n"})
    truth = comparing.truth(here.gateway, here.gateway.pull_request(here.number), here.head, None)
    assert truth.base == newer and truth.policy == "version: 1\nroles: {}\n"
    assert truth.merge_base == here.base


@pytest.mark.parametrize("claimed", ["base", "nothing", "f" * 40])
def test_only_a_commit_of_the_base_branch_is_an_older_base(here: Scene, claimed: str) -> None:
    here.github.commit(REPOSITORY, {"README.md": "newer"})
    told = facts(base=here.base if claimed == "base" else claimed)
    truth = comparing.truth(here.gateway, here.gateway.pull_request(here.number), here.head, told)
    assert truth.older_base is (claimed == "base")


def test_without_a_policy_at_the_base_the_heads_is_looked_up(here: Scene) -> None:
    here.github.commit(REPOSITORY, {"assay.yml": None})
    here.head = here.github.commit(REPOSITORY, {"assay.yml": "version: 1\nroles: {}\n"}, branch="feature")
    truth = comparing.truth(here.gateway, here.gateway.pull_request(here.number), here.head, None)
    assert truth.policy is None and truth.head_policy == "version: 1\nroles: {}\n"
    assert truth.text == truth.head_policy
