"""A request is read from a terminal and nothing is written; a job asks for a promotion."""

import pytest

from bot.gateway.allowance import Allowance
from bot.homes import desk
from bot.promotion.asked import read
from policy.approvals import State
from policy.problems import UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import Court


def job(there: Court) -> dict[str, str]:
    """The environment of a job."""
    url = there.chat.here.github.url
    known = {"GITHUB_ACTIONS": "true", "GITHUB_API_URL": url, "GITHUB_SERVER_URL": url, "GITHUB_REPOSITORY": REPOSITORY}
    return known | {"GITHUB_TOKEN": there.chat.here.token, "GITHUB_RUN_ID": "4711"}


def test_a_request_is_explained_as_it_is_and_as_it_would_be(there: Court) -> None:
    number, environ = there.ask(), job(there)
    there.chat.here.github.forget_requests()
    assert desk.explain(environ, number, there.shelf).state is State.PENDING
    assert desk.explain(environ, number, there.shelf, ["carol:/approve"]).state is State.APPROVED
    assert desk.explain(environ, number, there.shelf, ["mona:/approve"]).state is State.PENDING
    assert all(each.startswith("GET") for each in there.chat.asked)
    there.gateway.close_issue(number, "completed")
    with pytest.raises(UserProblem, match="closed"):
        desk.explain(environ, number, there.shelf)


def test_whoever_started_the_job_asks_and_running_it_again_asks_once(there: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "turn", lambda *given: None)  # in a job writes keep a second apart
    carol = there.chat.here.github.user("carol")
    environ = job(there) | {"GITHUB_ACTOR": "carol", "GITHUB_ACTOR_ID": str(carol.id)}
    (made,) = desk.request(environ, there.shelf, "flight-delay@2", ["staging"])
    assert made.number and desk.request(environ, there.shelf, "flight-delay@2", ["staging"]) == [made]
    wanted = read(there.gateway.issue(made.number).body)
    assert wanted and (wanted.by, wanted.by_id, wanted.key) == ("carol", carol.id, "run-4711")
    assert there.approve(made.number, "carol") is Reason.VOTE_OWN_WORK
    assert desk.request(job(there), there.shelf, "", None) == []
