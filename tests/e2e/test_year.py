"""A year of a project in both homes, with the clock in hand: what is told when, what is started once, how little noise it is."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.e2e.homes import HOMES
from tests.e2e.year import LOOK, SWEEP, WEEK, Shown, Year, day, lived, plain

pytestmark = pytest.mark.slow
PROPOSAL = 4
"""The number of the one pull request."""


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Year]:
    """The year in each home, lived once."""
    return {name: lived(name, tmp_path_factory.mktemp(name)) for name in HOMES}


@pytest.fixture(params=list(HOMES))
def year(years: Mapping[str, Year], request: pytest.FixtureRequest) -> Year:
    """The year in one of them."""
    return years[request.param]


def watched(year: Year, text: str) -> Shown:
    """The issue about production at the end of a day."""
    found = year.on(text).watched
    assert found is not None, text
    return found


def outlook(year: Year, text: str) -> str:
    """How the objective stood at the end of a day: the same in the pulse and in its milestone."""
    page = year.on(text)
    assert page.pulse is not None and page.milestone is not None
    (found,) = [each for each in ("too little history", "on track", "at risk", "missed") if f"**{each}" in page.pulse.body]
    assert f"**{found}" in page.milestone[2]
    return found


def test_while_all_is_well_there_is_no_issue_and_the_pulse_is_written_once_a_week_and_not_a_second_sooner(year: Year) -> None:
    assert year.on("07-04").watched is None and year.on("07-04").started == 0
    written = [each for each in year.written("pulse") if each < day("07-05")]
    assert written == [day("01-04") + SWEEP + week * WEEK for week in range(26)]
    assert [each.at for each in year.diary if day("01-11") + LOOK < each.at < day("01-12")] == [
        day("01-11") + SWEEP - timedelta(seconds=1),
        day("01-11") + SWEEP,
    ]
    assert [outlook(year, each) for each in ("01-04", "03-01", "05-03", "06-28")] == [
        *["too little history"] * 2,
        *["on track"] * 2,
    ]


def test_july_opens_one_issue_whose_trend_grows_and_which_rises_once_and_starts_one_training(year: Year) -> None:
    opened = watched(year, "07-05")
    assert opened.opened == "2027-07-05T06:00:00Z", "the clock of GitHub is moved too"
    assert (opened.title, opened.comments) == ("flight-delay in production: severity medium", ())
    assert "For @carol." in opened.body and year.on("07-05").started == 0
    bodies = [watched(year, each).body for each in ("07-05", "07-12", "07-19")]
    assert [f"▁{grown}`" in body for grown, body in zip(("▅", "▅▅", "▅▅█"), bodies, strict=True)] == [True] * 3
    assert ["1.2]" in bodies[0], "1.2, 1.6]" in bodies[1], "1.2, 1.6, 2]" in bodies[2]] == [True] * 3
    assert watched(year, "07-12").comments == () and year.on("07-18").started == 0

    risen = watched(year, "07-19")
    (said,) = risen.comments
    assert said.startswith("The severity rose to **high**, seen at 2027-07-19 06:00 UTC.") and said.endswith("For @carol.")
    assert "is 0.6" in said and set(risen.labels) == {"assay: monitor", "severity: high"}
    assert year.on("07-19").started == year.on("12-27").started == 1
    (order,) = year.left["started"]
    assert order["because"] == "the severity in production rose to high, seen at 2027-07-19 06:00 UTC"
    assert f"was started; the run is called `{order['request']}`" in risen.body


def test_what_was_trained_anew_is_merged_three_clean_looks_close_the_issue_and_what_comes_back_opens_the_same(year: Year) -> None:
    assert year.on("07-20").merged is None and str(year.on("07-21").merged).startswith("2027-07-21T")
    assert watched(year, "07-26").title.endswith("severity medium") and watched(year, "07-26").comments[1:] == ()
    assert [watched(year, each).state for each in ("08-02", "08-09", "08-16", "08-23")] == ["open", "open", "closed", "closed"]
    assert "2 of 3 clean looks" in watched(year, "08-09").body
    again = watched(year, "08-30")
    assert (again.number, again.state) == (watched(year, "07-05").number, "open")
    assert again.comments[-1].startswith("The severity rose to **medium**, seen at 2027-08-30")
    assert "| training |" not in again.body, "only what is high trains it anew"
    assert watched(year, "09-20").state == "closed"


def test_what_a_training_cost_is_told_in_its_month_and_in_the_next(year: Year) -> None:
    bodies = [str(getattr(year.on(each).pulse, "body", "")) for each in ("07-26", "08-02", "09-07")]
    assert "| July 2027, so far | 2 | 60 | 30.00 USD |" in bodies[0]
    assert "| August 2027, so far | 0 | 0 | 0 USD |" in bodies[1] and "| July 2027 | 2 | 60 | 30.00 USD |" in bodies[1]
    assert "July 2027" not in bodies[2]


def test_a_silent_monitor_is_told_once_as_soon_as_it_is_late_and_taken_back_by_the_next_look(year: Year) -> None:
    edge = day("10-12") + LOOK
    before = [each for each in year.diary if day("10-04") + SWEEP < each.at <= edge]
    assert len(before) == 4 and {each.watched for each in before} == {watched(year, "10-04")}
    (late,) = [each.watched for each in year.diary if each.at == edge + timedelta(seconds=1)]
    assert late is not None and late.state == "open" and "assay: nobody looks" in late.labels
    assert late.title == "flight-delay in production: nobody looked since 2027-10-04 06:00 UTC"
    assert late.comments[-1].startswith("- `monitor`: nobody looked at production since `2027-10-04 06:00 UTC`")
    assert late.comments[-1].endswith("For @carol.")
    assert {each.watched for each in year.diary if edge < each.at < day("10-25")} == {late}
    back = watched(year, "10-25")
    assert back.comments == (*late.comments, "It was looked at again at 2027-10-25 06:00 UTC.")
    assert back.state == "closed" and "assay: nobody looks" not in back.labels


def test_the_pulse_names_what_is_open_in_production_until_it_is_over(year: Year) -> None:
    bodies = {each: str(getattr(year.on(each).pulse, "body", "")) for each in ("06-28", "07-05", "08-16", "10-13", "11-01")}
    assert [each for each, body in bodies.items() if "finding in production" in body] == ["07-05"]
    assert [each for each, body in bodies.items() if "production unwatched, overdue" in body] == ["10-13"]


def test_no_sweep_has_anything_to_complain_of_but_that_nobody_looks(year: Year) -> None:
    quiet = ("0 commands taken up, 0 pull requests seen to", "0 commands taken up, 1 pull requests seen to")
    loud = {f"{at:%m-%d %H:%M}": said for at, said in year.swept if said not in quiet}
    late = f"{quiet[0]}; flight-delay: severity none, and nobody looks any more; issue #3, "
    again = dict.fromkeys(("10-12 07:00", "10-13 07:00", "10-18 07:00", "10-24 07:00"), f"{late}which is as it should be")
    assert loud == {"10-12 06:00": f"{late}reopened", **again}


def test_an_objective_is_at_risk_by_a_version_and_missed_the_moment_its_day_is_over(year: Year) -> None:
    assert [outlook(year, each) for each in ("09-06", "09-07", "11-17", "11-18")] == ["on track", "at risk", "at risk", "missed"]
    of_turn = [each for each in year.written("pulse") if each.weekday() != 0]
    silence = day("10-12") + LOOK + timedelta(seconds=1)
    next_turn = day("10-24") + SWEEP  # the first sweep a week after that
    # By the new version, by nobody looking, and at midnight UTC.
    assert of_turn == [day("09-07") + SWEEP, silence, next_turn, day("11-18")]
    assert year.on("11-17").at == day("11-18") - timedelta(seconds=1)
    last = year.on("12-27").milestone
    assert last is not None and last[:2] == ("open", "2027-11-17") and "🔴 **missed**" in last[2]


def test_in_a_whole_year_people_are_told_seven_times_of_production_and_once_that_there_is_a_pulse(year: Year) -> None:
    assert year.turns("watched") == [
        "07-05 open 0",
        "07-19 open 1",
        "08-16 closed 2",
        "08-30 open 3",
        "09-20 closed 4",
        "10-12 open 5",
        "10-25 closed 6",
    ]
    assert year.turns("pulse") == ["01-04 open 0"]
    looks, written = 50, {each: year.written(each) for each in ("watched", "pulse")}
    monitor, pulse = watched(year, "12-27").number, getattr(year.on("12-27").pulse, "number", 0)
    expected = {
        "POST /issues": 2,
        f"POST /issues/{monitor}/comments": 6,
        f"PATCH /issues/{monitor}": len(written["watched"]) - 1,
        f"PATCH /issues/{pulse}": len(written["pulse"]) - 1,
        "POST /actions/workflows/assay-retrain.yml/dispatches": 1,
        "POST /pulls": 1,
        f"POST /issues/{PROPOSAL}/comments": 2,
        f"PUT /pulls/{PROPOSAL}/merge": 1,
        "POST /milestones": 1,
        "PATCH /milestones/1": 5,
    }
    assert {each: year.asked[each] for each in expected} == expected
    (history,) = [count for each, count in year.asked.items() if each.startswith("PUT /contents/flight-delay-")]
    assert history == looks + 2, "each look, that a training is about to be started, and that it was"
    assert (len(written["watched"]), len(written["pulse"])) == (25, 52)


def test_whatever_reaches_the_bot_once_more_changes_nothing(year: Year) -> None:
    assert {each[0] for each in year.again} == {"sight", "sweep", "propose", "hear"}
    assert year.rewritten == [] and year.once_more == year.left


def test_both_homes_leave_the_same(years: Mapping[str, Year]) -> None:
    jobs, service = years["jobs"], years["service"]
    # GitHub starts no check for what a job's own token opened, so a person is asked to.
    asks = ["closes this pull request and opens it again" in proposal(each).body for each in (jobs, service)]
    assert asks == [True, False]
    others = [[each for each in one.left["issues"] if each.number != PROPOSAL] for one in (jobs, service)]
    assert plain(others[0]) == plain(others[1]) and proposal(jobs).title[:20] == proposal(service).title[:20]
    assert plain(proposal(jobs).comments) == plain(proposal(service).comments)
    for what in ("milestones", "checks", "started", "reactions"):
        assert plain(jobs.left[what]) == plain(service.left[what]), what
    for what in ("watched", "pulse"):
        assert jobs.written(what) == service.written(what) and jobs.turns(what) == service.turns(what)


def proposal(year: Year) -> Shown:
    """The one pull request at the end."""
    (found,) = [each for each in year.left["issues"] if each.number == PROPOSAL]
    return found
