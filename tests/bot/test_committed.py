"""The card that a change edits: asked for only then, and whatever it is."""

import pytest

from bot import committed
from policy.document import read
from reports.card_change import Committed
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import POLICY, truth

PATH = "cards/delay.md"
NAMED = read(POLICY + "model: {name: delay, artifact: model.txt}\n")


def look(here: Scene, before: str | bytes | None, after: str | bytes | None) -> Committed | None:
    first = here.github.commit(REPOSITORY, {"README.md": "1"} | ({PATH: before} if before is not None else {}))
    second = here.github.commit(REPOSITORY, {PATH: after}, branch="topic")
    here.github.forget_requests()
    return committed.look(here.gateway, truth(files=(PATH,), merge_base=first, head=second), NAMED)


def test_both_sides_are_read_by_two_requests(here: Scene) -> None:
    assert look(here, "was", "is") == Committed(PATH, "was", "is")
    assert len(here.github.requests) == 2
    assert look(here, None, "is") == Committed(PATH, "was", "is"), "the base has it from before"


def test_a_change_that_leaves_the_card_alone_asks_nothing(here: Scene) -> None:
    here.github.forget_requests()
    assert committed.look(here.gateway, truth(), NAMED) is None
    assert committed.look(here.gateway, truth(files=(PATH,)), read(POLICY)) is None, "the policy names no model"
    assert here.github.requests == []


@pytest.mark.parametrize(
    ("content", "why"), [(b"\xff\xfe", "no UTF-8"), ("x" * 300_000, "too long"), ("x" * 1_100_000, "too long")]
)
def test_ga_04_what_cannot_be_read_is_said(here: Scene, content: str | bytes, why: str) -> None:
    found = look(here, "was", content)
    assert found is not None and why in found.unread and found.after is None
