"""What a page is given."""

from dataclasses import replace

import pytest

from bot.around import Around
from bot.gateway.glancing import GlanceGateway
from bot.pages.page import Looking
from policy.problems import UserProblem
from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import Scene
from tests.bot.promotion.court import POLICY

__all__ = ["here"]


def looking(here: Scene, **query: str) -> Looking:
    gateway = GlanceGateway.within(here.gateway, 20)
    return Looking(gateway, Around(gateway, gateway.repository()), query)


def test_the_number_of_a_page_is_a_number(here: Scene) -> None:
    at = looking(here)
    for given, number in (
        ("1", 1), ("7", 7), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("٣", 1), ("99999", 1000), ("9" * 30, 1), ("2 ", 1)
    ):  # fmt: skip
        assert replace(at, query={"page": given}).number == number


def test_a_list_leads_to_what_is_newer_and_older(here: Scene) -> None:
    assert (looking(here).newer(), looking(here).older(True), looking(here).older(False)) == ("", "?page=2", "")
    assert looking(here, page="3").newer() == "?page=2"
    assert looking(here, page="1000").older(True) == ""


def test_the_policy_is_that_of_the_default_branch(here: Scene) -> None:
    here.github.commit("acme/flights", {"assay.yml": POLICY})
    assert list(looking(here).policy().environments) == ["staging", "production"]
    here.github.commit("acme/flights", {"assay.yml": None})
    with pytest.raises(UserProblem, match="there is no policy"):
        looking(here).policy()
