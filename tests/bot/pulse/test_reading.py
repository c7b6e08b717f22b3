"""The pulse is read with each part or the reason why it is not there."""

from dataclasses import replace

import pytest

from bot.gateway.rolling import RollingGateway
from bot.pulse.reading import Reader
from policy import document
from policy.ledger import Decision
from policy.pulse.series import Version
from tests.bot.gateway.scene import REPOSITORY
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


def test_pull_requests_are_asked_for_only_where_a_version_of_one_was_promoted(weeks: Weeks) -> None:
    reader = read(weeks)
    versions = [Version(3, weeks.now, None, 7)]
    assert reader.pulls("no branch", versions) == reader.pulls([], versions) == reader.pulls([], "no server") == (None, ())
    weeks.entered("promoted", Decision.PROMOTED)
    kept, _ = reader.ledger()
    assert reader.pulls(kept, versions) == ({}, ())
    assert reader.pulls(kept, [replace(versions[0], pull=None)]) == reader.pulls(kept, [replace(versions[0], number=9)])
    weeks.there.chat.here.github.repository(REPOSITORY).pulls[weeks.there.chat.here.number].merged_at = "2026-11-01T00:00:00Z"
    weeks.there.chat.here.github.repository(REPOSITORY).issues[weeks.there.chat.here.number].state = "closed"
    found, _ = reader.pulls(kept, versions)
    assert found is not None and set(found) == {weeks.there.chat.here.number}
