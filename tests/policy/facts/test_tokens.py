"""What a runner says of language models is a whole number of tokens, each model once, or it is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from policy.facts.tokens import MOST, ModelTokens, TokenFacts


@pytest.mark.parametrize("wrong", [-1, MOST + 1, True, 1.0, "1", None])
@pytest.mark.parametrize("key", ["input", "output", "cached"])
def test_ga_nothing_but_a_bounded_whole_number_is_one(key: str, wrong: Any) -> None:
    with pytest.raises(ValidationError):
        ModelTokens.model_validate({"model": "gpt-x", "input": MOST, key: wrong})


def test_ga_no_more_can_come_from_the_cache_than_went_in() -> None:
    with pytest.raises(ValidationError, match="more input came from the cache"):
        ModelTokens(model="gpt-x", input=1, cached=2)


def test_ga_a_model_stands_once_and_there_are_not_many() -> None:
    with pytest.raises(ValidationError, match="a model stands twice"):
        TokenFacts(file="usage.json", models=[ModelTokens(model="gpt-x"), ModelTokens(model="gpt-x")])
    with pytest.raises(ValidationError):
        TokenFacts(file="usage.json", models=[ModelTokens(model=str(index)) for index in range(101)])


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_ga_a_model_has_a_name(name: str) -> None:
    with pytest.raises(ValidationError):
        ModelTokens(model=name)
