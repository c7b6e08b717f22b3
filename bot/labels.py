"""The label that says how a pull request stands. Pure. A label is a view: whoever puts one on by hand changes nothing but it."""

from collections.abc import Iterable
from typing import Literal

from bot.effects import AddLabel, Effect, RemoveLabel

Standing = Literal["passed", "failed", "waiting"]
STANDINGS: tuple[Standing, ...] = ("passed", "failed", "waiting")


def name(standing: Standing) -> str:
    """The label's name."""
    return f"assay: {standing}"


def decide(number: int, present: Iterable[str], standing: Standing) -> list[Effect]:
    """What to write so that just one of our labels is there."""
    there, wanted = set(present), name(standing)
    effects: list[Effect] = [
        RemoveLabel(number, name(each)) for each in STANDINGS if name(each) in there and name(each) != wanted
    ]
    return effects if wanted in there else [*effects, AddLabel(number, wanted)]
