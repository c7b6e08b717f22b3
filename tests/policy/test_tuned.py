"""The record of a search."""

from policy.reasons import Reason
from policy.result import Result, Status
from policy.tuned import Tried, Tuned


def test_a_record_keeps_the_kinds_of_its_values_and_reads_a_newer_one() -> None:
    values = {"a": 1, "b": 1.0, "c": True, "d": "x", "e": None}
    made = Tuned(
        commit="c" * 40,
        study="assay:1",
        space={"a": "1 to 2"},
        objectives=[],
        present=Tried(values=values, scores=[0.5]),
        result=Result(name="tuning", status=Status.PASSED, reason=Reason.TUNE_BETTER_ONCE),
    )
    text = made.model_dump_json().replace('"schema_version":"1.0"', '"schema_version":"1.1","new":1')
    read = Tuned.model_validate_json(text)
    assert [type(each) for each in read.present.values.values()] == [int, float, bool, str, type(None)]
    assert read == made.model_copy(update={"schema_version": "1.1"})
