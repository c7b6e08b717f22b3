"""Who asks, and where."""

from dataclasses import replace

from bot.commands import COMMANDS
from bot.commands.asked import refusal
from policy.document import Policy
from policy.reasons import Reason
from tests.bot.commands.asking import request

TRAIN = COMMANDS["train"]


def why(name: str = "train", who: str = "write", **changed: object) -> Reason | None:
    found = refusal(COMMANDS[name], request(f"/{name}", **changed), who)
    return found.result.reason if found else None


def test_who_may_is_let_through() -> None:
    assert why() is None


def test_a_level_below_is_refused_with_who_could() -> None:
    found = refusal(TRAIN, request("/train lr=1", level="triage"), "write")
    assert found.result.why == "mona may not say /train; it takes write permission or more"


def test_a_role_that_one_does_not_have_is_refused_by_its_members() -> None:
    policy = Policy(version=1, roles={"ml-lead": ["alice"]})
    found = refusal(TRAIN, request("/train", policy=policy), "ml-lead")
    assert "the role ml-lead (alice)" in found.result.why


def test_cp_21_closed_locked_and_drafts() -> None:
    assert why(state="closed") is Reason.PULL_REQUEST_CLOSED
    assert why(locked=True) is Reason.CONVERSATION_LOCKED
    assert why("waive", draft=True) is Reason.PULL_REQUEST_DRAFT
    assert why("train", draft=True) is None


def test_what_only_reads_works_everywhere() -> None:
    assert why("status", "read", state="closed", locked=True, draft=True) is None


def test_on_an_issue_there_is_no_pull_request() -> None:
    found = refusal(TRAIN, replace(request("/train"), pull=None), "write")
    assert found.result.reason is Reason.ONLY_ON_PULL_REQUESTS
