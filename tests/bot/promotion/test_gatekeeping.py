"""A job that waits for an environment goes on where its request is approved at that moment, and is never left without a word."""

from datetime import timedelta
from typing import Any

import pytest

from bot import dispatching, sweeping
from bot.gateway.gating import COMMENT_LIMIT, GateGateway
from bot.promotion.gatekeeping import asked, reconcile
from policy.problems import OutsideProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import POLICY, Court
from tests.bot.promotion.test_rolling import SAID, ran
from tests.loopback.state import Run


def waiting(there: Court, *environments: str) -> Run:
    """The run that was started waits for environments, `staging` by default."""
    run = list(there.chat.here.github.repository(REPOSITORY).runs.values())[-1]
    run.status, run.conclusion = "waiting", None
    run.gates = {name: [] for name in environments or ("staging",)}
    return run


def approved(there: Court) -> tuple[int, Run]:
    number = there.ask()
    there.approve(number, "carol")
    return number, waiting(there)


def happens(there: Court, run: int, environment: str = "staging", url: str = "") -> Reason:
    """GitHub asks."""
    url = url or f"https://evil.example/repos/x/y/actions/runs/{run}/deployment_protection_rule"
    payload = {"action": "requested", "environment": environment, "deployment": {"id": 1}, "deployment_callback_url": url}
    return dispatching.handle(there.chat.around, "deployment_protection_rule", payload)


def said(run: Run, environment: str = "staging") -> list[str | None]:
    return [each.get("state") for each in run.gates[environment]]


def test_a_job_of_an_approved_request_goes_on_and_asking_again_changes_nothing(there: Court) -> None:
    number, run = approved(there)
    assert happens(there, run.id) is Reason.GATE_ANSWERED
    assert said(run) == ["approved"] and run.status == "queued"
    assert run.gates["staging"][0]["comment"].startswith(f"#{number}: ")
    assert happens(there, run.id) is Reason.NOT_OURS
    sweeping.sweep(there.chat.around)
    assert said(run) == ["approved"]


def test_az_14_what_is_undecided_waits_with_a_word_and_the_sweep_answers_once_it_is_decided(there: Court) -> None:
    number, run = approved(there)
    there.comment(number, "carol").updated_at = "2030-01-01T00:00:00Z"
    assert happens(there, run.id) is Reason.GATE_WAITS
    assert said(run) == [None] and "waits for approvals" in run.gates["staging"][0]["comment"] and run.status == "waiting"
    assert reconcile(there.chat.around) == 0 and said(run) == [None]
    there.chat.comment(f"/approve {there.code(number)}", "dan", number)
    sweeping.sweep(there.chat.around)
    assert said(run) == [None, "approved"] and reconcile(there.chat.around) == 0


def test_az_14_an_objection_ends_the_job(there: Court) -> None:
    number, run = approved(there)
    there.chat.comment('/reject because "the night flights got worse"', "dan", number)
    happens(there, run.id)
    assert said(run) == ["rejected"] and run.conclusion == "failure"


def test_az_09_a_job_that_was_started_for_another_form_is_ended(there: Court) -> None:
    _, run = approved(there)
    there.policy(POLICY + "# moved\n")
    assert happens(there, run.id) is Reason.GATE_ANSWERED
    assert said(run) == ["rejected"] and "changed since" in run.gates["staging"][0]["comment"]


def test_a_request_that_is_closed_or_for_another_environment_or_none_lets_nobody_in(there: Court) -> None:
    number, run = approved(there)
    run.gates["production"] = []
    happens(there, run.id, "production")
    assert said(run, "production") == ["rejected"]
    there.gateway.close_issue(number, "completed")
    run.gates["staging"] = []
    happens(there, run.id)
    assert "is closed" in run.gates["staging"][0]["comment"]
    for title in (
        "assay promote",
        f"assay promote {number}-0123",
        "assay promote #404 404-0123456789ab",
        f"{run.title} {run.title}",
    ):
        run.title, run.gates["staging"] = title, []
        assert happens(there, run.id) is Reason.GATE_ANSWERED
        assert said(run) == ["rejected"], title


