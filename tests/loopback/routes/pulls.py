"""Pull requests."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.accounts import account
from tests.loopback.bodies.conversations import pull, pull_simple
from tests.loopback.bodies.files import diff_entry
from tests.loopback.bodies.payloads import pull_event
from tests.loopback.bodies.repositories import commit_body, web_url
from tests.loopback.call import Call, Calling, Refusal, invalid
from tests.loopback.state import Pull, Repository, moment
from tests.loopback.world import close, merge, open_pull, refresh

router = APIRouter()
BASE = "/repos/{owner}/{name}/pulls"
READ, WRITE = "pull_requests=read", "pull_requests=write"


def current(call: Call, full_name: str, *needs: str) -> Repository:
    """The repository with its pull requests following what was pushed."""
    one = call.repository(full_name, *needs)
    for moved in refresh(call.state, one):
        call.emit("pull_request", one, pull_event(call, one, moved, "synchronize"))
    return one


@router.get(BASE)
async def index(call: Calling, owner: str, name: str) -> Response:
    """Pull requests, newest first; `head` is `owner:branch`, and without an owner it filters nothing, as on github.com."""
    one = current(call, f"{owner}/{name}", READ)
    wanted, base, head = call.query.get("state", "open"), call.query.get("base"), call.query.get("head", "")
    found = [
        item
        for item in sorted(one.pulls.values(), key=lambda item: -item.number)
        if wanted in ("all", one.issues[item.number].state)
        and base in (None, item.base_ref)
        and (":" not in head or head == f"{item.head_owner}:{item.head_ref}")
    ]
    if call.query.get("direction", "asc" if call.query.get("sort", "created") != "created" else "desc") == "asc":
        found.reverse()
    return call.page([pull_simple(call, one, item) for item in found])


@router.post(BASE)
async def create(call: Calling, owner: str, name: str) -> Response:
    """Opens a pull request."""
    one = call.repository(f"{owner}/{name}", WRITE)
    head, base, title = (call.text("PullRequest", field) for field in ("head", "base", "title"))
    actor = call.signed_in().actor
    for item in one.pulls.values():
        if one.issues[item.number].state == "open" and _names(item, head) and item.base_ref == base:
            error = {"resource": "PullRequest", "code": "custom", "message": f"A pull request already exists for {head}."}
            raise Refusal(422, "Validation Failed", [error])
    made = open_pull(call.state, one, head, base, title, call.body.get("body"), actor, bool(call.body.get("draft")))
    if made is None:
        raise invalid("PullRequest", "base" if one.git.ref(f"refs/heads/{base}") is None else "head")
    if made.head_sha == made.base_sha or one.git.contains(made.head_sha, made.base_sha):
        del one.pulls[made.number], one.issues[made.number]
        message = f"No commits between {base} and {head}"
        raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": message}])
    call.emit("pull_request", one, pull_event(call, one, made, "opened"))
    return call.answer(pull(call, one, made), 201)


def _names(item: Pull, head: str) -> bool:
    return head in (item.head_ref, f"{item.head_owner}:{item.head_ref}")


@router.get(BASE + "/{number}")
async def show(call: Calling, owner: str, name: str, number: int) -> Response:
    """One pull request."""
    one = current(call, f"{owner}/{name}", READ)
    return call.answer(pull(call, one, call.pull(one, number)))


@router.patch(BASE + "/{number}")
async def update(call: Calling, owner: str, name: str, number: int) -> Response:
    """Changes title, text, state or base."""
    one = current(call, f"{owner}/{name}", WRITE)
    item, issue = call.pull(one, number), one.issues[number]
    issue.title, issue.body = call.body.get("title", issue.title), call.body.get("body", issue.body)
    item.base_ref = call.body.get("base", item.base_ref)
    issue.updated_at = moment()
    before, wanted = issue.state, call.body.get("state", issue.state)
    if wanted == "closed" and before == "open":
        close(issue)
        call.emit("pull_request", one, pull_event(call, one, item, "closed"))
    if wanted == "open" and before == "closed":
        issue.state, issue.closed_at = "open", None
        call.emit("pull_request", one, pull_event(call, one, item, "reopened"))
    refresh(call.state, one)
    return call.answer(pull(call, one, item))


@router.get(BASE + "/{number}/files")
async def files(call: Calling, owner: str, name: str, number: int) -> Response:
    """What the pull request changes, against the merge base."""
    one = current(call, f"{owner}/{name}", READ)
    item = call.pull(one, number)
    base = one.git.merge_base(item.base_sha, item.head_sha) or item.base_sha
    changes = one.git.diff(base, item.head_sha)[:3000]
    return call.page([diff_entry(call, one, item.head_sha, change) for change in changes])


@router.get(BASE + "/{number}/commits")
async def commits(call: Calling, owner: str, name: str, number: int) -> Response:
    """The commits of a pull request, oldest first."""
    one = current(call, f"{owner}/{name}", READ)
    item = call.pull(one, number)
    hashes = one.git.log(f"{item.base_sha}..{item.head_sha}")
    return call.page([commit_body(call, one, one.git.commit(sha)) for sha in reversed(hashes)])


@router.get(BASE + "/{number}/reviews")
async def reviews(call: Calling, owner: str, name: str, number: int) -> Response:
    """The reviews of a pull request, oldest first."""
    one = current(call, f"{owner}/{name}", READ)
    item = call.pull(one, number)
    url = f"{web_url(call, one)}/pull/{number}"
    return call.page(
        [
            {
                "id": index,
                "node_id": f"PRR_{index}",
                "user": account(call, who),
                "body": "",
                "state": state,
                "html_url": f"{url}#pullrequestreview-{index}",
                "pull_request_url": url,
                "_links": {"html": {"href": f"{url}#pullrequestreview-{index}"}, "pull_request": {"href": url}},
                "author_association": "MEMBER",
                "commit_id": item.head_sha,
                "submitted_at": moment(),
            }
            for index, (who, state) in enumerate(item.reviews, 1)
        ]
    )


@router.put(BASE + "/{number}/merge")
async def merge_pull(call: Calling, owner: str, name: str, number: int) -> Response:
    """Merges; 409 where the head is no longer the one named, 405 on a conflict or where the rules of the base ask for more."""
    one = current(call, f"{owner}/{name}", "contents=write")
    item = call.pull(one, number)
    if call.body.get("sha", item.head_sha) != item.head_sha:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    title = call.body.get("commit_title") or f"Merge pull request #{number} from {item.head_owner}/{item.head_ref}"
    title += f"\n\n{call.body['commit_message']}" if call.body.get("commit_message") else ""
    if call.body.get("merge_method", "merge") not in one.merge_methods:
        raise Refusal(405, "Merge commits are not allowed on this repository.")
    if item.blocked:
        raise Refusal(405, item.blocked)
    is_open = one.issues[number].state == "open"
    commit = merge(call.state, one, item, call.signed_in().actor, title) if is_open else None
    if commit is None:
        raise Refusal(405, "Pull Request is not mergeable")
    call.emit("pull_request", one, pull_event(call, one, item, "closed"))
    return call.answer({"sha": commit, "merged": True, "message": "Pull Request successfully merged"})
