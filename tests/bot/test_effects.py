"""Effects are values: equal where they ask for the same."""

from bot.effects import CreateComment, DeleteComment, UpdateComment


def test_effects_compare_by_what_they_ask_for() -> None:
    assert CreateComment(7, "x") == CreateComment(7, "x") != CreateComment(8, "x")
    assert len({UpdateComment(1, 7, "x"), UpdateComment(1, 7, "x"), DeleteComment(1)}) == 2
