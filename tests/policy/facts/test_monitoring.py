"""What a look at production may say."""

import pytest
from pydantic import ValidationError

from policy.facts.monitoring import ApartFacts, MonitorFacts


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        MonitorFacts.model_validate({"age_days": float("nan")})


def test_an_area_lies_between_nothing_and_one() -> None:
    with pytest.raises(ValidationError):
        ApartFacts(auc=1.2, p=0.5, rows=3)


def test_what_a_newer_version_says_besides_is_ignored() -> None:
    assert MonitorFacts.model_validate({"rows": 3, "moon": "full"}).rows == 3
