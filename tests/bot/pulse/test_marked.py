"""The hidden first line says what was there at the last writing, and only what we wrote is read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.pulse.marked import TITLE, Noted, is_pulse, looking_bad, read, standing
from policy.ledger import Decision
from policy.pulse.pulse import Pulse, Sources, compose
from policy.pulse.risks import Risk, register
from reports.markdown import Markdown
from tests.policy.pulse.diary import Diary, at
from tests.policy.pulse.test_pulse import POLICY, VERSIONS

WAIVED = Diary().add(Decision.WAIVED, 1, gate="roc_auc", inputs={"until": "2026-01-20"})


def pulse(diary: Diary, day: float) -> Pulse:
    return compose(POLICY, Sources(diary.kept, VERSIONS), at(day))


def risks(diary: Diary, day: float) -> list[Risk]:
    return register(diary.kept, POLICY.environments, at(day))


def test_what_is_written_is_read_again() -> None:
    noted = Noted.of(pulse(WAIVED, 30), 3)
    assert noted.open and noted.overdue == noted.open and noted.version == 3
    assert read(noted.body(Markdown("text\n<!-- more -->"))) == noted


@pytest.mark.parametrize(
    "source",
    [
        "",
        "text",
        "<!-- assay:pulse v1 {} -->",
        '<!-- assay:pulse v1 {"at": "2026-01-01", "version": 1} -->',
        '<!-- assay:pulse v1 {"at": "2026-01-01T00:00:00Z", "version": "1"} -->',
        '<!-- assay:pulse v1 {"at": "2026-01-01T00:00:00Z", "version": 1, "open": [1]} -->',
        '<!-- assay:pulse v1 {"at": "2026-01-01T00:00:00Z", "version": 1, "more": []} -->',
        '<!-- assay:pulse v1 {"at": "2026-01-01T00:00:00Z", "version": 1} --> more',
        ' <!-- assay:pulse v1 {"at": "2026-01-01T00:00:00Z", "version": 1} -->',
    ],
)
def test_what_is_no_marker_of_ours_is_none(source: str) -> None:
    assert read(source) is None


def test_a_moment_that_is_still_to_come_is_remembered_by_nobody() -> None:
    noted = Noted.of(pulse(WAIVED, 30), 3)
    text = noted.body(Markdown("text"))
    assert standing(text, at(30)) == standing(text, at(30) - timedelta(hours=1)) == noted
    assert standing(text, at(30) - timedelta(hours=1, seconds=1)) is None is standing("text", at(30))


def test_an_issue_is_the_pulse_by_its_first_line_and_by_its_title_where_that_was_spoiled() -> None:
    text = Noted.of(pulse(WAIVED, 30), 3).body(Markdown("text"))
    assert is_pulse("How we do", text) and is_pulse(TITLE, text[1:]) and is_pulse(TITLE, "")
    assert not is_pulse("How we do", text[1:]) and not is_pulse(TITLE, text.replace("assay:pulse", "assay:monitor"))


def test_something_new_is_worse_and_so_is_what_became_overdue_and_nothing_else_is() -> None:
    noted = Noted.of(pulse(WAIVED, 2), 3)
    assert not noted.is_worse(risks(WAIVED, 15), at(15)) and noted.is_worse(risks(WAIVED, 25), at(25))
    later = Diary(list(WAIVED.kept)).add(Decision.LOCKED, 3)
    assert noted.is_worse(risks(later, 4), at(4)) and not noted.is_worse([], at(4))
    assert not Noted.of(pulse(WAIVED, 25), 3).is_worse(risks(WAIVED, 26), at(26))


def test_an_objective_looks_bad_by_its_name_and_how() -> None:
    far = POLICY.model_copy(update={"objectives": [POLICY.objectives[0].model_copy(update={"target": 9.0})]})
    at_risk = compose(far, Sources([], VERSIONS), at(180))
    missed = replace(compose(far, Sources([], VERSIONS), datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=1)))
    assert looking_bad(pulse(WAIVED, 180)) == ()
    assert len({*looking_bad(at_risk), *looking_bad(missed)}) == 2
