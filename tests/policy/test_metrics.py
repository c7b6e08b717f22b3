"""The table of metrics."""

import pytest

from policy.metrics import BETTER, NEEDS_SCORE, known_direction


@pytest.mark.parametrize(
    ("name", "better"),
    [("roc_auc", "higher"), ("test.log_loss", "lower"), ("a.b.r2", "higher"), ("latency_ms", None), ("auc.x", None)],
)
def test_the_direction_of_known_names(name: str, better: str | None) -> None:
    assert known_direction(name) == better


def test_whatever_needs_a_score_is_known() -> None:
    assert set(BETTER) >= NEEDS_SCORE
