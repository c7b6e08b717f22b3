"""The record that a monitor leaves says everything, and nothing that cannot be read back."""

import pytest
from pydantic import ValidationError

from policy.sighting import Severity, Sighting
from tests.policy.sightings import seen


def test_it_comes_back_as_it_was_written() -> None:
    found = seen("high", 3)
    assert Sighting.model_validate_json(found.model_dump_json()) == found


def test_the_severities_stand_in_their_order() -> None:
    assert list(Severity) == ["none", "low", "medium", "high"]


def test_what_a_newer_minor_version_says_besides_is_left_out() -> None:
    found = seen()
    assert Sighting.model_validate({**found.model_dump(), "colour": "red"}) == found


@pytest.mark.parametrize(
    "broken",
    [
        {"severity": "dreadful"},
        {"schema_version": 2},
        {"model": ""},
        {"model": "m" * 501},
        {"numbers": {"auc": float("nan")}},
        {"numbers": {f"n{each}": 1.0 for each in range(51)}},
        {"at": "x" * 2_001},
        {"result": {"name": "monitor", "status": "failed", "reason": "no-such-reason"}},
    ],
)
def test_ga_04_what_is_none_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Sighting.model_validate({**seen().model_dump(), **broken})
