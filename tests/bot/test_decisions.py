"""What people decided is read anew from their comments, and from what they may do now."""

from datetime import date, timedelta

import pytest

from bot import decisions
from bot.gateway.commanding import CommandGateway
from policy import document
from policy.document import Policy
from policy.governance import NOTHING, Decided
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, talk

TODAY = date.today()
SOON = (TODAY + timedelta(days=5)).isoformat()


@pytest.fixture
def chat(here: Scene) -> Talk:
    return talk(here)


def decided(chat: Talk, policy: Policy | None = None, today: date = TODAY) -> Decided:
    gateway: CommandGateway = chat.gateway
    pull = gateway.pull_request(chat.here.number)
    return decisions.decided(gateway, gateway.comments(pull.number), pull, policy or Policy(version=1), today)


def waive(chat: Talk, by: str = "alice", gate: str = "roc_auc", until: str = SOON) -> None:
    chat.comment(f'/waive {gate} --until {until} --because "the next data mends it"', by)


def test_without_a_decision_nothing_is_asked(chat: Talk) -> None:
    chat.comment("I would hold this")
    chat.comment("/train")
    comments = chat.gateway.comments(chat.here.number)
    pull = chat.gateway.pull_request(chat.here.number)
    chat.here.github.forget_requests()
    assert decisions.decided(chat.gateway, comments, pull, Policy(version=1), TODAY) is NOTHING
    assert chat.asked == []


def test_a_hold_stands_until_somebody_ends_it(chat: Talk) -> None:
    chat.comment('/hold because "the labels are being redone"', by="tim")
    assert [(each.by, each.because) for each in decided(chat).holds] == [("tim", "the labels are being redone")]
    chat.comment("/unhold", by="mona")
    assert decided(chat).holds == ()
    chat.comment("/hold", by="mona")
    assert [each.by for each in decided(chat).holds] == ["mona"]


def test_who_may_only_read_neither_holds_nor_ends_a_hold(chat: Talk) -> None:
    chat.comment("/hold", by="eve")
    assert decided(chat).holds == ()
    chat.comment("/hold", by="tim")
    chat.comment("/unhold", by="eve")
    assert len(decided(chat).holds) == 1


def test_a_waiver_counts_of_who_may_waive(chat: Talk) -> None:
    waive(chat, by="mona")
    assert decided(chat).waivers == ()
    waive(chat, by="alice")
    (waiver,) = decided(chat).waivers
    assert (waiver.gate, waiver.by, waiver.until.isoformat()) == ("roc_auc", "alice", SOON)


def test_az_09_who_lost_the_right_since_then_waives_nothing(chat: Talk) -> None:
    waive(chat)
    chat.here.github.role(REPOSITORY, "alice", "write")
    assert decided(chat).waivers == ()


def test_az_01_a_waiver_of_somebody_unknown_does_not_count_and_a_hold_does(chat: Talk) -> None:
    waive(chat)
    chat.comment("/hold", by="tim")
    chat.here.github.fail("status", "GET", "/permission", times=None, status=500)
    found = decided(chat)
    assert found.waivers == () and len(found.holds) == 1


def test_az_21_an_edited_comment_decides_nothing(chat: Talk) -> None:
    waive(chat)
    chat.comments[-1].updated_at = "2030-01-01T00:00:00Z"
    assert decided(chat) == NOTHING


def test_a_deleted_comment_decides_nothing(chat: Talk) -> None:
    waive(chat)
    del chat.here.github.repository(REPOSITORY).comments[chat.comments[-1].id]
    assert decided(chat) == NOTHING


def test_az_08_a_bot_decides_nothing(chat: Talk) -> None:
    chat.here.github.user("deploy[bot]", type="Bot")
    chat.here.github.role(REPOSITORY, "deploy[bot]", "admin")
    chat.comment("/hold", by="deploy[bot]")
    assert decided(chat) == NOTHING


def test_the_author_of_the_change_waives_nothing_of_it(chat: Talk) -> None:
    chat.here.github.role(REPOSITORY, "mona", "admin")
    waive(chat, by="mona")
    assert decided(chat).waivers == ()


def test_a_waiver_that_lasts_longer_than_may_be_never_counted(chat: Talk) -> None:
    policy = document.read("version: 1\ncommands: {waivers_last: 7}\n")
    waive(chat, until=(TODAY + timedelta(days=8)).isoformat())
    assert decided(chat, policy).waivers == ()
    # Waiting does not make it shorter.
    assert decided(chat, policy, TODAY + timedelta(days=6)).waivers == ()


def test_a_role_of_the_policy_decides_who_waives(chat: Talk) -> None:
    policy = document.read("version: 1\nroles: {risk: [tim]}\ncommands: {who: {waive: risk}}\n")
    waive(chat, by="tim")
    waive(chat, by="alice")
    assert [each.by for each in decided(chat, policy).waivers] == ["tim"]


def test_cp_01_what_is_quoted_or_in_code_decides_nothing(chat: Talk) -> None:
    chat.comment("> /hold", by="tim")
    chat.comment("```\n/hold\n```", by="tim")
    chat.comment("like so: /hold", by="tim")
    assert decided(chat) == NOTHING


def test_a_comment_with_a_line_that_cannot_be_read_decides_nothing(chat: Talk) -> None:
    chat.comment("/hold\n/train --fulll", by="tim")
    assert decided(chat) == NOTHING


def test_az_05_all_comments_are_read_however_many(chat: Talk) -> None:
    chat.comment("/hold", by="tim")
    for number in range(130):
        chat.here.github.comment(REPOSITORY, chat.here.number, f"word {number}", "mona")
    assert len(decided(chat).holds) == 1
    assert sum("/comments" in each for each in chat.asked) == 2
