"""Who was asked to review a pull request."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.accounts import account, team
from tests.loopback.bodies.conversations import pull_simple
from tests.loopback.bodies.payloads import review_event
from tests.loopback.call import Calling, Refusal
from tests.loopback.state import Account, Repository

router = APIRouter()
BASE = "/repos/{owner}/{name}/pulls/{number}/requested_reviewers"
READ, WRITE = "pull_requests=read", "pull_requests=write"


@router.get(BASE)
async def index(call: Calling, owner: str, name: str, number: int) -> Response:
    """The people and teams whose review is asked for."""
    one = call.repository(f"{owner}/{name}", READ)
    item = call.pull(one, number)
    teams = [call.state.teams[f"{one.owner.login}/{slug}"] for slug in item.reviewing_teams]
    people = [account(call, who) for who in item.reviewers]
    return call.answer({"users": people, "teams": [team(call, each) for each in teams]})


@router.post(BASE)
async def request(call: Calling, owner: str, name: str, number: int) -> Response:
    """Asks collaborators and teams to review; who was asked already is not asked again."""
    one = call.repository(f"{owner}/{name}", WRITE)
    item = call.pull(one, number)
    people, teams = call.body.get("reviewers") or [], call.body.get("team_reviewers") or []
    if one.issues[number].author.login in people:
        raise Refusal(422, "Review cannot be requested from pull request author.")
    unknown = [slug for slug in teams if f"{one.owner.login}/{slug}" not in call.state.teams]
    if unknown or any(login not in one.roles for login in people):
        raise Refusal(
            422,
            "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a "
            f"collaborator of the {one.full_name} repository.",
        )
    for who in _new(one, people, item.reviewers, call.state.accounts):
        item.reviewers.append(who)
        call.emit("pull_request", one, review_event(call, one, item, "review_requested", who))
    item.reviewing_teams += [slug for slug in dict.fromkeys(teams) if slug not in item.reviewing_teams]
    return call.answer(pull_simple(call, one, item), 201)


def _new(one: Repository, logins: list[str], present: list[Account], accounts: dict[str, Account]) -> list[Account]:
    known = {who.login for who in present}
    return [accounts[login] for login in dict.fromkeys(logins) if login not in known]


@router.delete(BASE)
async def withdraw(call: Calling, owner: str, name: str, number: int) -> Response:
    """Asks no longer."""
    one = call.repository(f"{owner}/{name}", WRITE)
    item = call.pull(one, number)
    people, teams = call.body.get("reviewers") or [], call.body.get("team_reviewers") or []
    for who in [who for who in item.reviewers if who.login in people]:
        item.reviewers.remove(who)
        call.emit("pull_request", one, review_event(call, one, item, "review_request_removed", who))
    item.reviewing_teams = [slug for slug in item.reviewing_teams if slug not in teams]
    return call.answer(pull_simple(call, one, item))
