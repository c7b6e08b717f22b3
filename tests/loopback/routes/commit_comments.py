"""Comments on commits."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.accounts import account
from tests.loopback.bodies.conversations import association
from tests.loopback.bodies.repositories import api_url, web_url
from tests.loopback.call import Call, Calling, invalid, not_found
from tests.loopback.state import CommitComment, Json, Repository, moment, node

router = APIRouter()
BASE = "/repos/{owner}/{name}"
LONGEST = 65_536


def _drawn(call: Call, one: Repository, item: CommitComment) -> Json:
    return {
        "html_url": f"{web_url(call, one)}/commit/{item.sha}#commitcomment-{item.id}",
        "url": f"{api_url(call, one)}/comments/{item.id}",
        "id": item.id,
        "node_id": node("CC", item.id),
        "body": item.body,
        "path": None,
        "position": None,
        "line": None,
        "commit_id": item.sha,
        "user": account(call, item.author),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "author_association": association(one, item.author),
    }


def _body(call: Call) -> str:
    text = call.text("CommitComment", "body")
    if len(text) > LONGEST:
        raise invalid("CommitComment", "body", "unprocessable", f"body is too long (maximum is {LONGEST} characters)")
    return text


@router.get(BASE + "/commits/{sha}/comments")
async def index(call: Calling, owner: str, name: str, sha: str) -> Response:
    """The comments on one commit, oldest first."""
    one = call.repository(f"{owner}/{name}", "contents=read")
    items = [item for item in one.commit_comments.values() if item.sha == call.commit(one, sha)]
    return call.page([_drawn(call, one, item) for item in items])


@router.post(BASE + "/commits/{sha}/comments")
async def create(call: Calling, owner: str, name: str, sha: str) -> Response:
    """A new comment."""
    one = call.repository(f"{owner}/{name}", "contents=write")
    now = moment()
    made = CommitComment(call.state.next_id(), call.commit(one, sha), _body(call), call.signed_in().actor, now, now)
    one.commit_comments[made.id] = made
    return call.answer(_drawn(call, one, made), 201)


@router.patch(BASE + "/comments/{identifier}")
async def update(call: Calling, owner: str, name: str, identifier: int) -> Response:
    """Changes the text of a comment."""
    one = call.repository(f"{owner}/{name}", "contents=write")
    if identifier not in one.commit_comments:
        raise not_found()
    item = one.commit_comments[identifier]
    item.body, item.updated_at = _body(call), moment()
    return call.answer(_drawn(call, one, item))
