"""`/tune` starts the search on the default branch: once for each asking, where the policy says what may be tried."""

import pytest

from bot.around import TUNE
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, talk, workflow

POLICY = """\
version: 1
evaluate: {metrics: [metrics.json]}
tune: {space: {lr: {from: 0.1, to: 1.0}}, objectives: [{metric: accuracy}]}
"""


@pytest.fixture
def chat(here: Scene) -> Talk:
    made = talk(here, POLICY)
    here.github.commit(REPOSITORY, {f".github/workflows/{TUNE}": workflow(TUNE)})
    return made


def test_it_starts_once_as_the_policy_says_however_often_the_comment_is_handled(chat: Talk) -> None:
    issue = chat.here.github.issue(REPOSITORY).number
    comment = chat.comment('/tune because "the July data came"', number=issue)
    for _ in range(3):
        assert chat.handle(comment) is not Reason.NOT_OURS
    (order,) = chat.orders
    assert (order["request"], order["because"]) == (f"{comment.id}-0", "the July data came")
    assert (order["trials"], order["minutes"], order["workers"]) == ("", "", "1")
    assert "better parameters are searched for on" in chat.answer(issue)


def test_how_long_it_may_take_can_be_said(chat: Talk) -> None:
    chat.say("/tune --trials 50 --minutes=120 --workers 4")
    assert [(order["trials"], order["minutes"], order["workers"]) for order in chat.orders] == [("50", "120", "4")]


@pytest.mark.parametrize(
    "body", ["/tune --trials 0", "/tune --trials -1", "/tune --minutes 1e9", "/tune --trials 2;id", "/tune --workers 9"]
)
def test_cp_13_what_is_no_number_starts_nothing(chat: Talk, body: str) -> None:
    chat.say(body)
    assert chat.orders == []


def test_az_01_who_may_only_read_starts_nothing(chat: Talk) -> None:
    chat.say("/tune", by="eve")
    assert chat.orders == []


def test_where_nothing_may_be_tried_it_says_so(here: Scene) -> None:
    chat = talk(here)
    chat.say("/tune")
    assert chat.orders == [] and "nothing says which parameters may be tried" in chat.answer()


def test_without_the_workflow_it_says_how_to_get_it(here: Scene) -> None:
    chat = talk(here, POLICY)
    chat.say("/tune")
    assert chat.orders == [] and f"has no `{TUNE}`" in chat.answer().replace("\\", "")
