"""The record of a search."""

import json
from typing import Any

import pytest

from policy import tuned
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Result, Status
from policy.tuned import Tried, Tuned

PLAIN: dict[str, Any] = {
    "commit": "c" * 40,
    "study": "assay:1",
    "space": {"lr": "1 to 2"},
    "objectives": [{"metric": "accuracy", "better": "higher"}],
    "present": {"values": {"lr": 1}, "scores": [0.5]},
    "winner": {"number": 3, "values": {"lr": 2}, "scores": [0.6]},
    "result": {"name": "tuning", "status": "passed", "reason": "tune-better-once"},
}
REPEATED = {"metric": "accuracy", "present": [0.5] * 3, "winner": [0.6] * 3, "change": 0.1, "low": 0.1, "high": 0.1}


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


def test_what_others_wrote_is_read_where_its_lists_fit() -> None:
    assert tuned.read(json.dumps(PLAIN | {"repeated": [REPEATED], "seeds": 3}).encode()).seeds == 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"objectives": [], "present": {"values": {}, "scores": []}, "winner": None}, "one score for each"),
        ({"winner": {"values": {"lr": 2}, "scores": [0.6, 0.7]}}, "one score for each"),
        ({"front": [{"values": {"lr": 2}, "scores": []}]}, "one score for each"),
        ({"repeated": [REPEATED], "seeds": 4}, "one value for each seed"),
        ({"repeated": [REPEATED], "seeds": 0}, "one value for each seed"),
        ({"seeds": 3}, "one value for each seed"),
        ({"weights": [{"key": "lr", "share": -1e308}]}, "`weights.0.share`"),
        ({"weights": [{"key": "lr", "share": 0.1}] * 51}, "`weights`"),
        ({"trials": -1}, "`trials`"),
        ({"seconds": -1.0}, "`seconds`"),
        ({"space": {str(number): "x" for number in range(51)}}, "`space`"),
        ({"patch": "x" * 4_200_000}, "more than"),
        ({"present": {"values": {"lr": 1}, "scores": [float("nan")]}}, "NaN is not a number"),
    ],
)
def test_ga_03_what_could_not_be_drawn_is_refused_in_a_line(more: dict[str, Any], said: str) -> None:
    with pytest.raises(UserProblem) as refused:
        tuned.read(json.dumps(PLAIN | more).encode())
    assert said in str(refused.value) and "tuning.json" in str(refused.value)
