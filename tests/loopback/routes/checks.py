"""Check runs: made and changed only by apps, at most 50 annotations a request."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.checks import check_run
from tests.loopback.bodies.repositories import web_url
from tests.loopback.call import Call, Calling, Refusal, invalid, not_found
from tests.loopback.state import CheckRun, Json, Repository, moment
from tests.loopback.world import latest, suite_of

router = APIRouter()
BASE = "/repos/{owner}/{name}"
CONCLUSIONS = ("success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required")
LONGEST, MOST = 65_535, 50


def _app(call: Call) -> int:
    token = call.signed_in()
    if token.app_id is None:
        raise Refusal(403, "You must authenticate via a GitHub App.")
    return token.app_id


def _find(one: Repository, number: int) -> CheckRun:
    if number not in one.checks:
        raise not_found()
    return one.checks[number]


@router.post(BASE + "/check-runs")
async def create(call: Calling, owner: str, name: str) -> Response:
    """A new check run on a commit of this repository, or of a pull request to it."""
    one = call.repository(f"{owner}/{name}", "checks=write")
    app_id, title, sha = _app(call), call.text("CheckRun", "name"), call.text("CheckRun", "head_sha")
    if len(sha) != 40 or one.git.type(sha) != "commit":
        raise Refusal(422, f"No commit found for SHA: {sha}")
    run = CheckRun(
        call.state.next_id(), suite_of(call.state, one, app_id, sha), app_id, sha, title, "queued", None, "", None, moment(), None
    )
    _apply(call, run)
    one.checks[run.id] = run
    return call.answer(check_run(call, one, run), 201)


@router.patch(BASE + "/check-runs/{number}")
async def update(call: Calling, owner: str, name: str, number: int) -> Response:
    """Changes a check run of one's own app; annotations are added to those before."""
    one = call.repository(f"{owner}/{name}", "checks=write")
    run, app_id = _find(one, number), _app(call)
    if run.app_id != app_id:
        raise Refusal(403, f"Invalid app_id `{app_id}` - check run can only be modified by the GitHub App that created it.")
    _apply(call, run)
    return call.answer(check_run(call, one, run))


def _apply(call: Call, run: CheckRun) -> None:
    body = call.body
    output = body.get("output") or {}
    _validate(body, output)
    conclusion = body.get("conclusion")
    run.status = "completed" if conclusion else body.get("status", run.status)
    run.conclusion = conclusion or (run.conclusion if run.status == "completed" else None)
    run.name, run.external_id = body.get("name", run.name), body.get("external_id", run.external_id)
    run.details_url, run.started_at = body.get("details_url", run.details_url), body.get("started_at", run.started_at)
    run.completed_at = body.get("completed_at") or (run.completed_at or moment() if run.status == "completed" else None)
    run.title, run.summary = output.get("title", run.title), output.get("summary", run.summary)
    run.text = output.get("text", run.text)
    run.annotations = [*run.annotations, *output.get("annotations", [])]


def _validate(body: Json, output: Json) -> None:
    if body.get("status") == "completed" and not body.get("conclusion"):
        raise invalid("CheckRun", "conclusion", "missing_field")
    if body.get("conclusion") not in (None, *CONCLUSIONS):
        raise Refusal(422, f"Invalid request.\n\n{body['conclusion']} is not a member of {list(CONCLUSIONS)}.")
    if body.get("status") not in (None, "queued", "in_progress", "completed", "waiting", "requested", "pending"):
        raise Refusal(422, f"Invalid request.\n\n{body['status']} is not a possible status.")
    if output and not (output.get("title") and output.get("summary")):
        raise Refusal(422, 'Invalid request.\n\n"title", "summary" weren\'t supplied.')
    for field in ("summary", "text"):
        if len(output.get(field) or "") > LONGEST:
            raise Refusal(422, f"Invalid request.\n\nOnly {LONGEST} characters are allowed; {len(output[field])} were supplied.")
    annotations = output.get("annotations") or []
    if len(annotations) > MOST:
        raise Refusal(422, f"Invalid request.\n\nNo more than {MOST} items are allowed; {len(annotations)} were supplied.")
    for item in annotations:
        _validate_annotation(item)


def _validate_annotation(item: Json) -> None:
    missing = [name for name in ("path", "start_line", "end_line", "annotation_level", "message") if name not in item]
    if missing:
        raise Refusal(422, f"Invalid request.\n\n{', '.join(missing)} weren't supplied.")
    if item["annotation_level"] not in ("notice", "warning", "failure"):
        raise Refusal(422, f"Invalid request.\n\n{item['annotation_level']} is not an annotation level.")
    if not 1 <= item["start_line"] <= item["end_line"]:
        raise Refusal(422, "Invalid request.\n\nend_line must not be before start_line, and lines begin at 1.")


@router.get(BASE + "/check-runs/{number}")
async def show(call: Calling, owner: str, name: str, number: int) -> Response:
    """One check run."""
    one = call.repository(f"{owner}/{name}", "checks=read")
    return call.answer(check_run(call, one, _find(one, number)))


@router.get(BASE + "/check-runs/{number}/annotations")
async def annotations(call: Calling, owner: str, name: str, number: int) -> Response:
    """The annotations of a check run."""
    one = call.repository(f"{owner}/{name}", "checks=read")
    run = _find(one, number)
    blank = {"start_column": None, "end_column": None, "title": None, "raw_details": None}
    page = f"{web_url(call, one)}/blob/{run.head_sha}"
    return call.page([{**blank, **item, "blob_href": f"{page}/{item['path']}"} for item in run.annotations])


@router.get(BASE + "/commits/{ref:path}/check-runs")
async def index(call: Calling, owner: str, name: str, ref: str) -> Response:
    """The check runs of a commit: the newest of each app and name, unless `filter=all`."""
    one = call.repository(f"{owner}/{name}", "checks=read")
    sha, query = call.commit(one, ref), call.query
    found = [run for run in one.checks.values() if run.head_sha == sha]
    if query.get("filter", "latest") == "latest":
        found = latest(found)
    wanted = [
        run
        for run in found
        if query.get("check_name") in (None, run.name)
        and query.get("status") in (None, run.status)
        and query.get("app_id") in (None, str(run.app_id))
    ]
    return call.page([check_run(call, one, run) for run in sorted(wanted, key=lambda run: -run.id)], key="check_runs")
