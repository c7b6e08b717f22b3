"""Files at a commit, through the API and as raw pages."""

import base64
import binascii
import html
import mimetypes

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tests.loopback.bodies.files import content
from tests.loopback.bodies.repositories import git_commit
from tests.loopback.call import Call, Calling, Refusal, credential, not_found
from tests.loopback.git import Entry, Person
from tests.loopback.state import Repository, moment

router = APIRouter()
BASE = "/repos/{owner}/{name}/contents"
LARGEST = 100_000_000


@router.get(BASE)
async def root(call: Calling, owner: str, name: str) -> Response:
    """The top folder."""
    return await show(call, owner, name, "")


@router.get(BASE + "/{path:path}")
async def show(call: Calling, owner: str, name: str, path: str) -> Response:
    """A file, base64 in JSON or raw as the media type asks; or a folder as a list."""
    one = call.repository(f"{owner}/{name}", "contents=read")
    ref = call.query.get("ref", one.default_branch)
    sha = one.git.sha(ref.removeprefix("refs/heads/"))
    if sha is None:
        raise Refusal(404, f"No commit found for the ref {ref}")
    entry = one.git.entry(sha, path)
    if entry is None:
        raise not_found()
    if entry.type == "tree":
        prefix = path.rstrip("/") + "/" if path else ""
        items = [Entry(prefix + item.path, item.mode, item.type, item.sha, item.size) for item in one.git.tree(entry.sha)]
        return call.answer([content(call, one, ref, item) for item in items])
    if (entry.size or 0) > LARGEST:
        error = {"resource": "Blob", "field": "data", "code": "too_large"}
        raise Refusal(403, "This API returns blobs up to 100 MB in size.", [error])
    data = one.git.read(entry.sha)
    if "raw" in call.headers.get("accept", ""):
        return Response(data, media_type="application/vnd.github.raw+json; charset=utf-8")
    return call.answer(content(call, one, ref, entry, data))


@router.put(BASE + "/{path:path}")
async def write(call: Calling, owner: str, name: str, path: str) -> Response:
    """Makes or changes a file with one commit; a workflow file needs its own permission too."""
    needs = "contents=write,workflows=write" if path.startswith(".github/workflows/") else "contents=write"
    one = call.repository(f"{owner}/{name}", needs)
    branch, message = call.body.get("branch", one.default_branch), call.text("Content", "message")
    head = one.git.ref(f"refs/heads/{branch}")
    if head is None and one.git.refs("refs/heads/"):
        raise Refusal(404, f"Branch {branch} not found")
    before = one.git.entry(head, path) if head else None
    given = call.body.get("sha")
    if before and given is None:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if before and given != before.sha:
        raise Refusal(409, f"{path} does not match {given}")
    blob = one.git.write_blob(_decoded(call))
    tree = one.git.write_tree(head, [(path, "100644", blob)])
    who = call.signed_in().actor
    person = Person(who.login, f"{who.id}+{who.login}@users.noreply.localhost", moment())
    commit = one.git.write_commit(message, tree, [head] if head else [], person)
    one.git.set_ref(f"refs/heads/{branch}", commit)
    entry = one.git.entry(commit, path)
    assert entry is not None
    body = {"content": content(call, one, branch, entry), "commit": git_commit(call, one, one.git.commit(commit))}
    return call.answer(body, 200 if before else 201)


def _decoded(call: Call) -> bytes:
    try:
        return base64.b64decode(call.body.get("content", ""), validate=False)
    except binascii.Error:
        raise Refusal(422, "content is not valid Base64") from None


@router.get("/{owner}/{name}/raw/{commit}/{path:path}")
async def raw(call: Calling, owner: str, name: str, commit: str, path: str) -> Response:
    """A file's bytes, for a reader's browser; for who has no access, as if it were not there."""
    one = _visible(call, f"{owner}/{name}")
    sha = one.git.sha(commit)
    entry = one.git.entry(sha, path) if sha else None
    if entry is None or entry.type != "blob":
        raise not_found()
    kind = mimetypes.guess_type(path)[0] or "text/plain"
    return Response(one.git.read(entry.sha), media_type=kind)


@router.get("/{owner}/{name}/blob/{commit}/{path:path}")
async def blob_page(call: Calling, owner: str, name: str, commit: str, path: str) -> Response:
    """A file's page; with `raw=true` the way to its bytes."""
    _visible(call, f"{owner}/{name}")
    if call.query.get("raw") == "true":
        return RedirectResponse(f"{call.web}/{owner}/{name}/raw/{commit}/{path}", 302)
    return HTMLResponse(f"<title>{html.escape(path)}</title>")


def _visible(call: Call, full_name: str) -> Repository:
    call.token, _ = credential(call.state, call.headers.get("authorization"))
    return call.repository(full_name, "contents=read")
