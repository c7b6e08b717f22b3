"""Data sets in the report: what fails, what is gone, what looks personal."""

from policy.facts import DataFacts
from policy.facts.data import ContractFacts, ContractFailure, DiffFacts, Example, SchemaChange
from policy.reasons import Reason
from policy.result import Result, Status, combine
from reports.section import Section
from reports.sections.data import data
from tests.reports.examples import PATH, bare_facts, check, full_facts, full_verdict, verdict_of


def section(key: str, facts: list[DataFacts], *judged: Result, shown: int = 3) -> Section:
    verdict = verdict_of(combine("data", list(judged)))
    return next(each for each in data(bare_facts(data=facts), verdict, shown=shown) if each.key == key)


def lines(found: Section) -> list[str]:
    return [row.line for row in found.rows]


def test_a_failing_rule_shows_rows_share_and_examples_and_how_many_more_there_are() -> None:
    contract = next(each for each in data(full_facts(), full_verdict(), shown=2) if each.key == "contract")
    assert lines(contract) == [
        "| `greater_than_or_equal_to(0)` | `distance` | 24 | 0.01 % | "
        "`flight=0, origin=JFK`: `-5`; `flight=1, origin=JFK`: `-5`; and 22 more |"
    ]


def test_rules_that_the_runner_did_not_list_are_counted() -> None:
    failure = ContractFailure(rule="unique", count=1, share=0.5)
    facts = DataFacts(
        path="a", contract=ContractFacts(contract="c.py:C", backend="polars", rows=2, failures=[failure], failures_total=9)
    )
    found = section("contract", [facts])
    assert found.brief == "9"
    assert any("8 more rules" in str(paragraph) for paragraph in found.paragraphs)


def test_removals_stand_before_additions_and_the_data_set_that_lost_most_first() -> None:
    few = DataFacts(path="few", diff=DiffFacts(key=["id"], rows_base=9, rows_head=9, removed=1, added=1, changed=0))
    most = DataFacts(path="most", diff=DiffFacts(key=["id"], rows_base=9, rows_head=2, removed=7, added=0, changed=0))
    found = section("diff", [few, most])
    assert [column.title.source for column in found.columns][:3] == ["data", "removed", "added"]
    assert lines(found)[0].startswith("| `most` | 7 | 0 |")
    assert found.brief == "8 removed, 1 added"


def test_rows_without_a_key_to_compare_by_are_said_to_be_so() -> None:
    facts = DataFacts(path="a", diff=DiffFacts(rows_base=5, rows_head=6))
    assert "no key, so only counts and columns were compared" in lines(section("diff", [facts]))[0]


def test_what_could_not_be_read_says_why() -> None:
    facts = DataFacts(path="a", problem=Reason.DATA_CORRUPT, problem_detail="no Parquet magic @team")
    assert lines(section("diff", [facts]))[0].count("`@team`") == 1


def test_a_row_is_as_bad_as_what_was_said_of_it_and_not_as_its_neighbour() -> None:
    diff = DiffFacts(
        rows_base=1,
        rows_head=1,
        schema_changes=[SchemaChange(column="new", change="added"), SchemaChange(column="old", change="removed", before="Int64")],
    )
    judged = combine(PATH, [check("schema", Status.FAILED, Reason.ERROR), check("rows", Status.PASSED, Reason.HOLDS)])
    facts = [DataFacts(path=PATH, diff=diff)]
    assert section("schema", facts, judged).status is Status.FAILED
    assert section("diff", facts, judged).status is Status.PASSED
    assert lines(section("schema", facts, judged))[0].startswith("| `old` | removed |")


def test_an_example_without_a_key_shows_its_value() -> None:
    failure = ContractFailure(rule="r", count=1, share=1, examples=[Example(value="-1")])
    facts = DataFacts(path="a", contract=ContractFacts(contract="c.py:C", backend="polars", rows=1, failures=[failure]))
    assert lines(section("contract", [facts]))[0].endswith("| `-1` |")


def test_data_that_is_the_same_has_no_line_of_its_own() -> None:
    same = DataFacts(path="data/b.csv", base_digest="md5:a", head_digest="md5:a")
    assert same.unchanged
    found = {
        each.key: each for each in data(bare_facts(data=[same]), verdict_of(check("data", Status.PASSED, Reason.HOLDS)), shown=3)
    }
    assert found["diff"].is_empty
