"""Teams of an organisation and who is in them."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.accounts import account, organisation
from tests.loopback.bodies.accounts import team as short
from tests.loopback.call import Call, Calling, Refusal, not_found
from tests.loopback.state import Json, Team

router = APIRouter()
BASE = "/orgs/{organisation}/teams/{slug}"


def _find(call: Call, organisation: str, slug: str) -> Team:
    """The team, for who may read members: a GITHUB_TOKEN may not, whatever its workflow says."""
    if call.signed_in().permissions.get("members") is None:
        accepted = {"x-accepted-github-permissions": "members=read"}
        raise Refusal(403, "Resource not accessible by integration", headers=accepted)
    found = call.state.teams.get(f"{organisation}/{slug}")
    if found is None:
        raise not_found()
    return found


def _url(call: Call, team: Team) -> str:
    return f"{call.api}/orgs/{team.organisation}/teams/{team.slug}"


@router.get(BASE)
async def show(call: Calling, organisation: str, slug: str) -> Response:
    """A team."""
    return call.answer(_team(call, _find(call, organisation, slug)))


def _team(call: Call, team: Team) -> Json:
    now = "2020-01-01T00:00:00Z"
    return {
        **short(call, team),
        "members_count": len(team.members),
        "repos_count": 0,
        "created_at": now,
        "updated_at": now,
        "organization": organisation_of(call, team),
    }


def organisation_of(call: Call, team: Team) -> Json:
    """The organisation in full, as it stands inside a team."""
    return organisation(call, call.state.account(team.organisation, "Organization"))


@router.get(BASE + "/members")
async def members(call: Calling, organisation: str, slug: str) -> Response:
    """Who is in a team."""
    team = _find(call, organisation, slug)
    role = call.query.get("role", "all").rstrip("s")
    chosen = [login for login, held in team.members.items() if role in ("all", held)]
    return call.page([account(call, call.state.accounts[login]) for login in chosen])


@router.get(BASE + "/memberships/{login}")
async def membership(call: Calling, organisation: str, slug: str, login: str) -> Response:
    """Whether somebody is in a team; 404 says no."""
    team = _find(call, organisation, slug)
    if login not in team.members:
        raise not_found()
    return call.answer({"url": f"{_url(call, team)}/memberships/{login}", "role": team.members[login], "state": "active"})
