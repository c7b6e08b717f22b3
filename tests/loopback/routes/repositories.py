"""Repositories, branches, collaborators and labels of a repository."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.accounts import account
from tests.loopback.bodies.conversations import label
from tests.loopback.bodies.repositories import api_url, commit_body, full, minimal, permission_flags
from tests.loopback.call import Call, Calling, Refusal, invalid, not_found
from tests.loopback.state import Json, Label, Repository, node

router = APIRouter()
BASE = "/repos/{owner}/{name}"
PERMISSIONS = {"triage": "read", "maintain": "write"}


@router.get(BASE)
async def show(call: Calling, owner: str, name: str) -> Response:
    """The repository."""
    return call.answer(full(call, call.repository(f"{owner}/{name}", "metadata=read")))


@router.get("/repositories/{number}")
async def show_by_id(call: Calling, number: str) -> Response:
    """The repository by its numeric id."""
    return call.answer(full(call, call.repository(number, "metadata=read")))


@router.get(BASE + "/forks")
async def forks(call: Calling, owner: str, name: str) -> Response:
    """The forks of a repository."""
    one = call.repository(f"{owner}/{name}", "metadata=read")
    return call.page([minimal(call, fork) for fork in call.state.repositories.values() if fork.parent == one.full_name])


@router.get(BASE + "/activity")
async def activity(call: Calling, owner: str, name: str) -> Response:
    """Who moved which branch, newest first."""
    one, ref = call.repository(f"{owner}/{name}", "contents=read"), call.query.get("ref")
    found = [
        {
            "id": each.id,
            "node_id": node("PSH", each.id),
            "before": each.before,
            "after": each.after,
            "ref": each.ref,
            "timestamp": each.at,
            "activity_type": each.type,
            "actor": account(call, each.actor) if each.actor else None,
        }
        for each in reversed(one.activities)
        if ref in (None, each.ref, each.ref.removeprefix("refs/heads/"))
    ]
    return call.page(found)


@router.get(BASE + "/branches")
async def branches(call: Calling, owner: str, name: str) -> Response:
    """The branches with the commits they point at."""
    one = call.repository(f"{owner}/{name}", "contents=read")
    return call.page([_branch(call, one, ref.removeprefix("refs/heads/"), sha) for ref, sha, _ in one.git.refs("refs/heads/")])


def _branch(call: Call, one: Repository, name: str, sha: str) -> Json:
    commit = {"sha": sha, "url": f"{api_url(call, one)}/commits/{sha}"}
    return {"name": name, "commit": commit, "protected": name in one.protected}


@router.get(BASE + "/branches/{branch:path}/protection")
async def protection(call: Calling, owner: str, name: str, branch: str) -> Response:
    """What protects a branch; only for who administers the repository."""
    one = call.repository(f"{owner}/{name}", "administration=read", "administration=write")
    if call.token is None or "administration" not in call.token.permissions:
        raise Refusal(
            403, "Resource not accessible by integration", headers={"x-accepted-github-permissions": "administration=read"}
        )
    if branch not in one.protected:
        raise Refusal(404, "Branch not protected")
    return call.answer(_protection(call, one, branch))


def _protection(call: Call, one: Repository, branch: str) -> Json:
    return {"url": f"{api_url(call, one)}/branches/{branch}/protection", **one.protected[branch]}


@router.get(BASE + "/branches/{branch:path}")
async def branch_of(call: Calling, owner: str, name: str, branch: str) -> Response:
    """One branch."""
    one = call.repository(f"{owner}/{name}", "contents=read")
    sha = one.git.ref(f"refs/heads/{branch}")
    if sha is None:
        raise Refusal(404, "Branch not found")
    url = f"{api_url(call, one)}/branches/{branch}"
    body = {
        "name": branch,
        "commit": commit_body(call, one, one.git.commit(sha)),
        "_links": {"self": url, "html": f"{call.web}/{one.full_name}/tree/{branch}"},
        "protected": branch in one.protected,
        "protection": {"enabled": branch in one.protected},
        "protection_url": f"{url}/protection",
    }
    return call.answer(body)


@router.get(BASE + "/collaborators")
async def collaborators(call: Calling, owner: str, name: str) -> Response:
    """The people with a role here."""
    one = call.repository(f"{owner}/{name}", "metadata=read")
    call.signed_in()
    return call.page([_collaborator(call, one, login) for login in one.roles])


def _collaborator(call: Call, one: Repository, login: str) -> Json:
    role = one.roles.get(login, "read" if not one.private else "none")
    return {**account(call, call.state.accounts[login]), "permissions": permission_flags(role), "role_name": role}


@router.get(BASE + "/collaborators/{login}")
async def is_collaborator(call: Calling, owner: str, name: str, login: str) -> Response:
    """204 for who has a role here, else 404."""
    one = call.repository(f"{owner}/{name}", "metadata=read")
    call.signed_in()
    if login not in one.roles:
        raise not_found()
    return call.nothing()


@router.get(BASE + "/collaborators/{login}/permission")
async def permission(call: Calling, owner: str, name: str, login: str) -> Response:
    """The role of an account; `permission` knows only admin, write, read and none."""
    one = call.repository(f"{owner}/{name}", "metadata=read")
    call.signed_in()
    if login not in call.state.accounts:
        raise not_found()
    person = _collaborator(call, one, login)
    role = person["role_name"]
    return call.answer({"permission": PERMISSIONS.get(role, role), "role_name": role, "user": person})


@router.get(BASE + "/labels")
async def labels(call: Calling, owner: str, name: str) -> Response:
    """The labels on offer."""
    one = call.repository(f"{owner}/{name}", "issues=read", "pull_requests=read")
    return call.page([label(call, one, item) for item in one.labels.values()])


@router.post(BASE + "/labels")
async def create_label(call: Calling, owner: str, name: str) -> Response:
    """A new label."""
    one = call.repository(f"{owner}/{name}", "issues=write", "pull_requests=write")
    title = call.text("Label", "name")
    if title in one.labels:
        raise invalid("Label", "name", "already_exists")
    made = Label(call.state.next_id(), title, call.body.get("color", "ededed"), call.body.get("description"))
    one.labels[title] = made
    return call.answer(label(call, one, made), 201)


@router.get(BASE + "/labels/{title}")
async def show_label(call: Calling, owner: str, name: str, title: str) -> Response:
    """One label."""
    one = call.repository(f"{owner}/{name}", "issues=read", "pull_requests=read")
    if title not in one.labels:
        raise not_found()
    return call.answer(label(call, one, one.labels[title]))
