"""One label of ours, and nobody else's touched."""

import pytest

from bot.effects import AddLabel, RemoveLabel
from bot.labels import STANDINGS, decide, name


def test_the_first_label_is_put_on() -> None:
    assert decide(7, ["bug"], "waiting") == [AddLabel(7, "assay: waiting")]


def test_the_one_before_is_taken_off() -> None:
    assert decide(7, ["bug", "assay: waiting"], "passed") == [RemoveLabel(7, "assay: waiting"), AddLabel(7, "assay: passed")]


@pytest.mark.parametrize("standing", STANDINGS)
def test_the_same_again_writes_nothing(standing: str) -> None:
    assert decide(7, [name(standing)], standing) == []  # type: ignore[arg-type]


def test_az_19_a_label_that_somebody_put_on_by_hand_is_put_right() -> None:
    assert decide(7, ["assay: passed", "assay: failed"], "failed") == [RemoveLabel(7, "assay: passed")]
