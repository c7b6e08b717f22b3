"""Comments on issues and pull requests, and their reactions."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.conversations import CONTENTS, comment, reaction
from tests.loopback.bodies.payloads import comment_event
from tests.loopback.call import Call, Calling, Refusal, invalid, not_found
from tests.loopback.state import Comment, Reaction, Repository, moment
from tests.loopback.world import add_comment

router = APIRouter()
BASE = "/repos/{owner}/{name}/issues"
READ, WRITE = ("issues=read", "pull_requests=read"), ("issues=write", "pull_requests=write")
LONGEST = 65_536


def _body(call: Call) -> str:
    text = call.text("IssueComment", "body")
    if len(text) > LONGEST:
        raise invalid("IssueComment", "body", "unprocessable", f"body is too long (maximum is {LONGEST} characters)")
    return text


def _find(one: Repository, number: int) -> Comment:
    if number not in one.comments:
        raise not_found()
    return one.comments[number]


@router.get(BASE + "/comments")
async def every(call: Calling, owner: str, name: str) -> Response:
    """All comments of the repository."""
    one = call.repository(f"{owner}/{name}", *READ)
    items = sorted(one.comments.values(), key=lambda item: item.id)
    if call.query.get("direction") == "desc":
        items.reverse()
    return call.page([comment(call, one, item) for item in items if item.updated_at >= call.query.get("since", "")])


@router.get(BASE + "/{number}/comments")
async def index(call: Calling, owner: str, name: str, number: int) -> Response:
    """The comments of one issue or pull request, oldest first."""
    one = call.repository(f"{owner}/{name}", *READ)
    call.issue(one, number)
    items = [item for item in sorted(one.comments.values(), key=lambda item: item.id) if item.number == number]
    return call.page([comment(call, one, item) for item in items if item.updated_at >= call.query.get("since", "")])


@router.post(BASE + "/{number}/comments")
async def create(call: Calling, owner: str, name: str, number: int) -> Response:
    """A new comment."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    call.issue(one, number)
    token, text = call.signed_in(), _body(call)
    made = add_comment(call.state, one, number, text, token.actor, token.app_id)
    call.emit("issue_comment", one, comment_event(call, one, made, "created"))
    return call.answer(comment(call, one, made), 201, {"location": comment(call, one, made)["url"]})


@router.get(BASE + "/comments/{identifier}")
async def show(call: Calling, owner: str, name: str, identifier: int) -> Response:
    """One comment."""
    one = call.repository(f"{owner}/{name}", *READ)
    return call.answer(comment(call, one, _find(one, identifier)))


def _may_edit(call: Call, one: Repository, item: Comment) -> None:
    """A person edits their own comments, and with a write role everybody's; a bot with the permission edits any."""
    token = call.signed_in()
    role = one.roles.get(token.actor.login, "read")
    own = token.actor.id == item.author.id or token.actor.login == one.owner.login
    if not (own or token.kind != "user" or role in ("write", "maintain", "admin")):
        raise Refusal(403, "Must have admin rights to Repository.")


@router.patch(BASE + "/comments/{identifier}")
async def update(call: Calling, owner: str, name: str, identifier: int) -> Response:
    """Changes the text of a comment."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    item, text = _find(one, identifier), _body(call)
    _may_edit(call, one, item)
    before, item.body, item.updated_at = item.body, text, moment()
    call.emit("issue_comment", one, comment_event(call, one, item, "edited", before))
    return call.answer(comment(call, one, item))


@router.delete(BASE + "/comments/{identifier}")
async def delete(call: Calling, owner: str, name: str, identifier: int) -> Response:
    """Removes a comment."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    item = _find(one, identifier)
    _may_edit(call, one, item)
    call.emit("issue_comment", one, comment_event(call, one, item, "deleted"))
    del one.comments[identifier]
    return call.nothing()


def _react(call: Call, one: Repository, on: tuple[str, int]) -> Response:
    content, actor = call.body.get("content"), call.signed_in().actor
    if content not in CONTENTS:
        raise invalid("Reaction", "content")
    for item in one.reactions.values():
        if (item.on, item.content, item.author.id) == (on, content, actor.id):
            return call.answer(reaction(call, item))
    made = Reaction(call.state.next_id(), on, str(content), actor, moment())
    one.reactions[made.id] = made
    return call.answer(reaction(call, made), 201)


def _reactions(call: Call, one: Repository, on: tuple[str, int]) -> Response:
    wanted = call.query.get("content")
    items = [item for item in one.reactions.values() if item.on == on and wanted in (None, item.content)]
    return call.page([reaction(call, item) for item in items])


@router.get(BASE + "/comments/{identifier}/reactions")
async def reactions(call: Calling, owner: str, name: str, identifier: int) -> Response:
    """Who reacted to a comment."""
    one = call.repository(f"{owner}/{name}", *READ)
    return _reactions(call, one, ("comment", _find(one, identifier).id))


@router.post(BASE + "/comments/{identifier}/reactions")
async def react(call: Calling, owner: str, name: str, identifier: int) -> Response:
    """Reacts to a comment; the same reaction twice is one (200)."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    return _react(call, one, ("comment", _find(one, identifier).id))


@router.delete(BASE + "/comments/{identifier}/reactions/{reaction_id}")
async def unreact(call: Calling, owner: str, name: str, identifier: int, reaction_id: int) -> Response:
    """Takes a reaction back."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    found = one.reactions.get(reaction_id)
    if found is None or found.on != ("comment", identifier):
        raise not_found()
    del one.reactions[reaction_id]
    return call.nothing()


@router.get(BASE + "/{number}/reactions")
async def issue_reactions(call: Calling, owner: str, name: str, number: int) -> Response:
    """Who reacted to an issue or pull request."""
    one = call.repository(f"{owner}/{name}", *READ)
    return _reactions(call, one, ("issue", call.issue(one, number).number))


@router.post(BASE + "/{number}/reactions")
async def react_to_issue(call: Calling, owner: str, name: str, number: int) -> Response:
    """Reacts to an issue or pull request."""
    one = call.repository(f"{owner}/{name}", *WRITE)
    return _react(call, one, ("issue", call.issue(one, number).number))
