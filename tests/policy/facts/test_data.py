"""`policy.facts.data`: what the record refuses, whatever a runner sends."""

import pytest
from pydantic import ValidationError

from policy.facts.data import ColumnDrift, ContractFailure, DataFacts, DiffFacts, Example, PersonalFinding


@pytest.mark.parametrize(
    ("model", "found"),
    [
        (ContractFailure, {"rule": "r", "count": -1, "share": 0.5}),
        (ContractFailure, {"rule": "r", "count": 1, "share": 1.5}),
        (ContractFailure, {"rule": "r" * 2_001, "count": 1, "share": 0.5}),
        (ContractFailure, {"rule": "r", "count": 1, "share": 0.5, "examples": [Example()] * 11}),
        (DiffFacts, {"rows_base": 1}),
        (ColumnDrift, {"column": "c", "kind": "number", "measure": "wasserstein", "value": float("nan")}),
        (ColumnDrift, {"column": "c", "kind": "number", "measure": "wasserstein", "value": 1.0, "bound": -0.1}),
        (ColumnDrift, {"column": "c", "kind": "number", "measure": "made-up", "value": 1.0}),
        (PersonalFinding, {"column": "c", "kind": "email", "count": 1, "share": 1, "read": "whole", "examples": ["x"] * 4}),
        (DataFacts, {"path": "p", "problem": "no-such-reason"}),
        (DataFacts, {"path": ""}),
    ],
)
def test_ga_05_what_is_out_of_bounds_is_refused(model: type[DataFacts], found: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(found)


@pytest.mark.parametrize(("base", "head", "same"), [("a", "a", True), ("a", "b", False), (None, "a", False), (None, None, False)])
def test_data_is_unchanged_only_where_both_digests_are_known_and_equal(base: str | None, head: str | None, same: bool) -> None:
    assert DataFacts(path="p", base_digest=base, head_digest=head).unchanged is same
