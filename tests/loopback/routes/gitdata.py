"""Git data: blobs, trees, commits and references, all in the real repository."""

import base64
import binascii
import re

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.repositories import api_url, git_commit
from tests.loopback.call import Call, Calling, Refusal, not_found
from tests.loopback.git import Entry, Person
from tests.loopback.state import Json, Repository, moment, node
from tests.loopback.world import moved

router = APIRouter()
BASE = "/repos/{owner}/{name}/git"
READ, WRITE = "contents=read", "contents=write"


@router.post(BASE + "/blobs")
async def create_blob(call: Calling, owner: str, name: str) -> Response:
    """A new blob of text or base64."""
    one = call.repository(f"{owner}/{name}", WRITE)
    text, encoding = call.body.get("content"), call.body.get("encoding", "utf-8")
    if not isinstance(text, str) or encoding not in ("utf-8", "base64"):
        raise Refusal(422, 'Invalid request.\n\n"content" wasn\'t supplied.')
    try:
        data = base64.b64decode(text) if encoding == "base64" else text.encode()
    except binascii.Error:
        raise Refusal(422, "content is not valid Base64") from None
    sha = one.git.write_blob(data)
    return call.answer({"sha": sha, "url": f"{api_url(call, one)}/git/blobs/{sha}"}, 201)


@router.get(BASE + "/blobs/{sha}")
async def show_blob(call: Calling, owner: str, name: str, sha: str) -> Response:
    """A blob, base64 or raw as the media type asks."""
    one = call.repository(f"{owner}/{name}", READ)
    _must_be(one, sha, "blob")
    data = one.git.read(sha)
    if "raw" in call.headers.get("accept", ""):
        return Response(data, media_type="application/vnd.github.raw+json; charset=utf-8")
    body = {
        "sha": sha,
        "node_id": node(sha, one.id),
        "size": len(data),
        "url": f"{api_url(call, one)}/git/blobs/{sha}",
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }
    return call.answer(body)


