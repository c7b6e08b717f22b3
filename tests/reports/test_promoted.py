"""What came of a promotion is told with what to do next, and nothing of it that others wrote does more than be read."""

from datetime import UTC, datetime

import pytest

from policy import digests
from policy.authorization import Authorization
from reports.promoted import record, review, review_title
from tests.policy.test_digests import SUBJECT

RUN = "https://github.example/acme/flights/actions/runs/4711"
LEAVE = Authorization(
    subject=SUBJECT,
    bind="commit",
    digest=digests.digest(SUBJECT),
    expected=11,
    approvers=(1,),
    lock=1,
    run=4711,
    at=datetime(2026, 5, 1, tzinfo=UTC),
)


def test_a_promotion_says_from_where_to_where_and_where_it_runs() -> None:
    shown = record(LEAVE, "promoted", 12, "", RUN, "https://models.example/delay").source
    assert shown.startswith("### 🟢 `flight-delay` `12`: promoted for `production`")
    assert "The alias `production` points to version 12; before, it pointed to version 11." in shown
    assert "(<https://models.example/delay>)" in shown and f"(<{RUN}>)" in shown and "emergency" not in shown


def test_the_first_promotion_moves_it_from_nothing() -> None:
    shown = record(LEAVE.model_copy(update={"expected": None}), "promoted", 12, "", RUN).source
    assert "before, it pointed to nothing" in shown


@pytest.mark.parametrize("state, heading", [("refused", "not promoted"), ("unknown", "nobody can tell")])
def test_what_did_not_go_well_says_what_is_left_and_how_to_finish(state: str, heading: str) -> None:
    shown = record(LEAVE, state, 11, "@acme/all look: <img src=x> `", RUN).source  # type: ignore[arg-type]
    assert shown.startswith("### 🔴") and heading in shown
    assert "points to version 11, as it did before" in shown and "/promote flight-delay@12 to production" in shown
    line = next(each for each in shown.splitlines() if "acme" in each)
    assert "`` @acme/all look: <img src=x> ` ``" in line or line.startswith("`")


def test_an_emergency_is_red_and_its_review_names_it_alone() -> None:
    glass = LEAVE.model_copy(update={"glass": True})
    assert "an issue asks for its review" in record(glass, "promoted", 12, "", RUN).source
    assert f"#{SUBJECT.request}" in review(glass).source and glass.digest in review(glass).source
    assert review_title(glass) == "Review the emergency promotion of flight-delay 12 to production"
