"""One issue for a model: opened, kept current, worse, closed, opened again; by two at once, forged, edited, and never noisy."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.gateway.requesting import RequestGateway
from bot.gateway.sightings import SightingGateway
from bot.monitoring import keeping, noted
from bot.monitoring.keeping import _Keeping
from bot.monitoring.noted import LABEL, LATE
from policy.problems import OutsideProblem, UserProblem
from policy.vigil_history import BRANCH
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.monitoring.production import POLICY, Production, production
from tests.policy.sightings import MODEL, seen


def test_the_life_of_an_issue(there: Production) -> None:
    assert there.look("none").said == f"{MODEL}: severity none; no issue" and there.issues == []
    told = there.look("medium")
    assert told.did == "opened" and told.plain["issue"] == there.issue.number
    assert there.issue.title == f"{MODEL} in production: severity medium"
    assert set(there.issue.labels) == {LABEL, "severity: medium"} and "For @alice, @acme/ml." in there.issue.body
    assert there.look("medium").did == "updated" and there.said == []
    assert there.look("high").did == "told"
    (rose,) = there.said
    assert rose.startswith("The severity rose to **high**") and "@alice" in rose
    assert set(there.issue.labels) == {LABEL, "severity: high"}
    assert there.look("medium", "high", "none", "low").did == "updated" and len(there.said) == 1
    assert "2 of 3 clean looks" in there.issue.body and there.issue.state == "open"
    assert there.look("none").did == "closed" and there.issue.state == "closed"
    assert there.said[-1].startswith("3 clean looks in a row") and "@" not in there.said[-1]
    assert there.look("none", "none").did == "updated" and there.issue.state == "closed" and len(there.said) == 2
    assert there.look("medium").did == "reopened" and there.issue.state == "open"
    assert there.said[-1].startswith("The severity rose to **medium**") and len(there.said) == 3
    assert len(there.history) == 12


def test_ap_01_an_unchanged_repetition_writes_nothing_and_takes_three_requests(there: Production) -> None:
    there.look("none", "high")
    there.here.github.forget_requests()
    assert there.keep(seen("high", 1)).did == "nothing"
    assert there.written == [] and len(there.here.github.requests) <= 3


def test_a_first_opening_takes_no_more_than_twelve_requests(there: Production) -> None:
    there.look("high")
    assert len(there.here.github.requests) <= 11  # and one for the repository, where the event does not tell


def test_two_writers_at_once_lose_nothing_and_open_one_issue(there: Production) -> None:
    sightings = [seen("high", each) for each in range(6)]
    there.day = 6
    problems: list[Exception] = []

    def write(number: int) -> None:
        token = there.here.as_token(there.here.github.token(REPOSITORY, "write"))
        try:
            keeping.keep(replace(there.around, gateway=SightingGateway.of(token)), sightings[number])
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=write, args=(each,)) for each in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert problems == [] and len(there.history) == 6
    there.keep(sightings[0])
    assert len([each for each in there.issues if each.state == "open"]) == 1
    newest = noted.read(there.issues[0].body)
    assert newest is not None and newest.at == sightings[-1].at


def test_tt_01_an_older_look_is_kept_and_never_shown_over_a_newer_one(there: Production) -> None:
    there.look("none", "high")
    body = there.issue.body
    there.keep(seen("none", 0.5))
    assert len(there.history) == 3 and there.issue.title.endswith("severity high")
    shown, before = noted.read(there.issue.body), noted.read(body)
    assert shown is not None and before is not None and shown.at == before.at


def test_whoever_is_overtaken_between_reading_and_writing_leaves_the_issue_alone(there: Production) -> None:
    there.look("medium", "high")
    there.here.github.forget_requests()
    rules = keeping._policy(there.gateway, "main")
    assert rules is not None
    older = _Keeping.of(there.around, there.gateway, rules, there.history[:1])
    assert older.run().did == "overtaken" and there.written == []


# --- others ---


def test_az_an_issue_that_somebody_else_wrote_with_our_marker_is_theirs(there: Production) -> None:
    there.look("high")
    forged = there.here.github.issue(REPOSITORY, title="mine", body=there.issue.body)
    forged.labels.append(LABEL)
    there.here.github.repository(REPOSITORY).issues[forged.number].author = there.here.github.user("eve")
    body = forged.body
    there.look("none", "medium")
    assert forged.body == body and forged.state == "open" and there.here.github.comments(REPOSITORY, forged.number) == []


def test_a_comment_that_somebody_else_wrote_with_our_marker_silences_nothing(there: Production) -> None:
    there.look("medium")
    there.here.github.fail("status", "PATCH", "/issues", status=500, times=None)
    with pytest.raises(OutsideProblem):
        there.look("high")
    there.here.github.faults.clear()
    ours = there.here.github.comments(REPOSITORY, there.issue.number)[0]
    ours.author = there.here.github.user("eve")
    there.keep(seen("high", 1))
    assert len(there.said) == 2


def test_after_a_crash_what_was_told_is_not_told_again(there: Production) -> None:
    there.look("medium")
    there.here.github.fail("status", "PATCH", "/issues", status=500, times=None)
    with pytest.raises(OutsideProblem):
        there.look("high")
    there.here.github.faults.clear()
    assert len(there.said) == 1 and there.keep(seen("high", 1)).did == "updated"
    assert len(there.said) == 1 and there.issue.title.endswith("high") and len(there.history) == 2


@pytest.mark.parametrize("ruin", ["", "gone", "<!-- assay:monitor v1 {} -->\nx", None])
def test_what_people_edit_is_restored_and_what_they_say_stays(there: Production, ruin: str | None) -> None:
    there.look("none", "high")
    body, issue = there.issue.body, there.issue
    issue.body, issue.title = f"{body}\nIt is fine." if ruin is None else ruin, "fine"
    for label in ("team: pricing", "severity: low"):
        there.gateway.add_label(issue.number, label)
    there.here.github.comment(REPOSITORY, issue.number, "I look at it.", "mona")
    there.keep(seen("high", 1))
    assert (issue.body, issue.title) == (body, f"{MODEL} in production: severity high")
    assert set(issue.labels) == {LABEL, "severity: high", "team: pricing"} and "I look at it." in there.said
    assert len(there.issues) == 1


def test_a_note_that_claims_a_moment_to_come_holds_nothing_up(there: Production) -> None:
    there.look("high")
    there.issue.body = there.issue.body.replace("2026-07-01T", "2999-07-01T")
    there.look("none")
    assert "2999" not in there.issue.body and there.issue.title.endswith("nothing found")


def test_who_closes_it_while_it_lasts_has_read_it_and_hears_of_it_when_it_gets_worse(there: Production) -> None:
    there.look("medium")
    RequestGateway.of(there.gateway).close_issue(there.issue.number, "completed")
    assert there.look("medium").did == "updated" and there.issue.state == "closed"
    assert there.look("high").did == "reopened" and there.issue.state == "open"


def test_who_opens_it_again_after_it_was_over_may_keep_it_open(there: Production) -> None:
    there.look("medium", "none", "none", "none")
    RequestGateway.of(there.gateway).reopen_issue(there.issue.number)
    there.look("none")
    assert there.issue.state == "open" and len(there.said) == 1


def test_of_several_issues_the_oldest_stays(there: Production) -> None:
    there.look("high")
    first = there.issue
    RequestGateway.of(there.gateway).open_issue("copy", first.body, [LABEL])
    there.look("high")
    assert [each.state for each in there.issues] == ["open", "closed"]
    assert f"See #{first.number}." in there.here.github.comments(REPOSITORY, there.issues[1].number)[0].body


def test_the_issue_is_found_behind_pages_of_others(there: Production) -> None:
    there.look("medium")
    for _ in range(120):
        there.here.github.issue(REPOSITORY).labels.append(LABEL)
    assert there.look("high").issue == there.issues[0].number and there.issues[0].title.endswith("high")


# --- nobody looks ---


def test_where_nobody_looks_any_more_it_is_told_once_and_ends_when_somebody_does(there: Production) -> None:
    there.look("none")
    there.day = 1.4
    assert there.sweep() is not None and there.issues == []
    there.day = 1.6
    told = there.sweep()
    assert told is not None and told.late and told.did == "opened" and "nobody looks any more" in told.said
    assert LATE in there.issue.labels and "nobody looked since 2026-07-01 06:00 UTC" in there.issue.title
    assert "assay-monitor.yml" in there.issue.body and "@alice" in there.issue.body
    there.here.github.forget_requests()
    there.day = 9
    again = there.sweep()
    assert again is not None and again.did == "nothing" and there.written == []
    assert there.look("none").did == "closed"
    assert there.said == ["It was looked at again at 2026-07-10 06:00 UTC."]
    assert LATE not in there.issue.labels and there.issue.state == "closed"
    there.day = 15
    reopened = there.sweep()
    assert reopened is not None and reopened.did == "reopened"
    assert "nobody looked at production since" in there.said[-1] and "@alice" in there.said[-1]


def test_where_something_is_open_that_nobody_looks_is_a_finding_of_its_own(there: Production) -> None:
    there.look("high")
    there.day = 5
    told = there.sweep()
    assert told is not None and told.did == "told" and len(there.said) == 1
    assert "delay" in there.issue.body and "nobody looked at production since" in there.issue.body
    there.look("medium")
    assert there.issue.state == "open" and len(there.said) == 2 and there.issue.title.endswith("severity medium")


def test_a_sweep_says_nothing_where_nobody_ever_looked_or_the_policy_keeps_no_watch(here: Scene) -> None:
    quiet = production(here)
    quiet.day = 100
    assert quiet.sweep() is None and quiet.issues == []
    here.github.commit(REPOSITORY, {"assay.yml": "version: 1\n"})
    here.github.forget_requests()
    assert quiet.sweep() is None and len(here.github.requests) == 1


# --- what cannot be ---


def test_without_a_watch_nothing_is_kept(here: Scene) -> None:
    with pytest.raises(UserProblem, match="keeps no watch"):
        production(here, POLICY.replace("watch: {tell: lead}\n", "")).look("high")
    assert here.github.repository(REPOSITORY).git.ref(f"refs/heads/{BRANCH}") is None


def test_a_sighting_of_another_model_is_refused(there: Production) -> None:
    with pytest.raises(UserProblem, match="the policy's model is 'flight-delay'"):
        there.look("high", model="other")
    assert there.written == []


def test_a_sweep_of_a_silent_year_costs_three_requests(there: Production) -> None:
    there.look("none", "high")
    there.day += timedelta(days=365).days
    there.sweep()
    there.here.github.forget_requests()
    there.sweep()
    assert len(there.here.github.requests) == 3
