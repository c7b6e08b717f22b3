"""What a runner says about the model itself: what it was made of at base and head, as the committed locks have it."""

from typing import Annotated

from pydantic import Field

from policy.models import Name, Record, Text


class MadeFacts(Record):
    """The digests behind a model at one commit. `data` is path -> digest, the first 200."""

    digest: Name
    params: Name
    lock: Name
    data: Annotated[dict[Name, Name], Field(max_length=200)] = {}


class ModelFacts(Record):
    """The model that the policy names; a side is None where no lock names the model at that commit."""

    path: Name
    base: MadeFacts | None = None
    head: MadeFacts | None = None
    problem: Text = ""
    """Why a side cannot be told. It turns nothing red: whoever registers meets the same and is refused."""
