"""Workflow files, their runs, and asking for one."""

import zlib

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.checks import workflow
from tests.loopback.bodies.payloads import run_event
from tests.loopback.bodies.repositories import api_url, web_url
from tests.loopback.call import Call, Calling, Refusal, not_found
from tests.loopback.dispatch import Workflow, filled, title
from tests.loopback.routes.runs import runs_page
from tests.loopback.state import Dispatch, Json, Repository, Run, moment

router = APIRouter()
FOLDER = ".github/workflows"
BASE = "/repos/{owner}/{name}/actions/workflows"


def _files(one: Repository) -> list[str]:
    """The paths of the workflow files in the default branch."""
    head = one.git.ref(f"refs/heads/{one.default_branch}")
    folder = one.git.entry(head, FOLDER) if head else None
    return [f"{FOLDER}/{item.path}" for item in one.git.tree(folder.sha)] if folder else []


def _path(one: Repository, name: str) -> str:
    """The path of a workflow by its file name or its id."""
    for path in _files(one):
        if name in (path.removeprefix(f"{FOLDER}/"), str(zlib.crc32(path.encode()))):
            return path
    raise not_found()


@router.get(BASE)
async def index(call: Calling, owner: str, name: str) -> Response:
    """The workflow files of the default branch."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    return call.page([workflow(call, one, path) for path in _files(one)], key="workflows")


@router.get(BASE + "/{file}")
async def show(call: Calling, owner: str, name: str, file: str) -> Response:
    """One workflow."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    return call.answer(workflow(call, one, _path(one, file)))


@router.get(BASE + "/{file}/runs")
async def runs(call: Calling, owner: str, name: str, file: str) -> Response:
    """The runs of one workflow, newest first."""
    one = call.repository(f"{owner}/{name}", "actions=read")
    return runs_page(call, one, zlib.crc32(_path(one, file).encode()))


@router.post(BASE + "/{file}/dispatches")
async def dispatch_workflow(call: Calling, owner: str, name: str, file: str) -> Response:
    """Asks for a workflow that is in the default branch, as the file at the ref describes it. It is queued at the ref's tip."""
    one = call.repository(f"{owner}/{name}", "actions=write")
    ref = call.text("Workflow", "ref")
    given = call.body.get("inputs") or {}
    path = _path(one, file)
    branch = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    sha = one.git.ref(f"refs/heads/{branch}") or one.git.ref(f"refs/tags/{branch}")
    if sha is None:
        raise Refusal(422, f"No ref found for: {ref}")
    entry = one.git.entry(sha, path)
    described = Workflow.read(one.git.read(entry.sha) if entry else b"", path)
    inputs = _inputs(described, given)
    actor = call.signed_in().actor
    one.dispatches.append(Dispatch("workflow_dispatch", path.removeprefix(f"{FOLDER}/"), ref, given, actor.login))
    number = 1 + sum(each.path == path for each in one.runs.values())
    known = {"github.ref_name": branch, "github.actor": actor.login, "github.run_number": str(number)}
    run = Run(
        call.state.next_id(), number, described.name, path, zlib.crc32(path.encode()), "workflow_dispatch", sha, branch,
        one.full_name, actor, moment(), "queued", None, inputs=inputs, title=title(described, inputs, known),
    )  # fmt: skip
    one.runs[run.id] = run
    call.emit("workflow_run", one, run_event(call, one, run, "requested"))
    return call.answer(_told(call, one, run)) if call.body.get("return_run_details") else call.nothing()


def _inputs(described: Workflow, given: Json) -> dict[str, str]:
    inputs = filled(described, given)
    if isinstance(inputs, str):
        raise Refusal(422, inputs)
    return inputs


def _told(call: Call, one: Repository, run: Run) -> Json:
    return {
        "workflow_run_id": run.id,
        "run_url": f"{api_url(call, one)}/actions/runs/{run.id}",
        "html_url": f"{web_url(call, one)}/actions/runs/{run.id}",
    }


@router.post("/repos/{owner}/{name}/dispatches")
async def dispatch_repository(call: Calling, owner: str, name: str) -> Response:
    """Sends an event of one's own to the repository's workflows."""
    one = call.repository(f"{owner}/{name}", "contents=write")
    kind, payload = call.text("RepositoryDispatch", "event_type"), call.body.get("client_payload") or {}
    if len(kind) > 100 or len(payload) > 10:
        raise Refusal(422, "Invalid request.\n\nNo more than 10 properties are allowed.")
    one.dispatches.append(Dispatch("repository_dispatch", kind, None, payload, call.signed_in().actor.login))
    return call.nothing()
