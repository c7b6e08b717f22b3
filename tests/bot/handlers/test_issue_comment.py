"""A comment is written, changed, deleted."""

from datetime import date, timedelta

import pytest

from bot import judging
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, checked, checks, judged, talk

SOON = (date.today() + timedelta(days=5)).isoformat()
EDITS = "version: 1\ncommands: {edits: true}\n"


@pytest.fixture
def chat(here: Scene) -> Talk:
    return talk(here)


def edit(chat: Talk, before: str, after: str, by: str = "mona", editor: str = "mona") -> Reason:
    comment = chat.comment(after, by)
    comment.updated_at = "2030-01-01T00:00:00Z"
    sender = chat.here.github.user(editor)
    return chat.happen(comment, "edited", changes={"body": {"from": before}}, sender={"id": sender.id, "login": editor})


def test_a_new_comment_is_read(chat: Talk) -> None:
    assert chat.happen(chat.comment("/train"), "created") is Reason.RUN_STARTED
    assert chat.happen(chat.comment("well done"), "created") is Reason.NO_COMMAND


def test_wh_21_what_an_app_wrote_in_somebodys_name_is_no_command(chat: Talk) -> None:
    comment = chat.comment("/train")
    event, payload = chat.here.github.event(REPOSITORY, comment, "created")
    payload["comment"]["performed_via_github_app"] = {"id": 1, "slug": "codespaces"}
    from bot import dispatching

    assert dispatching.handle(chat.around, event, payload) is Reason.IGNORED_BOT
    assert chat.orders == []


def test_cp_17_an_edit_does_nothing(chat: Talk) -> None:
    assert edit(chat, "/check", "/check\n/train") is Reason.COMMENT_EDITED
    assert chat.orders == [] and chat.reactions() == []


def test_cp_17_where_edits_run_only_what_the_author_added_does(here: Scene) -> None:
    chat = talk(here, EDITS)
    assert edit(chat, "/check", "/check\n/train") is Reason.RUN_STARTED
    assert [order["command"] for order in chat.orders] == ["train"]


def test_cp_17_a_decision_is_never_added_by_an_edit(here: Scene) -> None:
    chat = talk(here, EDITS)
    assert edit(chat, "/check", "/check\n/hold") is Reason.COMMENT_EDITED
    assert checks(chat) == {}


def test_cp_18_what_somebody_else_wrote_into_a_comment_is_not_done(here: Scene) -> None:
    chat = talk(here, EDITS)
    assert edit(chat, "/check", "/check\n/train", editor="alice") is Reason.FOREIGN_EDIT
    assert chat.orders == []


def test_an_edit_of_a_comment_without_commands_costs_nothing(chat: Talk) -> None:
    assert edit(chat, "a typo", "no typo") is Reason.NO_COMMAND
    assert chat.asked == []


def test_az_21_a_waiver_lapses_with_an_edit_of_its_comment(here: Scene) -> None:
    chat = judged(here)
    checked(chat, accuracy=0.7)
    judging.judge(chat.around, here.number)
    said = f'/waive accuracy --until {SOON} --because "the next data mends it"'
    chat.say(said, by="alice")
    assert checks(chat)["assay / evaluation"].conclusion == "neutral"
    comment = chat.comments[-1]
    comment.body, comment.updated_at = said.replace("mends", "does not mend"), "2030-01-01T00:00:00Z"
    changes = {"changes": {"body": {"from": said}}}
    sender = here.github.user("mona")
    assert chat.happen(comment, "edited", sender={"id": sender.id, "login": "mona"}, **changes) is Reason.FOREIGN_EDIT
    assert checks(chat)["assay / evaluation"].conclusion == "failure"


def test_a_hold_ends_with_its_comment(here: Scene) -> None:
    chat = judged(here)
    checked(chat)
    judging.judge(chat.around, here.number)
    chat.say("/hold", by="tim")
    comment = chat.comments[-1]
    event, payload = here.github.event(REPOSITORY, comment, "deleted")
    del here.github.repository(REPOSITORY).comments[comment.id]
    from bot import dispatching

    assert dispatching.handle(chat.around, event, payload) is Reason.REFRESHED
    assert checks(chat)["assay / governance"].conclusion == "success"


def test_the_end_of_any_other_comment_costs_nothing(chat: Talk) -> None:
    assert chat.happen(chat.comment("/train"), "deleted") is Reason.NO_COMMAND
    assert chat.asked == []
