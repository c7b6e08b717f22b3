"""What a runner may say about a folder of images."""

import pytest
from pydantic import ValidationError

from policy.facts.images import ImageFacts, ImageFinding


def test_it_reads_what_it_wrote() -> None:
    facts = ImageFacts(files=3, findings=[ImageFinding(check="size", count=1, examples=["a.png"])], groups=[["a", "b"]])
    assert ImageFacts.model_validate_json(facts.model_dump_json()) == facts


@pytest.mark.parametrize(
    "given", [{"files": -1}, {"files": 1, "groups": [["a"] * 6]}, {"files": 1, "findings": [{"check": "x"}]}]
)
def test_what_is_no_such_record_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ImageFacts.model_validate(given)
