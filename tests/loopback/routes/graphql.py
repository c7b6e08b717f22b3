"""What is used of the GraphQL API: auto-merge, and the files of folders. Errors come with status 200, as GraphQL has them."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.call import Call, Calling
from tests.loopback.git import Git
from tests.loopback.state import Json, Pull, Repository, node

router = APIRouter()
METHODS = ("MERGE", "REBASE", "SQUASH")


@router.post("/graphql")
async def mutate(call: Calling) -> Response:
    """Turns on auto-merge for a pull request, or lists folders. The variables have the names that we or CML give them."""
    call.signed_in()
    variables = call.body.get("variables") or {}
    if "object(expression: $folders)" in str(call.body.get("query")):
        return call.answer({"data": {"repository": _folders(call, variables)}})
    if "enablePullRequestAutoMerge" not in str(call.body.get("query")):
        return call.answer(_failed("NOT_SUPPORTED", "this GitHub knows one mutation"))
    found = _pull(call, variables.get("pullRequest") or variables.get("pullRequestId"))
    if found is None:
        return call.answer(_failed("NOT_FOUND", "Could not resolve to a node with the global id"))
    one, pull = found
    method = variables.get("method") or variables.get("mergeMethod")
    if method not in METHODS:
        return call.answer(_failed("INVALID", "not a PullRequestMergeMethod"))
    call.repository(one.full_name, "pull_requests=write")
    if not one.allows_auto_merge:
        return call.answer(_failed("UNPROCESSABLE", "Auto merge is not allowed for this repository"))
    if pull.base_ref not in one.protected:
        return call.answer(_failed("UNPROCESSABLE", "Pull request Pull request is in clean status"))
    one.auto_merges[pull.number] = str(method)
    return call.answer({"data": {"enablePullRequestAutoMerge": {"clientMutationId": None}}})


def _folders(call: Call, variables: Json) -> Json:
    """The trees that `branch:path` names, with the text of their files, as `Tree.entries` has them."""
    git = call.repository(f"{variables['owner']}/{variables['name']}", "contents=read").git
    return {name: _tree(git, str(variables[name])) for name in ("folders", "first", "second")}


def _tree(git: Git, expression: str) -> Json | None:
    branch, _, path = expression.partition(":")
    tip = git.sha(branch)
    there = {each.path: each for each in git.tree(tip, recursive=True)} if tip else {}
    inside = [each for each in there if each.startswith(f"{path}/")]
    if not inside:
        return None
    entries = []
    for name in sorted({each.removeprefix(f"{path}/").split("/")[0] for each in inside}):
        found = there.get(f"{path}/{name}")
        blob = {"text": git.read(found.sha).decode(), "isTruncated": False} if found and found.type == "blob" else {}
        entries.append({"name": name, "object": blob})
    return {"entries": entries}


def _failed(kind: str, message: str) -> Json:
    return {"data": {"enablePullRequestAutoMerge": None}, "errors": [{"type": kind, "message": message}]}


def _pull(call: Call, wanted: object) -> tuple[Repository, Pull] | None:
    every = ((one, pull) for one in call.state.repositories.values() for pull in one.pulls.values())
    return next(((one, pull) for one, pull in every if node("PR", pull.id) == wanted), None)
