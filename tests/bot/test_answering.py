"""A line about a run under the answer to who asked for it."""

from bot import answering
from reports.markdown import Markdown
from tests.bot.gateway.scene import Scene
from tests.bot.talk import talk


def test_a_line_stands_under_the_answer_to_the_comment_and_is_replaced(here: Scene) -> None:
    chat = talk(here)
    comment = chat.comment("/train")
    chat.handle(comment)
    for line in ("first", "second"):
        answering.note(chat.around, here.number, f"{comment.id}-0", Markdown(line))
    assert "second <!-- assay:run" in chat.answer() and "first" not in chat.answer()
    assert [each.key for each in answering.answers(chat.around, here.number)[1]] == [comment.id]


def test_without_that_answer_nothing_is_written(here: Scene) -> None:
    chat = talk(here)
    answering.note(chat.around, here.number, "12-0", Markdown("lost"))
    assert chat.answer() == "" and not [each for each in chat.asked if not each.startswith("GET")]
