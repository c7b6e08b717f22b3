"""Why nothing is done about a delivery."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.app.installations import NotInstalled
from bot.receiving.delivery import Delivery, read
from bot.receiving.reasons import Reason
from bot.receiving.relevance import Own, barred, unwanted
from tests.bot.receiving.payloads import APP, ago, check, comment, frame, pull_request, push, said, samples, user

OWN = Own(APP, "assay")
FRESH = timedelta(hours=72)


def judged(event: str, payload: dict[str, Any], own: Own = OWN) -> Reason | None:
    return unwanted(delivered(event, payload), own, datetime.now(UTC), FRESH)


def delivered(event: str, payload: dict[str, Any]) -> Delivery:
    return read("d-1", event, json.dumps(payload).encode())


@pytest.mark.parametrize("event", sorted(set(samples()) - {"ping", "check_run", "check_suite"}))
def test_what_people_do_is_wanted(event: str) -> None:
    assert judged(event, samples()[event]) is None


@pytest.mark.parametrize("event", ["star", "workflow_job", "ping"])
def test_what_assay_has_no_use_for_is_recorded_only(event: str) -> None:
    payload = samples()["ping"] if event == "ping" else {"action": "created", **frame()}
    assert judged(event, payload) is Reason.UNKNOWN_EVENT


@pytest.mark.parametrize(("hours", "expected"), [(71.9, None), (72.1, Reason.STALE), (24 * 400, Reason.STALE)])
def test_wh_19_an_old_comment_is_recorded_not_executed(hours: float, expected: Reason | None) -> None:
    old = said(created_at=ago(hours=hours))
    assert judged("issue_comment", comment() | {"comment": old}) is expected
    review = samples()["pull_request_review_comment"] | {"comment": old}
    assert judged("pull_request_review_comment", review) is expected


def test_wh_19_an_edit_of_an_old_comment_is_no_old_command() -> None:
    assert judged("issue_comment", comment(action="edited") | {"comment": said(created_at=ago(days=9))}) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (said(user=user("assay[bot]", "Bot")), Reason.BOT_COMMENT),
        (said(user=user("github-actions[bot]", "Bot")), Reason.BOT_COMMENT),
        (said(user=user("github-actions[bot]", "User")), Reason.BOT_COMMENT),
        (said(user=user("dependabot[bot]", "Bot")), Reason.BOT_COMMENT),
        (said(user=None), Reason.BOT_COMMENT),
        (said(performed_via_github_app={"id": APP, "slug": "assay"}), Reason.OWN),
        (said(performed_via_github_app={"id": 5, "slug": "other"}), Reason.BOT_COMMENT),
        (said(), None),
    ],
)
def test_wh_21_only_people_comment_commands(written: dict[str, Any], expected: Reason | None) -> None:
    assert judged("issue_comment", comment() | {"comment": written}) is expected


@pytest.mark.parametrize("kind", ["check_run", "check_suite"])
@pytest.mark.parametrize(
    ("action", "app", "expected"),
    [("completed", APP, Reason.OWN), ("completed", 15368, None), ("rerequested", APP, None), ("rerequested", 15368, None)],
)
def test_wh_21_our_own_checks_cause_no_storm(kind: str, action: str, app: int, expected: Reason | None) -> None:
    assert judged(kind, check(action, app, kind)) is expected


def test_wh_21_a_button_on_our_check_is_somebodys_doing() -> None:
    assert judged("check_run", check("requested_action")) is None
    assert judged("check_run", check("created")) is Reason.OWN


def test_wh_21_a_check_without_an_app_and_a_service_without_one_are_no_loop() -> None:
    assert judged("check_run", check() | {"check_run": {"id": 1, "head_sha": "x", "app": None}}) is None
    assert judged("check_run", check(), Own()) is None


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("issues", samples()["issues"], Reason.OWN),
        ("pull_request", pull_request(action="labeled"), Reason.OWN),
        ("pull_request", pull_request(action="synchronize"), None),
        ("pull_request", pull_request(action="opened"), None),
        ("push", push(), None),
        ("workflow_run", samples()["workflow_run"], None),
    ],
)
def test_wh_21_what_our_account_does_is_an_echo_but_its_commits_are_judged(
    event: str, payload: dict[str, Any], expected: Reason | None
) -> None:
    assert judged(event, payload | {"sender": user("Assay[bot]", "Bot")}) is expected
    assert judged(event, payload | {"sender": user("Assay[bot]", "Bot")}, Own(APP)) is None, "without a name nobody is us"


@pytest.mark.parametrize(
    ("why", "expected"),
    [("unknown", Reason.NO_INSTALLATION), ("suspended", Reason.SUSPENDED), ("elsewhere", Reason.FOREIGN_REPOSITORY)],
)
def test_wh_20_where_the_app_may_not_act_there_is_nothing_to_do(why: Any, expected: Reason) -> None:
    assert barred(NotInstalled(why, "acme/flights")) is expected
