"""Commits, comparisons and commit statuses."""

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.checks import status
from tests.loopback.bodies.conversations import pull_simple
from tests.loopback.bodies.files import diff_entry
from tests.loopback.bodies.repositories import api_url, commit_body, minimal, web_url
from tests.loopback.call import Call, Calling, Refusal, invalid, not_found
from tests.loopback.routes.pulls import current
from tests.loopback.state import Json, Repository, Status, moment

router = APIRouter()
BASE = "/repos/{owner}/{name}"
STATES = ("error", "failure", "pending", "success")
MOST = 1000
"""Statuses of one context on one commit; then GitHub refuses more."""


@router.post(BASE + "/statuses/{sha}")
async def create_status(call: Calling, owner: str, name: str, sha: str) -> Response:
    """A new status; the newest of a context counts."""
    one = call.repository(f"{owner}/{name}", "statuses=write")
    if len(sha) != 40 or one.git.type(sha) != "commit":
        raise Refusal(422, f"No commit found for SHA: {sha}")
    state, description = call.body.get("state"), call.body.get("description")
    if state not in STATES:
        raise invalid("Status", "state", "custom", "state is not included in the list")
    if description is not None and len(description) > 140:
        raise invalid("Status", "description", "custom", "description is too long (maximum is 140 characters)")
    context = call.body.get("context", "default")
    if sum(item.sha == sha and item.context == context for item in one.statuses.values()) >= MOST:
        raise Refusal(422, "This SHA and context has reached the maximum number of statuses.")
    made = Status(
        call.state.next_id(), sha, state, context, description, call.body.get("target_url"), call.signed_in().actor, moment()
    )
    one.statuses[made.id] = made
    return call.answer(status(call, one, made), 201)


def _statuses(one: Repository, sha: str) -> list[Status]:
    return sorted((item for item in one.statuses.values() if item.sha == sha), key=lambda item: -item.id)


@router.get(BASE + "/commits/{ref:path}/statuses")
async def statuses(call: Calling, owner: str, name: str, ref: str) -> Response:
    """Every status of a commit, newest first."""
    one = call.repository(f"{owner}/{name}", "statuses=read")
    return call.page([status(call, one, item) for item in _statuses(one, call.commit(one, ref))])


@router.get(BASE + "/commits/{ref:path}/status")
async def combined(call: Calling, owner: str, name: str, ref: str) -> Response:
    """The newest status of each context, and what they amount to."""
    one = call.repository(f"{owner}/{name}", "statuses=read")
    sha = call.commit(one, ref)
    newest: dict[str, Status] = {}
    for item in _statuses(one, sha):
        newest.setdefault(item.context, item)
    states = {item.state for item in newest.values()}
    overall = "failure" if states & {"error", "failure"} else "success" if states == {"success"} else "pending"
    url = f"{api_url(call, one)}/commits/{sha}"
    body = {
        "state": overall,
        "statuses": [status(call, one, item, short=True) for item in newest.values()],
        "sha": sha,
        "total_count": len(newest),
        "repository": minimal(call, one),
        "commit_url": url,
        "url": f"{url}/status",
    }
    return call.answer(body)


@router.get(BASE + "/commits/{sha}/pulls")
async def pulls(call: Calling, owner: str, name: str, sha: str) -> Response:
    """The pull request that a merge commit came of, and open ones with this commit: of this repository's branches only, as
    github.com leaves forks out."""
    one = current(call, f"{owner}/{name}", "pull_requests=read")
    commit = call.commit(one, sha)
    found = [
        item
        for item in one.pulls.values()
        if (item.merged_at and item.merge_commit == commit)
        or (
            item.head_repository == one.full_name
            and one.git.contains(commit, item.head_sha)
            and not one.git.contains(commit, item.base_sha)
        )
    ]
    return call.page([pull_simple(call, one, item) for item in found])


@router.get(BASE + "/commits")
async def index(call: Calling, owner: str, name: str) -> Response:
    """The history of a branch or path, newest first."""
    one = call.repository(f"{owner}/{name}", "contents=read")
    start = call.query.get("sha", one.default_branch)
    sha = one.git.sha(start)
    if sha is None:
        raise not_found()
    path = call.query.get("path")
    hashes = one.git.log(sha, *(["--", path] if path else []), limit=1000)
    return call.page([commit_body(call, one, item) for item in one.git.commits(hashes)])


@router.get(BASE + "/commits/{ref:path}")
async def show(call: Calling, owner: str, name: str, ref: str) -> Response:
    """One commit with its files; only the hash where the `sha` media type is asked for."""
    one = call.repository(f"{owner}/{name}", "contents=read")
    commit = one.git.commit(call.commit(one, ref))
    if call.headers.get("accept", "").endswith("sha"):
        return Response(commit.sha, media_type="application/vnd.github.sha; charset=utf-8")
    before = commit.parents[0] if commit.parents else one.git.write_tree(None, [])
    changes = one.git.diff(before, commit.sha)
    added, removed = sum(change.additions for change in changes), sum(change.deletions for change in changes)
    body = {
        **commit_body(call, one, commit),
        "stats": {"additions": added, "deletions": removed, "total": added + removed},
        "files": [diff_entry(call, one, commit.sha, change) for change in changes],
    }
    return call.answer(body)


@router.get(BASE + "/compare/{basehead:path}")
async def compare(call: Calling, owner: str, name: str, basehead: str) -> Response:
    """How two commits relate; either may be `owner:branch` of a fork."""
    one = call.repository(f"{owner}/{name}", "contents=read")
    before, dots, after = basehead.partition("...")
    if not dots:
        raise not_found()
    base, head = _side(call, one, before), _side(call, one, after)
    common = one.git.merge_base(base, head)
    if common is None:
        raise Refusal(404, f"No common ancestor between {before} and {after}.")
    return call.answer(_comparison(call, one, basehead, base, head, common))


def _side(call: Call, one: Repository, name: str) -> str:
    owner, _, ref = name.rpartition(":")
    if owner and owner != one.owner.login:
        for fork in call.state.repositories.values():
            sha = fork.git.sha(ref) if fork.owner.login == owner and fork.parent == one.full_name else None
            if sha:
                one.git.fetch(fork.git, sha, f"refs/loopback/{sha}")
                return sha
        raise not_found()
    sha = one.git.sha(ref)
    if sha is None:
        raise not_found()
    return sha


def _comparison(call: Call, one: Repository, basehead: str, base: str, head: str, common: str) -> Json:
    ahead, behind = one.git.count(f"{base}..{head}"), one.git.count(f"{head}..{base}")
    state = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}.get(
        (ahead > 0, behind > 0), "diverged"
    )
    page, commits = f"{web_url(call, one)}/compare/{basehead}", list(reversed(one.git.log(f"{base}..{head}")))
    return {
        "url": f"{api_url(call, one)}/compare/{basehead}",
        "html_url": page,
        "permalink_url": f"{web_url(call, one)}/compare/{base}...{head}",
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit_body(call, one, one.git.commit(base)),
        "merge_base_commit": commit_body(call, one, one.git.commit(common)),
        "status": state,
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [commit_body(call, one, one.git.commit(sha)) for sha in commits],
        "files": [diff_entry(call, one, head, change) for change in one.git.diff(common, head)[:300]],
    }
