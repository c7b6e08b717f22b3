from policy.facts import DataFacts
from policy.facts.data import ContractFacts, ContractFailure, Example
from reports.panels.contract import contract
from tests.reports import samples


def test_the_rule_that_refuses_most_rows_comes_first_with_its_examples():
    block = contract(*samples.broken())
    assert "greater_than(0)" in block.lines[0].cells[0]
    assert block.lines[0].cells[-1].count("<li>") == 11
    assert all(line.status.value == "failed" for line in block.lines)


def test_one_data_set_is_named_once_and_several_in_every_row():
    assert "data/flights.parquet" in contract(*samples.broken()).notes[0]
    facts, verdict = samples.broken()
    other = samples.broken_data().model_copy(update={"path": "data/other.parquet"})
    block = contract(facts.model_copy(update={"data": [*facts.data, other]}), verdict)
    assert block.notes == ()
    assert all(len(line.cells) == len(block.heads) == 6 for line in block.lines)


def test_a_contract_that_holds_makes_an_empty_block():
    assert contract(samples.facts(), samples.verdict()).lines == ()


def test_what_fails_as_a_whole_counts_no_rows():
    failure = ContractFailure(
        rule="exists", column="x", count=9, share=1.0, whole=True, examples=[Example(key={}, value="the column is missing")]
    )
    data = [DataFacts(path="a.csv", contract=ContractFacts(contract="c", backend="polars", rows=9, failures=[failure]))]
    (line,) = contract(samples.facts(data=data), samples.verdict()).lines
    assert line.cells[2:4] == ("the whole", "—")
    assert "more" not in line.cells[4]
