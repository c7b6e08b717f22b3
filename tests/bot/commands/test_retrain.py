"""`/retrain` starts the workflow on the default branch: once for each asking, from an issue or a pull request."""

import pytest

from bot.around import RETRAIN
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, talk, workflow


@pytest.fixture
def chat(here: Scene) -> Talk:
    made = talk(here)
    here.github.commit(REPOSITORY, {f".github/workflows/{RETRAIN}": workflow(RETRAIN)})
    return made


def test_it_starts_once_with_the_reason_however_often_the_comment_is_handled(chat: Talk) -> None:
    issue = chat.here.github.issue(REPOSITORY).number
    comment = chat.comment('/retrain because "the July data came"', number=issue)
    for _ in range(3):
        assert chat.handle(comment) is not Reason.NOT_OURS
    (order,) = chat.orders
    assert order == {"request": f"{comment.id}-0", "because": "the July data came", "full": "false"}
    assert "the model is trained anew on" in chat.answer(issue)


def test_two_askings_are_two_runs_and_everything_may_be_made_anew(chat: Talk) -> None:
    chat.say("/retrain")
    chat.say("/retrain --full")
    assert [order["full"] for order in chat.orders] == ["false", "true"]
    assert len({order["request"] for order in chat.orders}) == 2


def test_az_01_who_may_only_read_starts_nothing(chat: Talk) -> None:
    chat.say("/retrain", by="eve")
    assert chat.orders == []


def test_without_the_workflow_it_says_how_to_get_it(here: Scene) -> None:
    chat = talk(here)
    chat.say("/retrain")
    assert chat.orders == [] and f"has no `{RETRAIN}`" in chat.answer().replace("\\", "")
