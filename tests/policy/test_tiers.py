"""The words of one gate."""

import pytest

from policy.evaluation import Gate
from policy.tiers import Trial, allowed, judge, signed


@pytest.mark.parametrize(
    ("gate", "text"),
    [
        ({"metric": "roc_auc", "may_lose": 0.005}, "≥ −0.005"),
        ({"metric": "log_loss", "may_gain": 0.01}, "≤ +0.01"),
        ({"metric": "roc_auc", "may_lose": "1%"}, "≥ −1%"),
        ({"metric": "roc_auc", "may_lose": 0}, "≥ 0"),
        ({"metric": "roc_auc", "floor": 0.7}, "≥ 0.7"),
        ({"metric": "x", "better": "lower", "ceiling": 5, "floor": -1}, "≥ −1 and ≤ 5"),
        ({"metric": "roc_auc", "floor": 0.7, "may_lose": 0.005}, "≥ 0.7, change ≥ −0.005"),
        ({"metric": "roc_auc", "must_improve": True}, "> 0"),
        ({"metric": "log_loss", "must_improve": True}, "< 0"),
    ],
)
def test_what_is_allowed_is_told_shortly(gate: dict[str, object], text: str) -> None:
    assert allowed(Gate.model_validate(gate)) == text


def test_changes_carry_their_sign() -> None:
    assert (signed(0.01), signed(-0.01234567), signed(0.0)) == ("+0.01", "−0.0123", "+0")


@pytest.mark.parametrize(
    ("gate", "least", "most"),
    [
        ({"metric": "roc_auc", "floor": 0.7, "may_lose": 0.005}, 0.735, None),
        ({"metric": "roc_auc", "floor": 0.738, "may_lose": 0.005}, 0.738, None),
        ({"metric": "roc_auc", "must_improve": True}, 0.74, None),
        ({"metric": "log_loss", "may_gain": "10%"}, None, 0.814),
        ({"metric": "log_loss", "ceiling": 0.5, "may_gain": 0.01}, None, 0.5),
        ({"metric": "roc_auc", "floor": 0.6, "ceiling": 0.9}, 0.6, 0.9),
    ],
)
def test_the_strictest_limit_at_head_is_told_for_the_picture(
    gate: dict[str, object], least: float | None, most: float | None
) -> None:
    comparison = judge(Trial(Gate.model_validate(gate), 0.95, None, head=0.73, base=0.74), None, None).comparison
    assert comparison is not None
    assert comparison.least == (least if least is None else pytest.approx(least))
    assert comparison.most == (most if most is None else pytest.approx(most))
