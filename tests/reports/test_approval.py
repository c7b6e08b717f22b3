"""A decision reads well as a card and in the terminal, and nothing that people wrote does more than be read."""

import re
from datetime import UTC, datetime

from policy.approvals import Promotion
from policy.digests import code
from policy.problems import OutsideProblem, UserProblem
from policy.reminders import Reminder
from policy.votes import Involved
from reports.approval import (
    answer,
    card,
    lines,
    no_workflow,
    not_entered,
    not_started,
    reminder,
    started,
    unweighed,
    without_entry,
)
from tests.policy.situations import CODE, DAY, NOW, decided, policy, vote
from tests.policy.test_digests import SUBJECT

ISSUE = "https://github.example/acme/flights/issues/7"
RULES = policy("[{role: ml-lead}, {role: model-risk}, {when: {changed: ['contracts/**']}, then: [{role: on-call}]}]")


def test_a_card_says_how_it_stands_what_to_say_and_who_could() -> None:
    shown = card(decided(vote(3))).source
    assert shown.startswith("### 🟡 `flight-delay` 12 waits for approvals for `production`")
    assert f"```text\n/approve {CODE}\n```" in shown
    assert "- 🟢 **1 × `ml-lead`**: given by `carol`" in shown
    assert "- 🟡 **1 × `model-risk`**: 0 of 1 given; it could be given by `alice, bob, erin`" in shown
    assert "**Counted**: `carol`" in shown


def test_a_card_says_which_votes_are_void_and_why_with_links_to_them() -> None:
    shown = card(decided(vote(1, edited=True, edited_by="mallory"), vote(3, code="0" * 12)), ISSUE).source
    assert "Votes that do not count (2)" in shown
    assert f"- `/approve` [`alice`](<{ISSUE}#issuecomment-101>): the comment of `alice` was edited by `mallory`" in shown
    assert "`carol` names `000000000000`, which is not what is asked for" in shown


def test_tt_06_a_card_says_in_words_what_changed_since_a_vote() -> None:
    moved = SUBJECT.model_copy(update={"data": {"data/flights.parquet": "md5:9e010b2c", "data/weather.parquet": "md5:77"}})
    shown = card(decided(vote(1), subject=moved, earlier=[SUBJECT])).source
    assert "and since then changed: data `data/flights.parquet 418cbd87` → `9e010b2c`" in shown
    assert f"/approve {code(moved)}" in shown


def test_a_card_of_what_is_over_asks_for_nothing() -> None:
    assert "/approve" not in card(decided(vote(1), vote(3))).source
    assert "/approve" not in card(decided(policy=policy(more="expires: 1 hour"))).source


def test_az_17_an_emergency_is_red_on_the_card_until_it_is_reviewed() -> None:
    glass = policy(more="break_glass: {role: ml-lead}")
    shown = card(decided(vote(3, "break-glass", because="production answers nonsense since noon"), policy=glass)).source
    assert shown.startswith("### 🔴 `flight-delay` 12 may be promoted to `production`")
    assert "🔴 `carol` broke glass: production answers nonsense since noon." in shown
    before = [Promotion("production", "11", NOW - DAY, glass=True)]
    assert "🔴 An emergency promotion to this environment waits" in card(decided(policy=glass, promotions=before)).source


def test_the_terminal_shows_the_same_tree() -> None:
    assert lines(decided(vote(3), vote(1, edited=True))) == [
        "pending: flight-delay 12 waits for approvals for production",
        "approved if",
        "  ✓ 1 × ml-lead [approved]: given by carol",
        "  … 1 × model-risk [pending]: 0 of 1 given; it could be given by alice, bob, erin",
        "and",
        "  ✓ verdict [approved]: the verdict lets it pass",
        "counted: carol (103)",
        "void: /approve of alice (101): the comment of alice was edited by somebody",
        f"to approve it: /approve {CODE}",
    ]


def test_an_error_says_what_to_do() -> None:
    shown = card(decided(vote(3), policy=RULES)).source
    assert (
        "- 🔴 **when changed `contracts/**`**: nobody can tell whether it applies: changed files are unknown; run the check"
        in shown
    )


def test_what_people_wrote_is_read_and_does_nothing() -> None:
    hostile = "<img src=x> @everyone #1 \x1b[2J --> [a](http://b) `"
    decision = decided(
        vote(2, "reject", because=hostile), vote(1, code=hostile), vote(4, login=hostile, author=77),
        involved=[Involved("author", email=hostile)], policy=policy(more="unknown_authors: refuse"),
    )  # fmt: skip
    shown = card(decision, ISSUE).source
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", shown, flags=re.DOTALL)  # what lies outside of code
    assert "<img" not in outside and "@everyone" not in outside and "-->" not in shown and "\x1b" not in shown
    assert all("\x1b" not in line and "\n" not in line for line in lines(decision))


def test_votes_that_are_too_many_are_counted() -> None:
    many = [vote(1, comment=number, code="0" * 12) for number in range(1, 60)]
    shown = card(decided(*many)).source
    assert "Votes that do not count (59)" in shown and "- and 29 older ones" in shown


def test_the_answer_names_the_code() -> None:
    assert answer(decided()) == f"/approve {CODE}"


def test_a_reminder_mentions_those_whom_the_policy_names_and_nobody_else() -> None:
    found = Reminder("missing", ("carol", "@acme/ml-leads", "x](y) @all", "a\n@b"), NOW)
    assert reminder(found).source.startswith("@carol, @acme/ml-leads: this request waits")
    assert reminder(Reminder("lead", (), NOW)).source.startswith("nobody: ")


def test_a_card_says_what_becomes_of_an_approval() -> None:
    decision = decided(vote(1), vote(3))
    then = started(decision, "assay-promote.yml", "https://github.example/acme/flights/actions", "7-7f3a9c2e51d0")
    assert "`7-7f3a9c2e51d0`" in card(decision, ISSUE, then).source and "/promote flight-delay@12 to production" in then.source
    assert "has no `assay-promote.yml`" in card(decision, ISSUE, no_workflow("assay-promote.yml")).source
    assert "`@acme/all`" in not_started("assay-promote.yml", "@acme/all said no").source
    assert "`@acme/all`" in not_entered("@acme/all said no").source
    assert "`@acme/all`" in without_entry("@acme/all said no").source


def test_what_cannot_be_weighed_says_what_is_in_the_way_and_since_when_and_no_address_of_a_server() -> None:
    since = datetime(2026, 5, 1, 10, tzinfo=UTC)
    away = unweighed(OutsideProblem("the registry cannot be reached", "https://mlflow.internal", "Try again"), since).source
    assert "Since `2026-05-01 10:00 UTC`" in away and "internal" not in away and "**Next:** Try again." in away
    broken = unweighed(UserProblem("unknown key @team", "assay.yml:3"), since).source
    assert "`assay.yml:3`: unknown key `@team`" in broken and "/approve" not in broken
