"""The pulse is read with each part or the reason why it is not there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.gateway.rolling import RollingGateway
from bot.monitoring import keeping
from bot.pulse.reading import Reader
from policy import document
from policy.ledger import Decision
from policy.pulse.findings import Production
from policy.pulse.risks import Kind
from policy.pulse.series import Version
from policy.vigil_history import BRANCH, path
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import POLICY
from tests.bot.pulse.test_rolling import OBJECTIVE, Weeks, weeks
from tests.policy.sightings import seen

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


WATCH = "watch: {tell: ml-lead}\n"


def look(weeks: Weeks, severity: str, day: float) -> None:
    """A monitor's look, kept and told as the homes do."""
    begun = weeks.now - timedelta(days=10)
    at = (begun + timedelta(days=day)).isoformat()
    keeping.keep(weeks.there.chat.around, seen(severity, at=at))


def test_what_is_open_in_production_is_read_with_its_issue(weeks: Weeks) -> None:
    weeks.there.chat.here.github.commit(REPOSITORY, {"assay.yml": POLICY + OBJECTIVE + WATCH})
    reader = read(weeks, POLICY + OBJECTIVE + WATCH)
    assert reader.production() == (Production(), ())
    look(weeks, "none", 9.8)
    found, _ = reader.production()
    assert len(found.looks) == 1 and found.issue is None
    look(weeks, "high", 9.9)
    (issue,) = weeks.there.gateway.issues("assay: monitor", "open")
    found, notes = reader.production()
    assert (len(found.looks), found.issue, notes) == (2, issue.number, ())
    (risk,) = reader.pulse().risks or ()
    assert (risk.kind, risk.number, risk.owner) == (Kind.DRIFT, issue.number, "the role ml-lead")


def test_a_history_that_somebody_spoiled_is_named_and_keeps_nothing_else_away(weeks: Weeks) -> None:
    weeks.there.chat.here.github.commit(REPOSITORY, {path("flight-delay"): "spoiled\n"}, branch=BRANCH)
    found = read(weeks, POLICY + OBJECTIVE + WATCH).pulse()
    assert any("line 1 cannot be read" in each for each in found.notes) and found.standings


def test_without_a_watch_nothing_is_asked_about_production(weeks: Weeks) -> None:
    weeks.there.chat.here.github.forget_requests()
    assert read(weeks).production() == (Production(), ())
    assert weeks.asked == []
