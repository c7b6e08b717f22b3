"""The phrases of the table of parts."""

from policy.facts import DataFacts
from policy.facts.data import DiffFacts
from policy.reasons import Reason
from policy.result import Status, Tier, combine
from reports.sections.phrases import part_against, part_result, praise
from tests.reports.examples import PATH, bare_facts, check, full_facts, gate, verdict_of


def test_two_causes_are_the_first_and_a_count() -> None:
    lost = [check(name, Status.FAILED, Reason.DATA_EMPTY, path=name) for name in "abc"]
    assert part_result(combine("data", lost), full_facts()).source == "`a` holds no rows; and 2 more"


def test_a_part_that_failed_in_its_own_words_keeps_them() -> None:
    missing = check("evaluation", Status.FAILED, Reason.MISSING_PART, part="evaluation")
    assert part_result(missing, bare_facts()).source == "the runner left no facts about evaluation"


def test_gates_are_counted() -> None:
    lost = [gate(name, 0.5, 0.4, tier=Tier.REGRESSED) for name in "ab"]
    assert part_result(combine("evaluation", [*lost, gate("c", 0.5, 0.5)]), bare_facts()).source == "2 of 3 gates fail"


def test_data_without_a_key_is_counted_by_rows_and_data_that_is_the_same_is_unchanged() -> None:
    part = combine("data", [check(PATH, Status.PASSED, Reason.HOLDS)])
    grown = bare_facts(data=[DataFacts(path=PATH, diff=DiffFacts(rows_base=5, rows_head=9))])
    assert part_against(part, grown, verdict_of(part)).source == "+4 rows"
    same = bare_facts(data=[DataFacts(path=PATH, base_digest="a", head_digest="a")])
    assert part_against(part, same, verdict_of(part)).source == "unchanged"


def test_praise_names_one_gate_and_counts_the_others() -> None:
    better = [gate(name, 0.5, 0.6, tier=Tier.IMPROVED) for name in "abc"]
    assert [each.source for each in praise(verdict_of(combine("evaluation", better)))] == ["`a` improved by +0.1 and 2 more"]
    assert praise(verdict_of(combine("evaluation", [gate("a", 0.5, 0.5)]))) == []