def _must_be(one: Repository, sha: str, kind: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{40}", sha):
        raise Refusal(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    if one.git.type(sha) != kind:
        raise not_found()


def _tree(call: Call, one: Repository, sha: str, entries: list[Entry]) -> Json:
    url = f"{api_url(call, one)}/git"
    lines = []
    for item in entries:
        line: Json = {"path": item.path, "mode": item.mode, "type": item.type, "sha": item.sha}
        if item.size is not None:
            line["size"] = item.size
        line["url"] = f"{url}/{item.type}s/{item.sha}"
        lines.append(line)
    return {"sha": sha, "url": f"{url}/trees/{sha}", "tree": lines, "truncated": False}


@router.post(BASE + "/trees")
async def create_tree(call: Calling, owner: str, name: str) -> Response:
    """A new tree: entries by hash or with their content, on a base or alone; a hash of null removes."""
    one = call.repository(f"{owner}/{name}", WRITE)
    base, lines = call.body.get("base_tree"), call.body.get("tree")
    if not lines or not isinstance(lines, list):
        raise Refusal(422, "Invalid tree info")
    if base is not None and one.git.type(base) not in ("tree", "commit"):
        raise Refusal(422, "base_tree is not a valid tree oid")
    entries = []
    for line in lines:
        path, mode, sha = line.get("path", ""), line.get("mode", "100644"), line.get("sha")
        if not path or path.startswith("/") or ".." in path.split("/") or ".git" in path.split("/"):
            raise Refusal(422, "tree.path contains a malformed path component")
        if sha is None and "content" in line:
            sha = one.git.write_blob(line["content"].encode())
        elif sha is not None and one.git.type(sha) is None:
            raise Refusal(422, f"tree.sha {sha} is not a valid blob")
        entries.append((path, mode, sha))
    sha = one.git.write_tree(base, entries)
    return call.answer(_tree(call, one, sha, one.git.tree(sha)), 201)


@router.get(BASE + "/trees/{sha:path}")
async def show_tree(call: Calling, owner: str, name: str, sha: str) -> Response:
    """A tree by its hash, or by a branch or commit."""
    one = call.repository(f"{owner}/{name}", READ)
    found = one.git.sha(sha, "tree")
    if found is None:
        raise not_found()
    return call.answer(_tree(call, one, found, one.git.tree(found, recursive=bool(call.query.get("recursive")))))


@router.post(BASE + "/commits")
async def create_commit(call: Calling, owner: str, name: str) -> Response:
    """A new commit, which no reference names yet."""
    one = call.repository(f"{owner}/{name}", WRITE)
    message, tree, parents = call.text("Commit", "message"), call.text("Commit", "tree"), call.body.get("parents") or []
    if one.git.type(tree) != "tree":
        raise Refusal(422, "Tree SHA does not exist")
    if any(one.git.type(parent) != "commit" for parent in parents):
        raise Refusal(422, "Parent SHA does not exist or is not a commit object")
    who = call.signed_in().actor
    own = Person(who.login, f"{who.id}+{who.login}@users.noreply.localhost", moment())
    author = _person(call.body.get("author"), own)
    sha = one.git.write_commit(message, tree, parents, author, _person(call.body.get("committer"), author))
    return call.answer(git_commit(call, one, one.git.commit(sha)), 201)


def _person(given: Json | None, fallback: Person) -> Person:
    if not given:
        return fallback
    return Person(given["name"], given["email"], given.get("date") or moment())


@router.get(BASE + "/commits/{sha}")
async def show_commit(call: Calling, owner: str, name: str, sha: str) -> Response:
    """A commit."""
    one = call.repository(f"{owner}/{name}", READ)
    _must_be(one, sha, "commit")
    return call.answer(git_commit(call, one, one.git.commit(sha)))


def _ref(call: Call, one: Repository, ref: str, sha: str) -> Json:
    kind = one.git.type(sha) or "commit"
    url = api_url(call, one)
    return {
        "ref": ref,
        "node_id": node(ref, one.id),
        "url": f"{url}/git/{ref}",
        "object": {"sha": sha, "type": kind, "url": f"{url}/git/{kind}s/{sha}"},
    }


@router.get(BASE + "/matching-refs/{ref:path}")
async def matching(call: Calling, owner: str, name: str, ref: str) -> Response:
    """References that begin like this."""
    one = call.repository(f"{owner}/{name}", READ)
    return call.page([_ref(call, one, found, sha) for found, sha, _ in one.git.refs(f"refs/{ref}")])


@router.get(BASE + "/ref/{ref:path}")
@router.get(BASE + "/refs/{ref:path}")
async def show_ref(call: Calling, owner: str, name: str, ref: str) -> Response:
    """One reference by its full name without `refs/`."""
    one = call.repository(f"{owner}/{name}", READ)
    full = f"refs/{ref}"
    found = {item: sha for item, sha, _ in one.git.refs(full)}
    if full not in found:
        raise not_found()
    return call.answer(_ref(call, one, full, found[full]))


@router.post(BASE + "/refs")
async def create_ref(call: Calling, owner: str, name: str) -> Response:
    """A new branch or tag."""
    one = call.repository(f"{owner}/{name}", WRITE)
    ref, sha = call.text("Reference", "ref"), call.text("Reference", "sha")
    if not re.fullmatch(r"refs/[^/]+/.+", ref) or re.search(r"\.\.|[ ~^:?*\[\\]|@\{", ref):
        raise Refusal(
            422, "Reference name is not valid." if ref.startswith("refs/") else "Reference name must start with 'refs/'"
        )
    if one.git.ref(ref):
        raise Refusal(422, "Reference already exists")
    if one.git.type(sha) is None:
        raise Refusal(422, "Object does not exist")
    one.git.set_ref(ref, sha)
    _note(call, one, ref, None, sha, "branch_creation")
    return call.answer(_ref(call, one, ref, sha), 201)


def _note(call: Call, one: Repository, ref: str, before: str | None, after: str, kind: str) -> None:
    """Has the activity of a branch say who moved it."""
    if ref.startswith("refs/heads/"):
        moved(call.state, one, ref.removeprefix("refs/heads/"), before, after, call.signed_in().actor, kind)


@router.patch(BASE + "/refs/{ref:path}")
async def update_ref(call: Calling, owner: str, name: str, ref: str) -> Response:
    """Moves a reference; backwards or aside only by force."""
    one = call.repository(f"{owner}/{name}", WRITE)
    full, sha = f"refs/{ref}", call.text("Reference", "sha")
    before = one.git.ref(full)
    if before is None:
        raise Refusal(422, "Reference does not exist")
    if one.git.type(sha) is None:
        raise Refusal(422, "Object does not exist")
    if not call.body.get("force") and not one.git.contains(before, sha):
        raise Refusal(422, "Update is not a fast forward")
    forwards = one.git.contains(before, sha)
    one.git.set_ref(full, sha)
    _note(call, one, full, before, sha, "push" if forwards else "force_push")
    return call.answer(_ref(call, one, full, sha))


@router.delete(BASE + "/refs/{ref:path}")
async def delete_ref(call: Calling, owner: str, name: str, ref: str) -> Response:
    """Removes a branch or tag."""
    one = call.repository(f"{owner}/{name}", WRITE)
    if one.git.ref(f"refs/{ref}") is None:
        raise Refusal(422, "Reference does not exist")
    one.git.delete_ref(f"refs/{ref}")
    return call.nothing()
