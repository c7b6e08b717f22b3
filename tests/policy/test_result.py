"""The tree of results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.reasons import Reason
from policy.result import Result, Status, combine, fill, worst


def leaf(status: Status, name: str = "x") -> Result:
    return Result(name=name, status=status, reason=Reason.ERROR, values={"what": name, "next": ""})


def test_a_parent_without_children_was_not_asked_for() -> None:
    assert (combine("p", []).status, combine("p", []).reason) == (Status.SKIPPED, Reason.NOT_CONFIGURED)


@given(st.lists(st.sampled_from(Status), min_size=1))
def test_a_parent_is_as_bad_as_its_worst_child_and_skipped_ones_drop_out(statuses: list[Status]) -> None:
    order = [Status.SKIPPED, Status.PASSED, Status.WARNED, Status.FAILED]
    assert combine("p", [leaf(each) for each in statuses]).status is max(statuses, key=order.index)
    assert worst([leaf(each) for each in statuses]) is max(statuses, key=order.index)


def test_a_single_offender_speaks_for_its_parent() -> None:
    parent = combine("p", [leaf(Status.PASSED), leaf(Status.FAILED, "the model file is gone"), leaf(Status.WARNED)])
    assert parent.why == "the model file is gone"


def test_several_offenders_are_counted_among_those_that_were_judged() -> None:
    parent = combine("p", [leaf(Status.FAILED), leaf(Status.FAILED), leaf(Status.PASSED), leaf(Status.SKIPPED)])
    assert parent.why == "2 of 3 checks fail"


def test_the_causes_are_the_ends_of_the_tree_that_are_as_bad_as_the_whole() -> None:
    tree = combine(
        "v", [combine("a", [leaf(Status.FAILED, "one"), leaf(Status.WARNED)]), combine("b", [leaf(Status.FAILED, "two")])]
    )
    assert [each.name for each in tree.causes()] == ["one", "two"]
    green = combine("v", [leaf(Status.PASSED)])
    assert green.causes() == [green]


@pytest.mark.parametrize(
    ("value", "text"), [(None, "—"), (0.123456, "0.123"), (12_345.6, "12,346"), (1_000_000, "1,000,000"), ("a{b}", "a{b}")]
)
def test_values_are_filled_in_as_plain_text(value: str | float | None, text: str) -> None:
    assert fill("it is {x}", {"x": value}) == f"it is {text}"


def test_a_value_that_misses_its_limit_by_little_does_not_read_like_it() -> None:
    assert fill("{head} is below {floor}", {"head": 0.67999, "floor": 0.68}) == "0.67999 is below 0.68"
    assert fill("{loss} of {margin}", {"loss": 0.0050012, "margin": "0.005"}) == "0.005001 of 0.005"
