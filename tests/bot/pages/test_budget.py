"""Nobody asks without end."""

from bot.pages.budget import Budget


def test_so_much_may_be_spent_in_a_while_and_then_it_begins_anew() -> None:
    now = [0.0]
    budget = Budget(3, 60, lambda: now[0])
    budget.spend("a", 2)
    assert (budget.left("a"), budget.left("b")) == (1, 3)
    budget.spend("a", 5)
    assert budget.left("a") == 0
    now[0] = 59.9
    assert budget.left("a") == 0
    now[0] = 60.0
    assert budget.left("a") == 3
    budget.spend("a")
    assert budget.left("a") == 2
