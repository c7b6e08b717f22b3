"""Each check in a paragraph that can be found again by its name, whatever the name."""

from hypothesis import given
from hypothesis import strategies as st

from policy.reasons import Reason
from policy.result import Comparison, Result, Status, Tier, combine
from reports.explanation import ROOM, about, explanation, names
from reports.markdown import code

COMPARISON = Comparison(
    metric="roc_auc", better="higher", base=0.741, head=0.729, change=-0.012, low=-0.015, high=-0.009, confidence=0.95,
    p_regressed=0.001, allowed="≥ −0.005", rows=214,
)  # fmt: skip


def leaf(name: str, status: Status = Status.FAILED, **more: object) -> Result:
    values = {"what": f"{name} is off", "next": "look at it"}
    return Result(name=name, status=status, reason=Reason.ERROR, values=values, **more)


def test_a_gate_is_explained_by_its_numbers_its_tier_and_what_to_do() -> None:
    gate = leaf("roc_auc", tier=Tier.REGRESSED, comparison=COMPARISON)
    said = about(explanation([combine("evaluation", [gate, leaf("f1", Status.PASSED)])]).source, "roc_auc").source
    assert said.startswith("### `roc_auc`\n")
    assert "was 0.741 · is 0.729 · change −0.012 (−0.015 … −0.009)" in said
    assert "interval at 95 %" in said and "214 rows" in said
    assert "that is not luck" in said
    assert "**Next:** look at it." in said
    assert "`error`" in said
    assert "f1" not in said


def test_what_holds_asks_for_nothing() -> None:
    said = about(explanation([leaf("f1", Status.PASSED)]).source, "f1").source
    assert "Next" not in said


def test_the_worst_come_first() -> None:
    part = combine("data", [leaf("fine", Status.PASSED), leaf("bad"), leaf("so-so", Status.WARNED)])
    assert names(explanation([part]).source) == ["`bad`", "`so-so`", "`fine`"]


def test_a_data_set_judged_by_a_rule_of_its_own_is_explained_too() -> None:
    whole = leaf("data.csv").model_copy(update={"children": [leaf("temp", Status.WARNED)]})
    assert names(explanation([combine("drift", [whole])]).source) == ["`data.csv`", "`temp`"]


def test_what_has_no_room_is_counted() -> None:
    said = explanation([combine("data", [leaf(f"check {number}") for number in range(2_000)])]).source
    assert len(said) < ROOM + 100
    assert said.endswith("more stand in the report.")


def test_a_check_that_is_not_there_has_no_paragraph() -> None:
    assert not about(explanation([leaf("f1")]).source, "f2")


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5, unique_by=lambda name: code(name).source))
def test_every_name_finds_its_own_paragraph_and_no_other(given_names: list[str]) -> None:
    said = explanation([combine("data", [leaf(name) for name in given_names])]).source
    for name in given_names:
        found = about(said, name).source
        assert names(found) == [code(name).source]
