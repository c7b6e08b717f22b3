"""Amounts of money in `assay.yml`, and the names that have a price there."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

Amount = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
"""Money, in the currency of `cost`."""
Label = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""The label of a runner, or the name of a language model."""


def money(amount: float) -> Decimal:
    """An amount as it is written."""
    return Decimal(str(amount))
