"""The cells in which shares are compared."""

import numpy as np
import pytest

from actions.drift.categories import counted
from actions.drift.cells import LARGEST, of_categories, of_numbers
from actions.drift.numbers import Numbers


def test_a_base_of_many_values_is_cut_at_its_deciles() -> None:
    base, head = of_numbers(Numbers.of(np.arange(1_000.0)), Numbers.of(np.arange(500.0)))
    assert base.guess.tolist() == pytest.approx([0.1] * 10)
    assert head.guess.tolist() == pytest.approx([0.2] * 5 + [0.0] * 5)


def test_a_base_of_few_values_has_a_cell_for_each_and_for_what_lies_between() -> None:
    base, head = of_numbers(Numbers.of(np.array([0.0, 0.0, 1.0, 1.0])), Numbers.of(np.array([-1.0, 0.0, 0.5, 2.0])))
    assert base.guess.tolist() == [0, 0.5, 0, 0.5, 0]
    assert head.guess.tolist() == [0.25, 0.25, 0.25, 0, 0.25]


def test_only_the_most_frequent_categories_of_the_base_have_a_cell() -> None:
    names = [f"c{at:05}" for at in range(3_000)]
    many = counted(names, np.arange(3_000, 0, -1), total=4_501_500, distinct=3_000)
    base, head = of_categories(many, counted(["c00000", "c02999"], np.array([1, 3]), total=4, distinct=2))
    assert len(base.guess) == LARGEST + 1
    assert base.guess.sum() == pytest.approx(1)
    assert (head.guess[0], head.guess[-1]) == (0.25, 0.75)


def test_a_category_that_the_head_does_not_name_may_hold_what_the_largest_unnamed_does() -> None:
    base = counted(["a", "b"], np.array([5, 5]), total=10, distinct=2)
    head = counted(["a"], np.array([6]), total=10, distinct=3, largest_unnamed=3)
    _, shares = of_categories(base, head)
    assert shares.low.tolist() == pytest.approx([0.6, 0.0, 0.1])
    assert shares.high.tolist() == pytest.approx([0.6, 0.3, 0.4])
