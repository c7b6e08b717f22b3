"""An approved request starts what moves the alias, once for each of its forms, and once more only where somebody asks."""

import pytest

from bot import sweeping
from bot.around import PROMOTE
from bot.promotion.weighing import weigh
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import POLICY, Court
from tests.loopback.state import Run


def runs(there: Court) -> list[Run]:
    """What was started, the first one first."""
    return list(there.chat.here.github.repository(REPOSITORY).runs.values())


def approved(there: Court) -> int:
    number = there.ask()
    assert there.approve(number, "carol") is Reason.VOTE_HEARD
    return number


def test_az_12_the_vote_that_completes_it_starts_one_run_whatever_comes_again(there: Court) -> None:
    number = approved(there)
    there.approve(number, "dan")
    weigh(there.chat.around, number)
    there.chat.handle(there.chat.comments[-1])
    sweeping.sweep(there.chat.around)
    key = f"{number}-{there.code(number)}"
    assert there.chat.orders == [{"issue": str(number), "request": key}]
    (run,) = runs(there)
    assert (run.path, run.head_branch, run.title) == (f".github/workflows/{PROMOTE}", "main", f"assay promote #{number} {key}")
    assert key in there.card(number) and f"/actions/workflows/{PROMOTE}" in there.card(number)


def test_nothing_is_started_before_it_is_approved(there: Court) -> None:
    number = there.ask("/promote flight-delay to production")
    there.approve(number, "carol")
    assert there.chat.orders == []
    there.chat.say('/reject because "the night flights got worse"', "alice", number)
    assert there.chat.orders == []


def test_another_form_of_the_request_is_another_run(there: Court) -> None:
    number = approved(there)
    there.policy(POLICY + "# more\n")
    weigh(there.chat.around, number)
    there.code(number)
    there.approve(number, "carol")
    first, second = (each["request"] for each in there.chat.orders)
    assert first != second and second == f"{number}-{there.code(number)}"


def test_a_run_that_failed_is_started_again_by_asking_again_and_by_nothing_else(there: Court) -> None:
    number = approved(there)
    line = "/promote flight-delay@3 to staging"
    assert there.chat.say(line, "mona") is Reason.REQUEST_STANDS
    assert len(there.chat.orders) == 1, "it still runs"
    runs(there)[0].status, runs(there)[0].conclusion = "completed", "failure"
    weigh(there.chat.around, number)
    sweeping.sweep(there.chat.around)
    assert len(there.chat.orders) == 1
    assert there.chat.say(line, "mona") is Reason.REQUEST_STANDS
    there.chat.handle(there.chat.comments[-1])
    assert len(there.chat.orders) == 2
    assert there.chat.orders[1]["request"] == f"{number}-{there.code(number)}-{there.chat.comments[-1].id}-0"


def test_without_the_workflow_the_card_says_so_and_it_is_started_once_it_is_there(there: Court) -> None:
    github, path = there.chat.here.github, f".github/workflows/{PROMOTE}"
    entry = github.repository(REPOSITORY).git.entry("main", path)
    text = github.repository(REPOSITORY).git.read(entry.sha) if entry else b""
    github.commit(REPOSITORY, {path: None})
    number = approved(there)
    assert f"The default branch has no `{PROMOTE}`" in there.card(number) and there.chat.reactions() == ["rocket"]
    github.commit(REPOSITORY, {path: text})
    weigh(there.chat.around, number)
    assert len(there.chat.orders) == 1 and "moves the alias" in there.card(number)


@pytest.mark.parametrize("kind, more", [("permission", {}), ("status", {"status": 422})])
def test_where_it_may_not_be_started_the_card_says_why(there: Court, kind: str, more: dict[str, int]) -> None:
    there.chat.here.github.fail(kind, "POST", "/dispatches", times=None, **more)
    number = approved(there)
    assert "could not be started" in there.card(number)


def test_what_was_promoted_is_not_started_again(there: Court) -> None:
    number = approved(there)
    found = weigh(there.chat.around, number)
    assert found is not None
    github = there.chat.here.github.repository(REPOSITORY)
    github.runs.clear()
    payload = {"model": "flight-delay", "version": 3, "issue": number, "digest": found.digest}
    there.gateway.create_deployment(there.chat.here.base, "staging", "", payload)
    weigh(there.chat.around, number)
    assert len(there.chat.orders) == 1 and github.runs == {}


def test_the_vote_that_completes_it_takes_ten_requests_and_enters_nothing_by_itself(there: Court) -> None:
    there.promoted("staging", 3)
    there.promoted("production", 2)
    number = there.ask("/promote flight-delay to production")
    there.approve(number, "carol")
    code = there.code(number)
    there.chat.here.github.forget_requests()
    there.chat.say(f"/approve {code}", "alice", number)
    assert len(there.chat.orders) == 1 and len(there.chat.asked) <= 10, there.chat.asked


@pytest.mark.parametrize("skip", range(3))
def test_cut_off_between_any_two_writes_it_is_started_once(there: Court, skip: int) -> None:
    number = there.ask()
    there.chat.here.github.fail("status", method="POST|PATCH", times=None, status=500, skip=skip)
    with pytest.raises(OutsideProblem):
        there.approve(number, "carol")
    assert len(there.chat.orders) == (skip > 0)
    there.chat.here.github.faults.clear()
    there.chat.handle(there.chat.comments[-1])
    weigh(there.chat.around, number)
    key = f"{number}-{there.code(number)}"
    assert [each["request"] for each in there.chat.orders] == [key] and key in there.card(number)


def test_where_the_card_was_deleted_or_could_not_be_weighed_it_is_looked_for(there: Court) -> None:
    number = approved(there)
    there.policy("version: 1\nenvironments: {staging: {approved_if: []}}\n")
    with pytest.raises(UserProblem):
        weigh(there.chat.around, number)
    there.policy(POLICY)
    weigh(there.chat.around, number)
    (card,) = [each for each in there.gateway.comments(number) if " approval v1 " in each.body]
    there.gateway.delete_comment(card.id)
    weigh(there.chat.around, number)
    assert len(there.chat.orders) == 1 and f"{number}-{there.code(number)}" in there.card(number)


def test_where_the_answer_to_the_order_is_lost_it_is_looked_for(there: Court) -> None:
    number = there.ask()
    there.chat.here.github.fail("drop", "POST", "/dispatches", after=True)
    with pytest.raises(OutsideProblem):
        there.approve(number, "carol")
    there.chat.handle(there.chat.comments[-1])
    assert len(there.chat.orders) == 1 and "moves the alias" in there.card(number)
