"""Deployments and their statuses."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.accounts import account
from tests.loopback.bodies.repositories import api_url
from tests.loopback.call import Call, Calling, Refusal, invalid, not_found
from tests.loopback.state import Deployment, Json, Repository, moment, node

router = APIRouter()
BASE = "/repos/{owner}/{name}/deployments"
READ, WRITE = "deployments=read", "deployments=write"
STATES = ("error", "failure", "inactive", "in_progress", "queued", "pending", "success")


def _deployment(call: Call, one: Repository, item: Deployment) -> Json:
    url = f"{api_url(call, one)}/deployments/{item.id}"
    return {
        "url": url,
        "id": item.id,
        "node_id": node("DE", item.id),
        "task": item.task,
        "original_environment": item.environment,
        "environment": item.environment,
        "description": item.description,
        "created_at": item.created_at,
        "updated_at": item.created_at,
        "statuses_url": f"{url}/statuses",
        "repository_url": api_url(call, one),
        "creator": account(call, item.creator),
        "sha": item.sha,
        "ref": item.ref,
        "payload": item.payload,
        "transient_environment": False,
        "production_environment": item.environment == "production",
        "performed_via_github_app": None,
    }


def _find(one: Repository, number: int) -> Deployment:
    if number not in one.deployments:
        raise not_found()
    return one.deployments[number]


@router.get(BASE)
async def index(call: Calling, owner: str, name: str) -> Response:
    """Deployments, newest first."""
    one, query = call.repository(f"{owner}/{name}", READ), call.query
    found = [
        item
        for item in reversed(one.deployments.values())
        if all(query.get(key) in (None, getattr(item, key)) for key in ("environment", "sha", "ref", "task"))
    ]
    return call.page([_deployment(call, one, item) for item in found])


@router.post(BASE)
async def create(call: Calling, owner: str, name: str) -> Response:
    """A new deployment of a ref."""
    one = call.repository(f"{owner}/{name}", WRITE)
    ref = call.text("Deployment", "ref")
    sha = one.git.sha(ref)
    if sha is None:
        raise Refusal(422, f"No ref found for: {ref}")
    body = call.body
    made = Deployment(
        call.state.next_id(),
        sha,
        ref,
        body.get("task", "deploy"),
        body.get("environment", "production"),
        body.get("description"),
        body.get("payload", {}),
        call.signed_in().actor,
        moment(),
    )
    one.deployments[made.id] = made
    return call.answer(_deployment(call, one, made), 201)


@router.get(BASE + "/{number}")
async def show(call: Calling, owner: str, name: str, number: int) -> Response:
    """One deployment."""
    one = call.repository(f"{owner}/{name}", READ)
    return call.answer(_deployment(call, one, _find(one, number)))


@router.get(BASE + "/{number}/statuses")
async def statuses(call: Calling, owner: str, name: str, number: int) -> Response:
    """What became of a deployment, newest first."""
    one = call.repository(f"{owner}/{name}", READ)
    return call.page([_status(call, one, number, item) for item in reversed(_find(one, number).statuses)])


def _status(call: Call, one: Repository, number: int, item: Json) -> Json:
    url = f"{api_url(call, one)}/deployments/{number}"
    return {
        "url": f"{url}/statuses/{item['id']}",
        "id": item["id"],
        "node_id": node("DES", item["id"]),
        "state": item["state"],
        "creator": account(call, call.state.accounts[item["creator"]]),
        "description": item["description"],
        "environment": item["environment"],
        "target_url": item["log_url"],
        "log_url": item["log_url"],
        "environment_url": item["environment_url"],
        "created_at": item["created_at"],
        "updated_at": item["created_at"],
        "deployment_url": url,
        "repository_url": api_url(call, one),
        "performed_via_github_app": None,
    }


@router.post(BASE + "/{number}/statuses")
async def create_status(call: Calling, owner: str, name: str, number: int) -> Response:
    """Says how a deployment is; a success makes the earlier ones of its environment inactive, as on github.com."""
    one = call.repository(f"{owner}/{name}", WRITE)
    deployment, state = _find(one, number), call.body.get("state")
    if state not in STATES:
        raise invalid("DeploymentStatus", "state", "inclusion")
    _add(call, deployment, str(state), call.body)
    if state == "success" and call.body.get("auto_inactive", True):
        for other in one.deployments.values():
            if other.id != number and other.environment == deployment.environment and other.statuses:
                _add(call, other, "inactive", {})
    return call.answer(_status(call, one, number, deployment.statuses[-1]), 201)


def _add(call: Call, deployment: Deployment, state: str, body: Json) -> None:
    texts = {key: body.get(key) or "" for key in ("description", "log_url", "environment_url")}
    head = {"id": call.state.next_id(), "state": state, "environment": deployment.environment, **texts}
    deployment.statuses.append({**head, "creator": call.signed_in().actor.login, "created_at": moment()})
