"""What a model was made of: what a runner may say of it, and what is refused."""

import pytest
from pydantic import ValidationError

from policy.facts.model import MadeFacts, ModelFacts

MADE = MadeFacts(digest="md5:1", params="sha256:2", lock="sha256:3", data={"data/ü.csv": "md5:4"})


def test_a_record_survives_the_way_through_json() -> None:
    facts = ModelFacts(path="model.txt", base=None, head=MADE)
    assert ModelFacts.model_validate_json(facts.model_dump_json(exclude_defaults=True)) == facts


@pytest.mark.parametrize(
    "said",
    [
        {"path": ""},
        {"path": "m", "problem": "x" * 2_001},
        {"path": "m", "head": {"digest": "d", "params": "p"}},
        {"path": "m", "head": {"digest": "d", "params": "p", "lock": "l", "data": {"": "md5:1"}}},
        {"path": "m", "head": {"digest": "d", "params": "p", "lock": "l", "data": {str(at): "x" for at in range(201)}}},
    ],
)
def test_what_is_beyond_the_limits_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ModelFacts.model_validate(said)
