"""What a runner may say about a folder of texts."""

import pytest
from pydantic import ValidationError

from policy.facts.texts import TextFacts, TextFinding


def test_it_reads_what_it_wrote() -> None:
    facts = TextFacts(texts=3, findings=[TextFinding(check="length", count=1, examples=["a.txt"])], groups=[["a", "b"]])
    assert TextFacts.model_validate_json(facts.model_dump_json()) == facts


@pytest.mark.parametrize(
    "given", [{"texts": -1}, {"texts": 1, "groups": [["a"] * 6]}, {"texts": 1, "findings": [{"check": "x"}]}]
)
def test_what_is_no_such_record_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TextFacts.model_validate(given)
