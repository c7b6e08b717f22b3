"""Milestones of a repository."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.milestones import milestone
from tests.loopback.call import Call, Calling, Refusal, invalid, not_found
from tests.loopback.state import Milestone, Repository, moment

router = APIRouter()
BASE = "/repos/{owner}/{name}/milestones"
READ, WRITE = ("issues=read", "pull_requests=read"), ("issues=write", "pull_requests=write")
_CLOCK = ZoneInfo("America/Los_Angeles")


def _due(call: Call) -> str | None:
    """The day on which it is due, as GitHub keeps it: the midnight that it began with in California."""
    given = call.body.get("due_on")
    if given is None:
        return None
    try:
        day = datetime.fromisoformat(given).astimezone(_CLOCK).replace(hour=0, minute=0, second=0, microsecond=0)
    except (TypeError, ValueError):
        said = f"Invalid request.\n\nFor 'properties/due_on', {given!r} is not a valid date-time."
        raise Refusal(422, said) from None
    return day.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _found(one: Repository, number: int) -> Milestone:
    if number not in one.milestones:
        raise not_found()
    return one.milestones[number]


def _set(call: Call, one: Repository, item: Milestone) -> None:
    """What the body says, which is checked before any of it counts."""
    title, state = call.body.get("title", item.title), call.body.get("state", item.state)
    if any(each is not item and each.title == title for each in one.milestones.values()):
        raise invalid("Milestone", "title", "already_exists")
    if state not in ("open", "closed"):
        raise invalid("Milestone", "state")
    due = _due(call) if "due_on" in call.body else item.due_on
    item.title, item.due_on = title, due
    item.description = call.body.get("description", item.description)
    item.updated_at = moment()
    if state != item.state:
        item.state, item.closed_at = state, item.updated_at if state == "closed" else None


@router.get(BASE)
async def index(call: Calling, owner: str, name: str) -> Response:
    """Milestones; the open ones unless others are asked for."""
    one = call.repository(f"{owner}/{name}", *READ)
    wanted = call.query.get("state", "open")
    found = [item for _, item in sorted(one.milestones.items()) if wanted in ("all", item.state)]
    return call.page([milestone(call, one, item) for item in found])


@router.post(BASE)
async def create(call: Calling, owner: str, name: str) -> Response:
    """Makes a milestone."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    title, at = call.text("Milestone", "title"), moment()
    number = max(one.milestones, default=0) + 1
    made = Milestone(call.state.next_id(), number, title, None, call.signed_in().actor, at, at)
    _set(call, one, made)
    one.milestones[number] = made
    return call.answer(milestone(call, one, made), 201)


@router.get(BASE + "/{number}")
async def show(call: Calling, owner: str, name: str, number: int) -> Response:
    """One milestone."""
    one = call.repository(f"{owner}/{name}", *READ)
    return call.answer(milestone(call, one, _found(one, number)))


@router.patch(BASE + "/{number}")
async def update(call: Calling, owner: str, name: str, number: int) -> Response:
    """Changes a milestone."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    item = _found(one, number)
    _set(call, one, item)
    return call.answer(milestone(call, one, item))


@router.delete(BASE + "/{number}")
async def delete(call: Calling, owner: str, name: str, number: int) -> Response:
    """Forgets a milestone."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    del one.milestones[_found(one, number).number]
    return Response(status_code=204)
