"""Versions are read with their facts, and one whose facts are not to be had is there all the same."""

import pytest

from bot.pulse import history
from policy.lineage import Step
from policy.problems import OutsideProblem, UserProblem
from tests.bot.material import facts
from tests.bot.promotion.court import Shelf
from tests.policy.test_origin import SOME


def test_versions_have_what_was_registered_of_them_or_nothing() -> None:
    shelf = Shelf([SOME, SOME, None])
    shelf.keep(1, facts())
    found = history.read(shelf, "flight-delay")
    assert [each.number for each in found] == [1, 2, 3]
    assert [each.evaluation is not None for each in found] == [True, False, False]
    assert history.read(shelf, "another") == []


def test_facts_that_may_not_be_read_are_none_and_a_server_that_does_not_answer_is_told() -> None:
    class Closed(Shelf):
        problem: Exception = UserProblem("it may not be read")

        def facts(self, step: Step) -> bytes | None:
            raise self.problem

    shelf = Closed([SOME])
    assert [each.evaluation for each in history.read(shelf, "flight-delay")] == [None]
    shelf.problem = OutsideProblem("it does not answer")
    with pytest.raises(OutsideProblem):
        history.read(shelf, "flight-delay")


def test_only_the_newest_versions_are_asked_for_their_facts() -> None:
    asked: list[int] = []

    class Counting(Shelf):
        def facts(self, step: Step) -> bytes | None:
            asked.append(step.version)
            return None

    history.read(Counting([SOME] * 62), "flight-delay")
    assert asked == list(range(3, 63))
