"""The reason a metric has no value travels as an exception."""

import pytest

from actions.evaluate.trouble import Undefined
from policy.reasons import Reason


def test_it_carries_its_reason_and_detail() -> None:
    with pytest.raises(Undefined) as caught:
        raise Undefined(Reason.ONE_CLASS, " (all late)")
    assert (caught.value.reason, caught.value.detail) == (Reason.ONE_CLASS, " (all late)")
