"""The pulse is read with each part or the reason why it is not there."""

from dataclasses import replace

import pytest

from bot.gateway.rolling import RollingGateway
from bot.pulse.reading import Reader
from policy import document
from policy.ledger import Decision
from tests.bot.promotion.court import POLICY
from tests.bot.pulse.test_rolling import OBJECTIVE, Weeks, weeks

__all__ = ["weeks"]


def read(weeks: Weeks, text: str = POLICY + OBJECTIVE) -> Reader:
    return Reader(weeks.there.chat.around, RollingGateway.of(weeks.there.gateway), document.read(text))


def test_what_is_there_is_read_and_what_is_not_is_named(weeks: Weeks) -> None:
    found = read(weeks).pulse()
    assert found.standings and len(found.standings[0].series.points) == 3
    assert dict(found.unread)["risks"].startswith("there is no ledger yet")
    weeks.entered("locked", Decision.LOCKED)
    again = read(weeks).pulse()
    assert again.unread == () and again.risks and again.risks[0].kind.value == "lock"


@pytest.mark.parametrize("without", ["registry", "model"])
def test_without_a_registry_or_a_model_there_is_no_forecast(weeks: Weeks, without: str) -> None:
    if without == "registry":
        weeks.there.chat.around = replace(weeks.there.chat.around, registry=None)
        assert "MLFLOW_TRACKING_URI" in str(read(weeks).steps())
    else:
        assert "`model`" in str(read(weeks, "version: 1\n").steps())
