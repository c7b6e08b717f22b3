"""Files, diffs and trees as GitHub writes them."""

import base64
from urllib.parse import quote

from tests.loopback.bodies.repositories import api_url, web_url
from tests.loopback.call import Call
from tests.loopback.git import Change, Entry
from tests.loopback.state import Json, Repository

LARGE = 1_000_000
"""From one megabyte on, contents come without their content."""


def diff_entry(call: Call, one: Repository, head: str, change: Change) -> Json:
    """One file of a pull request, commit or comparison."""
    path, page = quote(change.path), web_url(call, one)
    body: Json = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{page}/blob/{head}/{path}",
        "raw_url": f"{page}/raw/{head}/{path}",
        "contents_url": f"{api_url(call, one)}/contents/{path}?ref={head}",
    }
    if change.patch:
        body["patch"] = change.patch
    return body | ({"previous_filename": change.previous} if change.previous else {})


def content(call: Call, one: Repository, ref: str, entry: Entry, data: bytes | None = None) -> Json:
    """A file or a folder's line; `data` only for the file that was asked for."""
    kind = {"tree": "dir", "commit": "submodule"}.get(entry.type, "file")
    path = quote(entry.path)
    url = f"{api_url(call, one)}/contents/{path}?ref={ref}"
    section = "tree" if kind == "dir" else "blob"
    git = f"{api_url(call, one)}/git/{section}s/{entry.sha}"
    page = f"{web_url(call, one)}/{section}/{ref}/{path}"
    body: Json = {
        "name": entry.path.rsplit("/", 1)[-1],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "url": url,
        "html_url": page,
        "git_url": git,
        "download_url": f"{web_url(call, one)}/raw/{ref}/{path}" if kind == "file" else None,
        "type": kind,
        "_links": {"self": url, "git": git, "html": page},
    }
    if data is None:
        return body
    large = len(data) > LARGE
    text = "" if large else base64.encodebytes(data).decode()
    return {**body, "content": text, "encoding": "none" if large else "base64"}
