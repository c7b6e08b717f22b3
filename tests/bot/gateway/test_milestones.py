"""Milestones are listed, made once, and changed; the day stays, whatever GitHub makes of the hour."""

from datetime import date

import pytest

from bot.gateway.milestones import MilestoneGateway
from bot.gateway.problems import Forbidden, NotThere, Refused
from tests.bot.gateway.scene import ME, REPOSITORY, Scene

DAY = date(2027, 3, 31)


@pytest.fixture
def gateway(here: Scene) -> MilestoneGateway:
    return MilestoneGateway.of(here.gateway)


def test_a_milestone_is_made_and_changed_and_its_day_stays(gateway: MilestoneGateway) -> None:
    gateway.put_milestone(None, "better", "by then", DAY, "open")
    (made,) = gateway.milestones()
    assert (made.title, made.description, made.state, made.due) == ("better", "by then", "open", DAY) and ME.wrote(made)
    gateway.put_milestone(made.number, "best", "now", None, "closed")
    (found,) = gateway.milestones()
    assert (found.number, found.title, found.state, found.due) == (made.number, "best", "closed", None)


@pytest.mark.parametrize("day", [date(2027, 3, 14), date(2027, 11, 7), date(2027, 1, 1), date(2027, 7, 31)])
def test_each_day_comes_back_as_it_was_also_where_clocks_change(gateway: MilestoneGateway, day: date) -> None:
    gateway.put_milestone(None, "better", "", day, "open")
    assert [each.due for each in gateway.milestones()] == [day]


def test_where_the_answer_is_lost_or_another_was_quicker_there_is_one(here: Scene, gateway: MilestoneGateway) -> None:
    here.github.fail("status", "POST", "/milestones", after=True, status=502)
    gateway.put_milestone(None, "better", "by then", DAY, "open")
    gateway.put_milestone(None, "better", "by then", DAY, "open")
    assert len(gateway.milestones()) == 1
    with pytest.raises(Refused, match="already_exists"):
        gateway.put_milestone(None, "better", "another text", DAY, "open")


def test_what_is_gone_or_may_not_be_written_is_a_problem(here: Scene, gateway: MilestoneGateway) -> None:
    with pytest.raises(NotThere):
        gateway.put_milestone(404, "better", "", DAY, "open")
    reader = MilestoneGateway.of(here.as_token(here.github.token(REPOSITORY, "read")))
    with pytest.raises(Forbidden):
        reader.put_milestone(None, "better", "", DAY, "open")
