"""Issues and their labels; every pull request is one too."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.accounts import account
from tests.loopback.bodies.conversations import issue, label
from tests.loopback.bodies.payloads import issue_event
from tests.loopback.call import Call, Calling, Refusal, not_found
from tests.loopback.state import Issue, Label, Repository, moment
from tests.loopback.world import close, open_issue

router = APIRouter()
BASE = "/repos/{owner}/{name}/issues"
READ, WRITE = ("issues=read", "pull_requests=read"), ("issues=write", "pull_requests=write")
LONGEST = 65_536


def _text(call: Call) -> str | None:
    text = call.body.get("body")
    if text is not None and len(text) > LONGEST:
        error = {
            "resource": "Issue",
            "field": "body",
            "code": "custom",
            "message": f"body is too long (maximum is {LONGEST} characters)",
        }
        raise Refusal(422, "Validation Failed", [error])
    return text


@router.get(BASE)
async def index(call: Calling, owner: str, name: str) -> Response:
    """Issues and pull requests, newest first."""
    one = call.repository(f"{owner}/{name}", "issues=read")
    wanted, labels = call.query.get("state", "open"), set(filter(None, call.query.get("labels", "").split(",")))
    creator = call.query.get("creator")
    found = [
        item
        for item in sorted(one.issues.values(), key=lambda item: -item.number)
        if wanted in ("all", item.state) and labels <= set(item.labels) and creator in (None, item.author.login)
    ]
    return call.page([issue(call, one, item) for item in found])


@router.post(BASE)
async def create(call: Calling, owner: str, name: str) -> Response:
    """Opens an issue."""
    one = call.repository(f"{owner}/{name}", "issues=write")
    title, text = call.text("Issue", "title"), _text(call)
    made = open_issue(call.state, one, title, text, call.signed_in().actor)
    _label(call, one, made, call.body.get("labels") or [])
    made.assignees = [call.state.account(login) for login in call.body.get("assignees") or []]
    call.emit("issues", one, issue_event(call, one, made, "opened"))
    return call.answer(issue(call, one, made), 201)


@router.get(BASE + "/{number}")
async def show(call: Calling, owner: str, name: str, number: int) -> Response:
    """One issue."""
    one = call.repository(f"{owner}/{name}", *READ)
    item = call.issue(one, number)
    closer = account(call, item.closed_by) if item.closed_by else None
    return call.answer({**issue(call, one, item), "closed_by": closer})


@router.patch(BASE + "/{number}")
async def update(call: Calling, owner: str, name: str, number: int) -> Response:
    """Changes an issue."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    item, text = call.issue(one, number), _text(call)
    item.title, item.body = call.body.get("title", item.title), text if "body" in call.body else item.body
    item.updated_at = moment()
    if "labels" in call.body:
        item.labels = []
        _label(call, one, item, call.body["labels"])
    if "assignees" in call.body:
        item.assignees = [call.state.account(login) for login in call.body["assignees"]]
    wanted, action = call.body.get("state", item.state), "edited"
    if wanted == "closed" and item.state == "open":
        close(item)
        item.closed_by = call.signed_in().actor
        action = "closed"
    elif wanted == "open" and item.state == "closed":
        item.state, item.closed_at, item.closed_by, action = "open", None, None, "reopened"
    if action != "edited":
        call.emit("issues", one, issue_event(call, one, item, action))
    return call.answer(issue(call, one, item))


def _label(call: Call, one: Repository, item: Issue, names: list[str]) -> None:
    for title in names:
        if title not in one.labels:
            one.labels[title] = Label(call.state.next_id(), title, "ededed", None)
        if title not in item.labels:
            item.labels.append(title)


def _shown(call: Call, one: Repository, item: Issue) -> Response:
    return call.answer([label(call, one, one.labels[title]) for title in item.labels])


@router.get(BASE + "/{number}/labels")
async def labels(call: Calling, owner: str, name: str, number: int) -> Response:
    """The labels of an issue."""
    one = call.repository(f"{owner}/{name}", *READ)
    return _shown(call, one, call.issue(one, number))


@router.post(BASE + "/{number}/labels")
async def add_labels(call: Calling, owner: str, name: str, number: int) -> Response:
    """Adds labels, making those that are new."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    item = call.issue(one, number)
    _label(call, one, item, call.body.get("labels") or [])
    return _shown(call, one, item)


@router.put(BASE + "/{number}/labels")
async def set_labels(call: Calling, owner: str, name: str, number: int) -> Response:
    """Replaces all labels."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    item = call.issue(one, number)
    item.labels = []
    _label(call, one, item, call.body.get("labels") or [])
    return _shown(call, one, item)


@router.delete(BASE + "/{number}/labels/{title}")
async def remove_label(call: Calling, owner: str, name: str, number: int, title: str) -> Response:
    """Takes one label off."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    item = call.issue(one, number)
    if title not in item.labels:
        raise not_found()
    item.labels.remove(title)
    return _shown(call, one, item)
