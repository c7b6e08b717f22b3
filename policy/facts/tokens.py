"""What a runner says of the language models that a run used."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from policy.models import Name, Record, Text

MOST = 10**12
"""Tokens of one model in one run at most."""
MOST_MODELS = 100
Tokens = Annotated[int, Field(strict=True, ge=0, le=MOST)]
ModelName = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class ModelTokens(Record):
    """What one language model was given and gave back; `cached` of the `input` came from its provider's cache."""

    model: ModelName
    input: Tokens = 0
    output: Tokens = 0
    cached: Tokens = 0

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.cached > self.input:
            raise ValueError("more input came from the cache than there was")
        return self


class TokenFacts(Record):
    """What the stages that were executed used, as the `file` that the policy names tells it; each model once.

    `stage` is the one that writes it. `problem` says in words why it is not known; then there are no models.
    """

    file: Name
    stage: Name | None = None
    models: Annotated[list[ModelTokens], Field(max_length=MOST_MODELS)] = []
    problem: Text = ""

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({each.model for each in self.models}) < len(self.models):
            raise ValueError("a model stands twice")
        return self
