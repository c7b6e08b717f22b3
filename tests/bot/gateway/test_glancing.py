"""A page at a time, and no more requests than were allowed."""

import time
from dataclasses import replace

import pytest

from bot.gateway.allowance import Allowance
from bot.gateway.glancing import GlanceGateway
from bot.gateway.problems import Postponed
from policy.problems import OutsideProblem
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.loopback.state import CheckRun, Deployment, moment


def glance(here: Scene, most: int = 20) -> GlanceGateway:
    return GlanceGateway.within(here.gateway, most)


def test_open_changes_come_a_page_at_a_time(here: Scene) -> None:
    for number in range(4):
        here.github.commit(REPOSITORY, {"README.md": f"{number}"}, branch=f"b{number}")
        here.github.pull(REPOSITORY, f"b{number}", title=f"Change {number}", draft=number == 0)
    first, last = glance(here).open_changes(1, 3), glance(here).open_changes(2, 3)
    assert (len(first.items), first.more, len(last.items), last.more) == (3, True, 2, False)
    assert {each.title for each in (*first.items, *last.items)} >= {f"Change {number}" for number in range(4)}
    assert len(here.github.requests) == 2


def test_open_issues_have_the_label_and_are_no_pull_requests(here: Scene) -> None:
    one, other = here.github.issue(REPOSITORY, "One"), here.github.issue(REPOSITORY, "Other")
    one.labels.append("assay: promotion")
    here.github.repository(REPOSITORY).issues[here.number].labels.append("assay: promotion")
    found = glance(here).open_issues("assay: promotion", 1, 5)
    assert [each.number for each in found.items] == [one.number] != [other.number]


def test_deployments_are_those_of_promotions(here: Scene) -> None:
    for id, task in ((1, "assay-promote"), (2, "deploy")):
        who = here.github.user("mona")
        made = Deployment(id, here.base, "main", task, "production", None, {}, who, moment())
        here.github.repository(REPOSITORY).deployments[id] = made
    assert [each.id for each in glance(here).newest_deployments(1, 10).items] == [1]


def test_checks_are_the_newest_of_one_app(here: Scene) -> None:
    for id, app in ((1, 15368), (2, 15368), (3, 99)):
        made = CheckRun(id, 1, app, here.head, "assay / data", "completed", "success", "", None, None, None)
        here.github.repository(REPOSITORY).checks[id] = made
    assert [each.id for each in glance(here).newest_checks(here.head, 15368)] == [2]


def test_a_folder_of_git_and_a_blob_are_read(here: Scene) -> None:
    here.github.commit(REPOSITORY, {"entries/000/000001.json": b"\xff\x00"}, branch="kept")
    gateway = glance(here)
    top = gateway.listed(gateway.ref("heads/kept") or "")
    (file,) = gateway.listed(gateway.listed(top["entries"])["000"]).values()
    assert gateway.blob(file) == b"\xff\x00"
    assert gateway.listed("0" * 40) == {}


def test_no_more_requests_are_made_than_were_allowed(here: Scene) -> None:
    gateway = glance(here, 3)
    for page in range(1, 4):
        gateway.open_changes(page, 5)
    with pytest.raises(OutsideProblem, match="more than the 3 requests"):
        gateway.open_changes(4, 5)
    assert len(here.github.requests) == 3
    assert here.gateway.requests == 0, "those of the bot are counted apart"


def test_nothing_is_looked_at_while_little_is_left_of_the_hour(here: Scene) -> None:
    here.gateway._transport = replace(here.transport, allowance=Allowance(left=99, most=1000, resets=time.time() + 600))
    with pytest.raises(Postponed):
        glance(here).open_changes(1, 5)


def test_a_github_that_asks_for_patience_is_told_at_once(here: Scene) -> None:
    here.github.fail("secondary", "GET", ".*", retry_after=60)
    with pytest.raises(OutsideProblem, match="asks to wait"):
        glance(here).open_changes(1, 5)
    assert here.waits == []
