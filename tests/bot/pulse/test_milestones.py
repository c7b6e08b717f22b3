"""Each objective is one milestone: made once, kept current, closed when it is reached; what people made stays as they left it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.milestones import Milestone
from bot.pulse import milestones
from policy.objectives import Objective
from policy.problems import OutsideProblem
from policy.pulse.forecast import Forecast, Outlook
from policy.pulse.pulse import Standing
from policy.pulse.series import Series
from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import ME, REPOSITORY
from tests.bot.promotion.court import POLICY
from tests.bot.pulse.test_rolling import OBJECTIVE, WEEK, Weeks, weeks
from tests.loopback.state import Milestone as Kept

__all__ = ["here", "weeks"]

TITLE = "better"


def kept(weeks: Weeks) -> list[Kept]:
    return list(weeks.there.chat.here.github.repository(REPOSITORY).milestones.values())


def written(weeks: Weeks) -> list[str]:
    return [each for each in weeks.asked if "/milestones" in each and not each.startswith("GET")]


def test_an_objective_becomes_a_milestone_that_says_how_it_stands(weeks: Weeks) -> None:
    weeks.keep()
    (made,) = kept(weeks)
    assert (made.title, made.state, str(made.due_on)[:10]) == (TITLE, "open", "2099-12-31")
    assert "`accuracy` is to be ≥ 0.95 by 2099-12-31" in str(made.description) and "**on track**" in str(made.description)
    assert str(made.description).endswith(" -->") and len(written(weeks)) == 1


def test_ap_01_unchanged_it_is_listed_once_with_the_pulse_and_not_at_all_between(weeks: Weeks) -> None:
    weeks.keep()
    weeks.later(timedelta(hours=1))
    assert weeks.keep() is None and not any("/milestones" in each for each in weeks.asked)
    weeks.there.policy(POLICY + "pulse: {}\n" + OBJECTIVE.replace("2099", "2020"))
    weeks.later(WEEK)
    weeks.keep()
    assert len(written(weeks)) == 1 and "**missed**" in str(kept(weeks)[0].description) and kept(weeks)[0].state == "open"
    weeks.later(WEEK)
    assert weeks.keep() and written(weeks) == []
    assert len([each for each in weeks.asked if "/milestones" in each]) == 1


def test_it_is_closed_when_it_is_reached_and_opened_again_when_it_is_not(weeks: Weeks) -> None:
    for target, state in (("0.95", "open"), ("0.5", "closed"), ("0.95", "open")):
        weeks.there.policy(POLICY + OBJECTIVE.replace("0.95", target))
        weeks.later(WEEK)
        weeks.keep()
        assert [each.state for each in kept(weeks)] == [state]


def test_what_people_did_to_it_is_mended_with_the_next_pulse(weeks: Weeks) -> None:
    weeks.keep()
    (made,) = kept(weeks)
    before = (made.title, made.description, made.state, made.due_on)
    made.title, made.state, made.due_on = "worse", "closed", None
    made.description = "It is fine.\r\n" + str(made.description)
    weeks.later(WEEK)
    weeks.keep()
    assert (made.title, str(made.description).split("\n")[0], made.state, made.due_on) == (
        before[0], str(before[1]).split("\n")[0], before[2], before[3]
    )  # fmt: skip


def test_an_objective_that_is_gone_has_its_milestone_closed_and_one_that_comes_back_has_it_again(weeks: Weeks) -> None:
    weeks.keep()
    weeks.there.policy(POLICY + OBJECTIVE.replace("name: better", "name: other"))
    weeks.later(WEEK)
    weeks.keep()
    assert [(each.title, each.state) for each in kept(weeks)] == [(TITLE, "closed"), ("other", "open")]
    weeks.there.policy(POLICY + OBJECTIVE)
    weeks.later(WEEK)
    weeks.keep()
    assert [each.state for each in kept(weeks)] == ["open", "closed"]
    weeks.there.policy(POLICY + "pulse: {}\n")
    weeks.later(WEEK)
    weeks.keep()
    assert {each.state for each in kept(weeks)} == {"closed"}


@pytest.mark.parametrize("login", ["eve", "github-actions[bot]"])
def test_az_a_milestone_of_that_title_that_is_not_ours_is_left_alone_and_the_issue_says_so(weeks: Weeks, login: str) -> None:
    github = weeks.there.chat.here.github
    text = milestones.marker(TITLE) if login == "eve" else "by hand"
    at = "2026-01-01T00:00:00Z"
    theirs = Kept(7, 1, TITLE, text, github.user(login), at, at)
    github.repository(REPOSITORY).milestones[1] = theirs
    weeks.keep()
    assert kept(weeks) == [theirs] and theirs.description == text and written(weeks) == []
    assert "is not of Assay, so that objective has none" in weeks.issues[0].body


def test_the_policy_may_do_without(weeks: Weeks) -> None:
    weeks.there.policy(POLICY + OBJECTIVE + "pulse: {milestones: false}\n")
    assert weeks.keep() and kept(weeks) == [] and not any("/milestones" in each for each in weeks.asked)


def test_where_the_registry_does_not_answer_they_stay_as_they_are(weeks: Weeks) -> None:
    weeks.keep()
    before = replace(kept(weeks)[0])
    weeks.there.chat.around = replace(weeks.there.chat.around, registry=None)
    weeks.later(WEEK)
    assert weeks.keep() and kept(weeks) == [before]


@pytest.mark.parametrize(
    ("method", "said"), [("GET", "Milestones could not be read"), ("POST", "The milestone better could not be kept")]
)
def test_where_they_may_not_be_kept_the_issue_says_so(weeks: Weeks, method: str, said: str) -> None:
    weeks.there.chat.here.github.fail("permission", method, "/milestones", times=None)
    assert weeks.keep() and said in weeks.issues[0].body


def test_where_github_fails_it_is_made_by_the_next_sweep_and_once(weeks: Weeks) -> None:
    weeks.there.chat.here.github.fail("status", "POST", "/issues", times=None, status=500)
    with pytest.raises(OutsideProblem):
        weeks.keep()
    weeks.there.chat.here.github.faults.clear()
    assert weeks.keep() and len(kept(weeks)) == 1 and written(weeks) == []


# --- the decision is pure, and settles ---

NAMES = ("one", "two", "Two", "three")
OUTLOOKS = st.sampled_from(list(Outlook))


def standing(name: str, outlook: Outlook) -> Standing:
    wanted = Objective(name=name, metric="accuracy", target=0.9, by=date(2027, 3, 31), owner="carol")
    return Standing(wanted, "higher", Series((), ()), Forecast(outlook, None))


def carried_out(present: Sequence[Milestone], standings: Sequence[Standing]) -> list[Milestone]:
    found = {each.number: each for each in present}
    for each in milestones.decide(present, standings, ME):
        assert each.number is None or ME.wrote(found[each.number])
        number = each.number or max(found, default=0) + 1
        assert not any(other.title.casefold() == each.title.casefold() and other.number != number for other in found.values())
        found[number] = Milestone(number, each.title, each.description, each.state, each.due, ME.id, ME.login)
    return list(found.values())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["one", "two", "three"]), OUTLOOKS, max_size=3), min_size=1, max_size=5),
    st.sets(st.sampled_from(NAMES), max_size=2),
)
def test_whatever_objectives_come_and_go_what_was_written_is_not_written_again(
    policies: list[dict[str, Outlook]], theirs: set[str]
) -> None:
    strangers = [Milestone(index, name, milestones.marker(name), "open", None, 9, "eve") for index, name in enumerate(theirs, 1)]
    titles = {each.title.casefold() for each in strangers}
    present = [each for index, each in enumerate(strangers) if each.title.casefold() not in
               {other.title.casefold() for other in strangers[:index]}]  # fmt: skip
    begun = list(present)
    for policy in policies:
        standings = [standing(name, outlook) for name, outlook in policy.items()]
        present = carried_out(present, standings)
        assert milestones.decide(present, standings, ME) == []
        assert [each for each in present if not ME.wrote(each)] == begun
        open_now = {each.title for each in present if ME.wrote(each) and each.state == "open"}
        assert open_now == {name for name, outlook in policy.items() if outlook is not Outlook.REACHED and name not in titles}
        assert len(milestones.taken(present, standings, ME)) == len([name for name in policy if name in titles])
