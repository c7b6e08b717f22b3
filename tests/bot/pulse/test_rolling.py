"""There is one issue that tells how the project does: written once a week, sooner only for the worse, by few requests."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import perform, sweeping
from bot.effects import Enter
from bot.gateway.requesting import Issue
from bot.monitoring import keeping
from bot.pulse import marked, rolling
from bot.pulse.marked import LABEL
from policy.facts.evaluation import EvaluationFacts, MetricFact
from policy.ledger import Decision, Draft, Subject
from policy.lineage import Step
from policy.problems import OutsideProblem, UserProblem
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import facts
from tests.bot.promotion.court import POLICY, Court, Shelf, court
from tests.loopback import clock as wall
from tests.policy.sightings import seen

OBJECTIVE = "objectives:\n  - {name: better, metric: accuracy, target: 0.95, by: 2099-12-31, owner: carol}\n"
WEEK = timedelta(days=7)
MOST, UNCHANGED = 12, 4


@dataclass
class Weeks:
    """The scene with a clock that only a test moves."""

    there: Court
    now: datetime = datetime(2026, 11, 26, 9, tzinfo=UTC)

    def keep(self) -> int | None:
        """One look; the number of the issue where it was written."""
        self.there.chat.here.github.forget_requests()
        return rolling.keep(self.there.chat.around)

    def later(self, span: timedelta) -> None:
        self.now += span

    @property
    def asked(self) -> list[str]:
        return self.there.chat.asked

    @property
    def issues(self) -> list[Issue]:
        return sorted(self.there.gateway.issues(LABEL, "all"), key=lambda each: each.number)

    def entered(self, key: str, decision: Decision, **more: object) -> None:
        """One more entry of the ledger."""
        about = Subject(model="flight-delay", version="3", environment="production", gate="roc_auc", number=30)
        draft = Draft(key=key, decision=decision, reason="told", repository=1, subject=about, inputs=more)  # type: ignore[arg-type]
        perform.perform(self.there.gateway, [Enter(draft, "mona", 7)])


class Dated(Shelf):
    """A registry whose versions were made ten days one after another."""

    def versions(self, model: str) -> list[Step]:
        began = datetime(2026, 10, 20, tzinfo=UTC)
        return [replace(each, created=began + timedelta(days=10 * each.version)) for each in super().versions(model)]


@pytest.fixture
def weeks(here: Scene, monkeypatch: pytest.MonkeyPatch) -> Weeks:
    """Three versions with facts, and an objective; GitHub's clock is the test's too."""
    made = Weeks(court(here, POLICY + OBJECTIVE))
    made.there.shelf = Dated(made.there.shelf.origins)
    monkeypatch.setattr(wall, "now", lambda: made.now)
    for number, value in enumerate((0.80, 0.82, 0.81), 1):
        known = EvaluationFacts(metrics=[MetricFact(metric="accuracy", source="metrics.json", head=value)])
        made.there.shelf.keep(number, facts().model_copy(update={"evaluation": known}))
    made.there.chat.around = replace(made.there.chat.around, registry=made.there.shelf, clock=lambda: made.now)
    return made


def test_where_nobody_asks_for_it_there_is_no_issue_and_one_request(here: Scene) -> None:
    for policy in (POLICY, POLICY + OBJECTIVE + "pulse: {issue: false}\n"):
        found = Weeks(court(here, policy))
        assert found.keep() is None and len(found.asked) == 1 and found.issues == []


def test_a_section_alone_asks_for_it(here: Scene) -> None:
    found = Weeks(court(here, POLICY + "pulse: {}\n"))
    assert found.keep() is not None and "### Objectives" not in found.issues[0].body


def test_it_is_opened_once_with_every_part_or_why_it_is_not_there(weeks: Weeks) -> None:
    number = weeks.keep()
    assert len(weeks.asked) <= MOST
    (found,) = weeks.issues
    assert found.number == number and found.title == "Project pulse" and found.labels == (LABEL,)
    assert "xychart-beta" in found.body and "**on track**" in found.body
    assert "- Risks could not be read: there is no ledger yet" in found.body


def test_an_hour_later_nothing_is_written_and_little_is_asked(weeks: Weeks) -> None:
    weeks.entered("locked", Decision.LOCKED)
    weeks.entered("incident", Decision.INCIDENT)
    weeks.keep()
    weeks.later(timedelta(hours=1))
    weeks.there.shelf.kept.clear()
    assert weeks.keep() is None
    assert len(weeks.asked) <= UNCHANGED, weeks.asked
    assert all(each.startswith("GET") or each.endswith("/graphql") for each in weeks.asked)


def test_a_week_later_it_is_written_anew_in_its_place(weeks: Weeks) -> None:
    number = weeks.keep()
    weeks.later(WEEK - timedelta(seconds=1))
    assert weeks.keep() is None
    weeks.later(timedelta(seconds=1))
    assert weeks.keep() == number and len(weeks.asked) <= MOST
    (found,) = weeks.issues
    noted = marked.read(found.body)
    assert noted and noted.at == weeks.now


def test_what_a_clock_that_was_wrong_wrote_holds_nothing_up(weeks: Weeks) -> None:
    weeks.later(timedelta(days=365))
    number = weeks.keep()
    weeks.later(timedelta(days=-365))
    assert weeks.keep() == number and weeks.keep() is None
    (found,) = weeks.issues
    noted = marked.read(found.body)
    assert noted and noted.at == weeks.now


def test_what_got_worse_is_written_at_once_and_only_once(weeks: Weeks) -> None:
    weeks.entered("before", Decision.HELD)
    number = weeks.keep()
    weeks.entered("waived", Decision.WAIVED, until="2026-11-28")
    weeks.later(timedelta(hours=1))
    assert weeks.keep() == number and weeks.keep() is None
    assert "waiver, ends soon" in weeks.issues[0].body
    weeks.later(timedelta(days=3))
    assert weeks.keep() == number and weeks.keep() is None
    assert "waiver, overdue" in weeks.issues[0].body


def test_what_is_found_in_production_is_written_at_once_and_only_once(weeks: Weeks) -> None:
    policy = POLICY + OBJECTIVE + "watch: {tell: ml-lead}\n"
    weeks.there.chat.here.github.commit(REPOSITORY, {"assay.yml": policy})
    weeks.entered("before", Decision.HELD)
    number = weeks.keep()
    keeping.keep(weeks.there.chat.around, seen("high", at=weeks.now.isoformat()))
    assert weeks.keep() == number and len(weeks.asked) <= MOST + 2
    assert "finding in production" in weeks.issues[-1].body
    assert weeks.keep() is None and len(weeks.asked) <= UNCHANGED + 2


def test_what_got_better_waits_for_its_week(weeks: Weeks) -> None:
    weeks.entered("locked", Decision.LOCKED)
    weeks.keep()
    weeks.entered("unlocked", Decision.UNLOCKED)
    assert weeks.keep() is None
    weeks.later(WEEK)
    assert weeks.keep() and "Nothing is open." in weeks.issues[0].body


def test_a_version_that_turns_an_objective_is_written_at_once(weeks: Weeks) -> None:
    weeks.there.policy(POLICY + OBJECTIVE.replace("2099-12-31", "2026-11-28"))
    last = weeks.there.shelf.origins.pop()
    assert weeks.keep() and "too little history" in weeks.issues[0].body
    weeks.there.shelf.origins.append(last)
    assert weeks.keep() and "**at risk**" in weeks.issues[0].body
    assert weeks.keep() is None
    weeks.later(timedelta(days=3))
    assert weeks.keep() and "**missed**" in weeks.issues[0].body
    assert weeks.keep() is None


def test_a_version_that_turns_nothing_waits_for_its_week(weeks: Weeks) -> None:
    last = weeks.there.shelf.origins.pop()
    weeks.keep()
    weeks.there.shelf.origins.append(last)
    assert weeks.keep() is None


def test_an_incident_whose_issue_was_closed_is_over(weeks: Weeks) -> None:
    opened = weeks.there.gateway.open_issue("moved", "<!-- a text of ours -->", ["assay: registry"])
    about = Subject(model="flight-delay", version="3", environment="production", number=opened.number)
    draft = Draft(key="i", decision=Decision.INCIDENT, reason="told", repository=1, subject=about)
    perform.perform(weeks.there.gateway, [Enter(draft, "mona", 7)])
    weeks.keep()
    assert "incident, overdue" in weeks.issues[0].body
    weeks.there.gateway.close_issue(opened.number, "completed")
    weeks.later(WEEK)
    assert weeks.keep() and "Nothing is open." in weeks.issues[0].body


def test_somebody_elses_issue_with_our_label_and_marker_is_none_of_ours(weeks: Weeks) -> None:
    here = weeks.there.chat.here
    weeks.keep()
    (mine,) = weeks.issues
    here.github.repository(REPOSITORY).issues[mine.number].author = here.github.user("eve")
    assert weeks.keep() not in (None, mine.number)


@pytest.mark.parametrize("ruin", ["", "It is fine.", "<!-- assay:pulse v1 {} -->\nIt is fine."])
def test_one_whose_first_line_somebody_spoiled_is_written_anew_and_stays_the_only_one(weeks: Weeks, ruin: str) -> None:
    number = weeks.keep()
    weeks.there.chat.here.github.repository(REPOSITORY).issues[number or 0].body = ruin
    assert weeks.keep() == number and weeks.keep() is None
    assert [marked.read(each.body) is not None for each in weeks.issues] == [True]


def test_an_issue_of_ours_about_something_else_is_left_alone_whoever_puts_the_label_on_it(weeks: Weeks) -> None:
    text = "<!-- assay:monitor v1 {} -->\nsaid"
    others = [weeks.there.gateway.open_issue(title, text, [LABEL]) for title in ("flight-delay in production", marked.TITLE)]
    assert weeks.keep() not in (None, *(each.number for each in others))
    assert [each.body for each in weeks.issues[:2]] == [text] * 2 and {each.state for each in weeks.issues} == {"open"}


def test_of_two_the_oldest_stays_and_the_other_is_closed(weeks: Weeks) -> None:
    number = weeks.keep()
    (first,) = weeks.issues
    weeks.there.gateway.open_issue(first.title, f"{first.body}\n", [LABEL])
    assert weeks.keep() is None
    assert [each.state for each in weeks.issues] == ["open", "closed"] and weeks.issues[0].number == number
    assert len(weeks.asked) <= MOST and weeks.keep() is None and len(weeks.asked) <= UNCHANGED


def test_one_that_somebody_closed_is_opened_again_with_its_week(weeks: Weeks) -> None:
    number = weeks.keep()
    assert number
    weeks.there.gateway.close_issue(number, "completed")
    assert weeks.keep() is None and weeks.issues[0].state == "closed"
    weeks.later(WEEK)
    assert weeks.keep() == number and [each.state for each in weeks.issues] == ["open"]


def test_au_02_entries_after_one_that_was_changed_are_not_believed_and_it_is_said(weeks: Weeks) -> None:
    for index in range(3):
        weeks.entered(f"locked-{index}", Decision.LOCKED)
    here = weeks.there.chat.here
    git = here.github.repository(REPOSITORY).git
    second = next(each for each in git.tree(git.sha("assay-ledger") or "", recursive=True) if each.path.endswith("000002.json"))
    raw = git.read(second.sha).decode().replace('"told"', '"tale"')
    here.github.commit(REPOSITORY, {"entries/000/000002.json": raw}, branch="assay-ledger")
    weeks.keep()
    assert "The ledger does not hold at entry" in weeks.issues[0].body.replace("`", "")


def test_a_registry_that_does_not_answer_is_named_and_the_rest_is_written(weeks: Weeks, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise OutsideProblem("the registry does not answer")

    monkeypatch.setattr(weeks.there.shelf, "facts", down)
    weeks.entered("locked", Decision.LOCKED)
    weeks.keep()
    body = weeks.issues[0].body
    assert "Objectives could not be read: the registry does not answer" in body and "lock, open" in body


def test_without_a_registry_it_says_so(weeks: Weeks) -> None:
    weeks.there.chat.around = replace(weeks.there.chat.around, registry=None)
    weeks.keep()
    assert "no registry is named where the bot runs" in weeks.issues[0].body.replace("`", "")


def test_a_policy_that_cannot_be_read_is_a_problem_and_one_that_is_not_there_is_none(weeks: Weeks) -> None:
    weeks.there.policy("version: 2\n")
    with pytest.raises(UserProblem):
        weeks.keep()
    around = weeks.there.chat.around
    elsewhere = replace(around.repository, default_branch="assay-nowhere")
    assert rolling.keep(replace(around, repository=elsewhere)) is None


def test_the_sweep_keeps_it_and_goes_on_where_it_cannot(weeks: Weeks) -> None:
    assert "the pulse" not in sweeping.sweep(weeks.there.chat.around) and len(weeks.issues) == 1
    weeks.there.policy(POLICY + "objectives: 3\n")
    assert "the pulse: " in sweeping.sweep(weeks.there.chat.around)


def test_what_runs_cost_is_read_only_when_it_is_written(weeks: Weeks) -> None:
    weeks.there.policy(POLICY + OBJECTIVE + "cost: {prices: {ubuntu-latest: 0.5}}\n")
    here = weeks.there.chat.here
    here.github.commit(REPOSITORY, {".github/workflows/assay-check.yml": "on: [push]\n"})
    made = here.github.run(REPOSITORY, here.head, "feature")
    here.github.job(REPOSITORY, made, 600)
    assert weeks.keep() and "### Cost of `flight-delay`" in weeks.issues[0].body and "5.00 USD" in weeks.issues[0].body
    weeks.later(timedelta(hours=1))
    assert weeks.keep() is None and not [each for each in weeks.asked if "/actions/" in each]
