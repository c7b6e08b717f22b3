"""Workflow runs and artifacts."""

import secrets
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from tests.loopback.bodies.checks import artifact, job, run
from tests.loopback.call import Call, Calling, Refusal, not_found
from tests.loopback.state import Repository, Run

router = APIRouter()
BASE = "/repos/{owner}/{name}/actions"
LONGEST_REPORT = 1024
STORAGE: dict[str, bytes] = {}
"""Downloads that were signed: the key of the address, and the bytes."""


def _find(one: Repository, number: int) -> Run:
    if number not in one.runs:
        raise not_found()
    return one.runs[number]


def runs_page(call: Call, one: Repository, workflow_id: int | None = None) -> Response:
    """The runs that the query asks for, newest first; of one workflow where it is named."""
    query = call.query
    found = [
        item
        for item in sorted(one.runs.values(), key=lambda item: -item.id)
        if workflow_id in (None, item.workflow_id)
        and query.get("event") in (None, item.event)
        and query.get("branch") in (None, item.head_branch)
        and query.get("head_sha") in (None, item.head_sha)
        and query.get("actor") in (None, item.actor.login)
        and query.get("status") in (None, item.status, item.conclusion)
        and _within(item.created_at, query.get("created", ""))
    ]
    return call.page([run(call, one, item) for item in found], key="workflow_runs")


def _within(moment: str, window: str) -> bool:
    """Whether a moment is in `>=since`, or in `since..until` with both ends."""
    since, _, until = window.removeprefix(">=").partition("..")
    return since <= moment <= (until or moment)


@router.get(BASE + "/runs")
async def index(call: Calling, owner: str, name: str) -> Response:
    """Workflow runs, newest first."""
    return runs_page(call, call.repository(f"{owner}/{name}", "actions=read"))


@router.get(BASE + "/runs/{number}")
async def show(call: Calling, owner: str, name: str, number: int) -> Response:
    """One workflow run."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    return call.answer(run(call, one, _find(one, number)))


@router.get(BASE + "/runs/{number}/attempts/{attempt}")
async def attempt(call: Calling, owner: str, name: str, number: int, attempt: int) -> Response:
    """One attempt of a run."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    item = _find(one, number)
    if not 0 < attempt <= item.attempt:
        raise not_found()
    return call.answer(run(call, one, replace(item, attempt=attempt, again=item.again[: attempt - 1])))


@router.get(BASE + "/runs/{number}/jobs")
async def jobs(call: Calling, owner: str, name: str, number: int) -> Response:
    """The jobs of a run: of its last attempt, or of all."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    item = _find(one, number)
    found = [each for each in item.jobs if call.query.get("filter") == "all" or each.attempt == item.attempt]
    return call.page([job(call, one, item, each) for each in found], key="jobs")


@router.get(BASE + "/runs/{number}/artifacts")
async def run_artifacts(call: Calling, owner: str, name: str, number: int) -> Response:
    """The artifacts of one run."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    _find(one, number)
    wanted = call.query.get("name")
    found = [item for item in one.artifacts.values() if item.run_id == number and wanted in (None, item.name)]
    return call.page([artifact(call, one, item) for item in reversed(found)], key="artifacts")


@router.get(BASE + "/artifacts")
async def artifacts(call: Calling, owner: str, name: str) -> Response:
    """All artifacts of the repository, newest first."""
    one, wanted = call.repository(f"{owner}/{name}", "actions=read"), call.query.get("name")
    found = [item for item in one.artifacts.values() if wanted in (None, item.name)]
    return call.page([artifact(call, one, item) for item in reversed(found)], key="artifacts")


@router.get(BASE + "/artifacts/{number}")
async def show_artifact(call: Calling, owner: str, name: str, number: int) -> Response:
    """One artifact."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    if number not in one.artifacts:
        raise not_found()
    return call.answer(artifact(call, one, one.artifacts[number]))


@router.get(BASE + "/artifacts/{number}/{form}")
async def download(call: Calling, owner: str, name: str, number: int, form: str) -> Response:
    """The way to the zip: a signed address on another host, for which the token is not meant."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    call.signed_in()
    if number not in one.artifacts or form != "zip":
        raise not_found()
    found = one.artifacts[number]
    if found.expired:
        raise Refusal(410, "Artifact has expired")
    key = secrets.token_urlsafe(24)
    STORAGE[key] = found.data
    host = call.web.replace("//localhost", "//127.0.0.1")
    return RedirectResponse(f"{host}/_storage/{key}", 302)


@router.get("/_storage/{key}")
async def stored(call: Calling, key: str) -> Response:
    """The bytes behind a signed address, which refuses a request that carries a token as well."""
    if "authorization" in call.headers:
        raise Refusal(403, "AuthenticationFailed: a signed address takes no Authorization header")
    if key not in STORAGE:
        raise not_found()
    return Response(STORAGE[key], media_type="application/zip")


def _waiting(item: Run) -> list[str]:
    return [name for name, said in item.gates.items() if not any("state" in each for each in said)]


@router.get(BASE + "/runs/{number}/pending_deployments")
async def pending(call: Calling, owner: str, name: str, number: int) -> Response:
    """The environments that jobs of a run wait for."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    found = [
        {
            "environment": {"id": index, "name": each},
            "wait_timer": 0,
            "wait_timer_started_at": None,
            "current_user_can_approve": False,
            "reviewers": [],
        }
        for index, each in enumerate(_waiting(_find(one, number)), 1)
    ]
    return call.answer(found)


@router.post(BASE + "/runs/{number}/deployment_protection_rule")
async def gate(call: Calling, owner: str, name: str, number: int) -> Response:
    """An App lets jobs of a run into an environment, or does not, or says how it stands."""
    one = call.repository(f"{owner}/{name}", "deployments=write")
    item, given = _find(one, number), call.body
    wanted, state = call.text("Run", "environment_name"), given.get("state")
    if state not in (None, "approved", "rejected") or (state is None and not given.get("comment")):
        raise Refusal(422, "Invalid request.")
    if len(given.get("comment") or "") > LONGEST_REPORT:
        raise Refusal(422, f"Comment is too long (maximum is {LONGEST_REPORT} characters)")
    if wanted not in _waiting(item):
        raise Refusal(422, "There is no pending deployment for this environment")
    item.gates[wanted].append({key: value for key, value in given.items() if value is not None})
    if state == "rejected":
        item.status, item.conclusion = "completed", "failure"
    elif not _waiting(item):
        item.status = "queued"
    return Response(status_code=204)


@router.post(BASE + "/runs/{number}/{verb}")
async def command(call: Calling, owner: str, name: str, number: int, verb: str) -> Response:
    """Runs a run again, or stops it."""
    one = call.repository(f"{owner}/{name}", "actions=write")
    item = _find(one, number)
    if verb in ("rerun", "rerun-failed-jobs"):
        item.attempt, item.status, item.conclusion = item.attempt + 1, "queued", None
        item.again.append(call.signed_in().actor)
        return call.answer({}, 201)
    if verb == "cancel":
        item.status, item.conclusion = "completed", "cancelled"
        return call.answer({}, 202)
    raise not_found()
