"""What was decided is carried out, and where a token may not write checks, statuses say the same."""

from dataclasses import replace

import pytest

from bot import perform
from bot.effects import CreateCheck, CreateComment, DeleteComment, Deploy, OpenIssue, UpdateCheck, UpdateComment
from bot.gateway import Forbidden
from bot.gateway.records import CheckRun
from bot.gateway.requesting import RequestGateway
from tests.bot.gateway.scene import REPOSITORY, Scene


def run(here: Scene, conclusion: str = "failure", title: str = "2 of 3 checks fail") -> CheckRun:
    return CheckRun("assay / data", here.head, "assay v1 check 1 0 ", "completed", conclusion, title, "summary")  # type: ignore[arg-type]


def test_comments_are_created_changed_and_deleted(here: Scene) -> None:
    perform.perform(here.gateway, [CreateComment(here.number, "a"), CreateComment(here.number, "b")])
    first, second = here.github.comments(REPOSITORY, here.number)
    written = perform.perform(here.gateway, [UpdateComment(first.id, here.number, "c"), DeleteComment(second.id)])
    assert [each.body for each in here.github.comments(REPOSITORY, here.number)] == ["c"] and written.comments == 2


def test_a_comment_that_somebody_deleted_meanwhile_is_written_anew(here: Scene) -> None:
    perform.perform(here.gateway, [UpdateComment(404_404, here.number, "here again")])
    assert [each.body for each in here.github.comments(REPOSITORY, here.number)] == ["here again"]


def test_checks_are_created_and_updated(here: Scene) -> None:
    perform.perform(here.gateway, [CreateCheck(run(here))])
    (there,) = here.gateway.check_runs(here.head)
    perform.perform(here.gateway, [UpdateCheck(there.id, replace(run(here), conclusion="success"))])
    (now,) = here.gateway.check_runs(here.head)
    assert (now.id, now.conclusion) == (there.id, "success")


def test_a_token_that_may_not_write_checks_sets_statuses_once(here: Scene) -> None:
    token = here.github.token(REPOSITORY, contents="read", checks="read", statuses="write", pull_requests="write")
    gateway = here.as_token(token)
    runs = [run(here), replace(run(here, "neutral", "a look"), name="assay / drift")]
    effects = [CreateCheck(each) for each in runs]
    assert perform.perform_checks(gateway, effects, runs).statuses == 2
    assert perform.perform_checks(gateway, effects, runs).statuses == 0
    found = {each.context: (each.state, each.description) for each in here.gateway.statuses(here.head)}
    assert found == {"assay / data": ("failure", "2 of 3 checks fail"), "assay / drift": ("success", "a look")}


def test_a_token_that_may_write_neither_is_told_about_checks(here: Scene) -> None:
    gateway = here.as_token(here.github.token(REPOSITORY, "read"))
    with pytest.raises(Forbidden, match="check-runs") as caught:
        perform.perform_checks(gateway, [CreateCheck(run(here))], [run(here)])
    assert "checks: write" in caught.value.next


def test_an_issue_with_the_same_text_is_opened_once_whether_or_not_it_was_closed(here: Scene) -> None:
    effect, gateway = OpenIssue("Review it", "this one", "assay: review"), RequestGateway.of(here.gateway)
    perform.perform(gateway, [effect])
    (made,) = gateway.issues("assay: review")
    gateway.close_issue(made.number, "completed")
    perform.perform(gateway, [effect])
    assert [each.number for each in gateway.issues("assay: review", "all")] == [made.number]


def test_a_deployment_went_well_once(here: Scene) -> None:
    gateway = RequestGateway.of(here.gateway)
    effect = Deploy(here.base, "staging", "flight-delay version 3", {"version": 3}, "https://github.example/run")
    perform.perform(gateway, [effect])
    (made,) = gateway.deployments()
    perform.perform(gateway, [replace(effect, there=made.id)])
    assert [each.id for each in gateway.deployments()] == [made.id]
    statuses = here.github.repository(REPOSITORY).deployments[made.id].statuses
    assert [(each["state"], each["log_url"]) for each in statuses] == [("success", "https://github.example/run")]
