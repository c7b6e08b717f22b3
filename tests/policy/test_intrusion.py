"""Aliases belong where they were promoted to, and versions have an origin."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from policy.approvals import Promotion
from policy.intrusion import NEW, Move, moves, strangers
from policy.lineage import Step
from tests.policy.situations import HOUR, NOW, policy
from tests.policy.test_origin import SOME

ENVIRONMENTS = policy().environments
REVERTED = policy(more="on_outside_move: revert").environments


def steps(production: int | None = None, staging: int | None = None, count: int = 3) -> list[Step]:
    where = {"production": production, "staging": staging}
    return [
        Step(number, NOW - HOUR, SOME, aliases=tuple(name for name, at in where.items() if at == number))
        for number in range(1, count + 1)
    ]


def promoted(*versions: int, to: str = "production") -> list[Promotion]:
    return [Promotion(to, str(each), NOW + index * HOUR) for index, each in enumerate(versions)]


def test_where_nothing_was_promoted_and_nothing_points_all_is_well() -> None:
    assert moves(steps(), ENVIRONMENTS, []) == []
    assert moves([], ENVIRONMENTS, []) == []


def test_an_alias_that_nobody_promoted_is_told() -> None:
    assert moves(steps(2), ENVIRONMENTS, []) == [Move("production", 2, None, "report")]


def test_what_was_promoted_last_counts_and_not_what_was_before_it() -> None:
    assert moves(steps(2), ENVIRONMENTS, promoted(1, 2)) == []
    assert moves(steps(1), ENVIRONMENTS, promoted(1, 2)) == [Move("production", 1, 2, "report")]


def test_a_rollback_that_is_recorded_is_a_promotion() -> None:
    assert moves(steps(1), ENVIRONMENTS, promoted(1, 2, 1)) == []


def test_an_alias_that_was_taken_away_is_told() -> None:
    assert moves(steps(), ENVIRONMENTS, promoted(1)) == [Move("production", None, 1, "report")]
    assert moves([], ENVIRONMENTS, promoted(1)) == [Move("production", None, 1, "report")]


def test_aliases_that_are_no_environment_are_anybodys() -> None:
    champion = [Step(1, NOW, SOME, aliases=("champion", "challenger"))]
    assert moves(champion, ENVIRONMENTS, []) == []


def test_an_alias_is_set_back_only_where_the_policy_says_so_and_there_is_something_to_set_it_back_to() -> None:
    assert not moves(steps(2), ENVIRONMENTS, promoted(1))[0].reverts
    assert moves(steps(2), REVERTED, promoted(1))[0].reverts
    assert not moves(steps(2), REVERTED, [])[0].reverts


def test_a_promotion_of_something_that_is_no_version_is_set_back_to_by_nobody() -> None:
    odd = [Promotion("production", "²", NOW)]
    assert moves(steps(2), REVERTED, odd) == [Move("production", 2, None, "revert")]


def test_a_version_without_an_origin_is_a_stranger_while_it_is_new() -> None:
    made = [Step(number, NOW - timedelta(days=number), None, ("a fault",)) for number in (1, 2, 8)]
    assert [each.version for each in strangers([*made, Step(9, NOW, SOME)], NOW)] == [2, 1]
    assert strangers([Step(1, NOW - NEW, None)], NOW) != []


@given(st.lists(st.integers(1, 3)), st.none() | st.integers(1, 3))
def test_an_alias_is_right_exactly_where_the_last_promotion_put_it(history: list[int], present: int | None) -> None:
    found = moves(steps(present), ENVIRONMENTS, promoted(*history))
    assert (found == []) == (present == (history[-1] if history else None))
