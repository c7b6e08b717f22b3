"""Whether data that arrives is taken in, by the facts about it."""

from policy import document
from policy.facts import DataFacts, ErrorFact, Facts
from policy.facts.data import ColumnDrift, ContractFacts, ContractFailure, DiffFacts, DriftFacts
from policy.reasons import Reason
from policy.refresh import ImportFacts, ImportVersion, Outcome, Refresh, decide, unchanged
from policy.result import Status
from tests.reports import samples

POLICY = document.read("version: 1\ndata: [{path: data/raw.csv, contract: 'c.py:C'}]\n")
FAILURE = ContractFailure(column="value", rule="at least 0", count=3, share=0.01)
SHA = "a" * 40


def imported(path: str, after: str = "md5:2") -> ImportFacts:
    return ImportFacts(
        path=path, file=f"{path}.dvc", before=ImportVersion(digest="md5:1"), after=ImportVersion(digest=after, revision="r")
    )


def facts(*failures: ContractFailure, errors: list[ErrorFact] | None = None) -> Facts:
    told = DataFacts(
        path="data/raw.csv",
        base_digest="md5:1",
        head_digest="md5:2",
        contract=ContractFacts(contract="c.py:C", backend="polars", rows=300, failures=list(failures)),
        diff=DiffFacts(rows_base=300, rows_head=300),
    )
    given = samples.facts()
    revision = given.revision.model_copy(update={"head": SHA})
    return given.model_copy(update={"data": [told], "errors": errors or [], "revision": revision, "halted_by": None})


def test_what_keeps_its_contract_is_taken_in() -> None:
    record = decide(POLICY, facts(), [imported("data/raw.csv")])
    assert (record.outcome, record.sha, record.result.status) == (Outcome.ACCEPTED, SHA, Status.PASSED)
    assert record.result.why == "data/raw.csv came in new, and keeps what the policy asks of data"
    assert Refresh.model_validate_json(record.model_dump_json()) == record


def test_what_fails_its_contract_is_refused_with_the_reason() -> None:
    record = decide(POLICY, facts(FAILURE), [imported("data/raw.csv"), imported("data/old.csv", "md5:1")])
    assert (record.outcome, record.result.status) == (Outcome.REJECTED, Status.FAILED)
    assert record.result.why.startswith("data/raw.csv is refused, and nothing was changed: ")
    assert "value: at least 0" in record.result.why


def test_what_drifted_is_taken_in_and_told() -> None:
    policy = document.read("version: 1\ndata: [{path: data/raw.csv, drift: {}}]\n")
    moved = ColumnDrift(column="value", kind="number", measure="wasserstein", value=9.0)
    given = facts()
    (data,) = given.data
    drift = DriftFacts(mode="exact", rows_base=300, rows_head=300, columns=[moved])
    record = decide(
        policy, given.model_copy(update={"data": [data.model_copy(update={"drift": drift})]}), [imported("data/raw.csv")]
    )
    assert (record.outcome, record.result.status) == (Outcome.ACCEPTED, Status.WARNED)
    assert [part.status for part in record.result.children if part.name == "drift"] == [Status.FAILED]


def test_what_could_not_be_found_out_is_refused() -> None:
    error = ErrorFact(part="data", reason=Reason.OUTSIDE, what="no answer", next="wait")
    record = decide(POLICY, facts(errors=[error]), [imported("data/raw.csv")])
    assert record.outcome is Outcome.REJECTED and "no answer" in record.result.why


def test_an_import_that_is_no_data_set_holds_none_and_lies_in_none_is_told() -> None:
    paths = ["data/raw.csv", "data", "data/raw.csv/part", "other"]
    record = decide(POLICY, facts(), [imported(path) for path in paths])
    assert record.result.status is Status.WARNED
    assert [(leaf.name, leaf.reason) for leaf in record.result.causes()] == [("other", Reason.REFRESH_UNWATCHED)]


def test_who_answers_for_new_data_is_named_and_nobody_else() -> None:
    sets = "[{path: data/raw.csv, owner: '@a/b'}, {path: data/raw.csv/x, owner: '@a/b'}, {path: old, owner: '@c/d'}, {path: new}]"
    policy = document.read(f"version: 1\ndata: {sets}\n")
    assert decide(policy, facts(), [imported("data/raw.csv"), imported("new"), imported("old", "md5:1")]).owners == ["@a/b"]
    assert "whoever makes the data" in decide(POLICY, facts(FAILURE), [imported("data/raw.csv")]).result.advice


def test_many_imports_are_counted() -> None:
    record = decide(POLICY, facts(), [imported(f"data/raw.csv/{each}") for each in range(11)])
    assert "data/raw.csv/7, and 3 more came in new" in record.result.why


def test_a_new_revision_of_the_same_bytes_is_no_news() -> None:
    assert not imported("a", "md5:1").changed and imported("a").changed
    record = unchanged(SHA, [imported("a", "md5:1")])
    assert (record.outcome, record.result.status) == (Outcome.UNCHANGED, Status.PASSED)
    assert record.result.why == "nothing new: the 1 imports hold what their sources hold"