FOREIGN: list[dict[str, Any]] = [
    {"path": ".github/workflows/train.yml"},
    {"path": "evil/.github/workflows/assay-promote.yml"},
    {"head_branch": "topic"},
    {"event": "pull_request"},
]


def test_az_18_a_run_of_nothing_of_ours_is_ended_where_the_environment_is_ours_else_left_alone(there: Court) -> None:
    _, run = approved(there)
    whole = vars(run).copy()
    for change in FOREIGN:
        vars(run).update({**whole, **change, "gates": {"staging": [], "pages": []}})
        assert happens(there, run.id, "pages") is Reason.NOT_OURS and said(run, "pages") == []
        assert happens(there, run.id) is Reason.GATE_ANSWERED and said(run) == ["rejected"], change


def test_a_policy_that_cannot_be_read_leaves_a_word_and_no_answer(there: Court) -> None:
    _, run = approved(there)
    there.policy("version: [")
    assert happens(there, run.id) is Reason.GATE_WAITS
    assert said(run) == [None] and len(run.gates["staging"][0]["comment"]) <= COMMENT_LIMIT


def test_what_is_no_question_asks_for_nothing(there: Court) -> None:
    _, run = approved(there)
    for url in ("https://x", f"https://x/actions/runs/{run.id}", "https://x/actions/runs/0/deployment_protection_rule"):
        assert happens(there, run.id, url=url) is Reason.NOT_OURS
    assert happens(there, 404) is Reason.NOT_OURS and happens(there, run.id, "") is Reason.NOT_OURS
    assert said(run) == []


def test_a_lost_event_is_made_good_by_the_sweep_with_one_request_where_nothing_waits(there: Court) -> None:
    there.chat.here.github.forget_requests()
    assert reconcile(there.chat.around) == 0 and len(there.chat.asked) == 1
    _, run = approved(there)
    assert reconcile(there.chat.around) == 1 and said(run) == ["approved"]


def test_where_no_rule_of_ours_protects_it_nothing_is_answered(there: Court) -> None:
    _, run = approved(there)
    there.chat.here.github.fail("permission", "POST", "/deployment_protection_rule", times=None)
    assert happens(there, run.id) is Reason.NOT_OURS and reconcile(there.chat.around) == 0


def test_after_a_crash_the_same_again_answers(there: Court) -> None:
    _, run = approved(there)
    there.chat.here.github.fail("status", "POST", "/deployment_protection_rule", times=None, status=502)
    with pytest.raises(OutsideProblem):
        asked(there.chat.around, run.id, "staging")
    there.chat.here.github.faults.clear()
    assert asked(there.chat.around, run.id, "staging") is Reason.GATE_ANSWERED and said(run) == ["approved"]


def test_a_rollback_is_let_in_by_its_word_while_that_is_fresh(there: Court) -> None:
    ran(there, 1, 2)
    there.chat.say(SAID, "alice")
    run = waiting(there, "Production")
    clock = there.chat.around.clock
    object.__setattr__(there.chat.around, "clock", lambda: clock() + timedelta(hours=2))
    assert happens(there, run.id, "Production") is Reason.GATE_ANSWERED and said(run, "Production") == ["rejected"]
    object.__setattr__(there.chat.around, "clock", clock)
    run.gates["Production"] = []
    assert happens(there, run.id, "Production") is Reason.GATE_ANSWERED and said(run, "Production") == ["approved"]


def test_words_that_are_too_long_are_cut(there: Court) -> None:
    _, run = approved(there)
    GateGateway.of(there.gateway).answer(run.id, "staging", "x" * 5000)
    assert run.gates["staging"] == [{"environment_name": "staging", "comment": "x" * COMMENT_LIMIT}]
