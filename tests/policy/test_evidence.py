"""AU-08: what answers a heading, what would and is missing, and what nothing answers; never a blank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.evidence import EU_AI_ACT, FRAMEWORKS, NIST_AI_RMF, NOBODY, Framework, Part, answers

WRITTEN = st.frozensets(st.sampled_from(["model_summary", "direct_use", "model_specs", "model_type"]))
PARTS = st.frozensets(st.sampled_from(list(Part)))


@given(PARTS, st.sampled_from(FRAMEWORKS), WRITTEN)
def test_au_08_every_heading_says_something_whatever_is_missing(
    there: frozenset[Part], framework: Framework, written: frozenset[str]
) -> None:
    for each in answers(framework, there, written):
        assert each.says.strip()
        asked, card = set(each.heading.places), {Part.CARD}
        counted = there if not asked or asked & written else there - card
        assert each.evidenced == bool(set(each.heading.parts) & counted)
        if not each.evidenced:
            assert each.says == NOBODY or each.says.startswith("not evidenced; missing here: ")
        assert all(part.label.lower() in each.says for part in each.missing)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=lambda each: each.key)
def test_a_heading_with_parts_says_how_far_they_go_and_one_without_does_not(framework: Framework) -> None:
    for each in framework.headings:
        assert bool(each.parts) == bool(each.how), each.id
        assert len(set(each.parts)) == len(each.parts)


def test_au_08_a_card_in_which_nobody_wrote_does_not_answer_what_only_people_can() -> None:
    found = {each.heading.id: each for each in answers(EU_AI_ACT, list(Part), [])}
    assert found["1(h)"].says == "not evidenced; missing here: model card, in which nobody wrote it"
    assert found["1(a)"].says.endswith("missing here: model card, in which nobody wrote it") and found["1(a)"].evidenced
    assert "model card" not in {each.heading.id: each for each in answers(EU_AI_ACT, list(Part), ["direct_use"])}["1(h)"].says


def test_no_framework_is_answered_whole_and_every_part_answers_something() -> None:
    for framework in FRAMEWORKS:
        assert any(not each.parts for each in framework.headings)
    assert {part for framework in FRAMEWORKS for each in framework.headings for part in each.parts} == set(Part)


def test_the_headings_are_those_of_the_frameworks() -> None:
    assert {each.id[0] for each in EU_AI_ACT.headings} == set("123456789")
    counts = {"GOVERN": 6, "MAP": 5, "MEASURE": 4, "MANAGE": 4}
    assert [each.id for each in NIST_AI_RMF.headings] == [
        f"{word} {at}" for word, most in counts.items() for at in range(1, most + 1)
    ]
