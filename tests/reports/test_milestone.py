"""An objective reads well as a milestone, and its name can do nothing there."""

from dataclasses import replace

from policy.pulse.forecast import Outlook
from policy.pulse.pulse import Sources, Standing, compose
from reports import milestone as drawn
from tests.policy.pulse.diary import at
from tests.policy.pulse.test_pulse import LEDGER, POLICY, VERSIONS
from tests.reports.test_pulse import HOSTILE


def standing(versions: int = 3) -> Standing:
    (found, *_) = compose(POLICY, Sources(LEDGER, VERSIONS[:versions]), at(180)).standings or ()
    return found


def test_it_says_what_is_asked_for_where_it_stands_and_what_is_expected() -> None:
    asked, stands, end = drawn.description(standing()).source.split("\n\n")
    assert asked == "`roc_auc` is to be ≥ 0.8 by 2026-12-31, seen to by `carol`."
    assert stands.startswith("🟢 **on track**: now 0.73; expected then: ") and stands.endswith(" likely.")
    assert "Kept by Assay" in end


def test_too_little_history_and_none_are_said() -> None:
    assert "2 of the 3 versions that a forecast needs." in drawn.description(standing(2)).source
    assert "no version has it yet; expected then: 0 of the 3" in drawn.description(standing(0)).source


def test_what_is_over_expects_nothing() -> None:
    found = standing()
    missed = replace(found, forecast=replace(found.forecast, outlook=Outlook.MISSED, expected=None))
    assert "🔴 **missed**: now 0.73.\n" in drawn.description(missed).source


def test_a_name_that_others_chose_is_a_plain_title_and_can_do_nothing_in_the_text() -> None:
    found = standing()
    objective = found.objective.model_copy(
        update={"name": f"{HOSTILE}\n{HOSTILE}", "metric": HOSTILE, "owner": HOSTILE, "where": {HOSTILE: HOSTILE}}
    )
    said = drawn.description(replace(found, objective=objective)).source
    assert "<!--" not in said and "\u202e" not in said
    title = drawn.title(objective)
    assert title.isprintable() and "\n" not in title and len(title) <= 100
