"""Check runs, commit statuses, workflow runs and artifacts as GitHub writes them."""

import zlib
from datetime import datetime, timedelta

from tests.loopback.bodies.accounts import account, app
from tests.loopback.bodies.conversations import pull_minimal
from tests.loopback.bodies.repositories import api_url, minimal, web_url
from tests.loopback.call import Call
from tests.loopback.state import Artifact, CheckRun, Job, Json, Repository, Run, Status, node

KEPT = timedelta(days=90)
"""How long GitHub keeps an artifact unless told otherwise."""


def own_pulls(call: Call, one: Repository, sha: str) -> list[Json]:
    """Open pull requests of this very repository with that head; GitHub leaves those of forks out."""
    return [
        pull_minimal(call, one, pull)
        for pull in one.pulls.values()
        if pull.head_sha == sha and pull.head_repository == one.full_name and one.issues[pull.number].state == "open"
    ]


def check_run(call: Call, one: Repository, run: CheckRun) -> Json:
    """A check run with the counts of its annotations."""
    url = f"{api_url(call, one)}/check-runs/{run.id}"
    page = f"{web_url(call, one)}/runs/{run.id}"
    return {
        "id": run.id,
        "name": run.name,
        "node_id": node("CR", run.id),
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": url,
        "html_url": page,
        "details_url": run.details_url or page,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": run.started_at,
        "completed_at": run.completed_at,
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": run.text,
            "annotations_count": len(run.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": run.suite},
        "app": app(call, run.app_id),
        "pull_requests": own_pulls(call, one, run.head_sha),
    }


def status(call: Call, one: Repository, item: Status, short: bool = False) -> Json:
    """A commit status; the short form stands in the combined status."""
    body: Json = {
        "url": f"{api_url(call, one)}/statuses/{item.sha}",
        "avatar_url": f"{call.web}/avatars/{item.creator.id}",
        "id": item.id,
        "node_id": node("SC", item.id),
        "state": item.state,
        "description": item.description,
        "target_url": item.target_url,
        "context": item.context,
        "created_at": item.created_at,
        "updated_at": item.created_at,
    }
    return body if short else {**body, "creator": account(call, item.creator)}


def artifact(call: Call, one: Repository, item: Artifact) -> Json:
    """A workflow artifact."""
    run = one.runs[item.run_id]
    url = f"{api_url(call, one)}/actions/artifacts/{item.id}"
    head = call.state.repositories.get(run.head_repository, one)
    return {
        "id": item.id,
        "node_id": node("MDg", item.id),
        "name": item.name,
        "size_in_bytes": len(item.data),
        "url": url,
        "archive_download_url": f"{url}/zip",
        "expired": item.expired,
        "digest": None,
        "created_at": item.created_at,
        "updated_at": item.created_at,
        "expires_at": (datetime.fromisoformat(item.created_at) + KEPT).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "workflow_run": {
            "id": run.id,
            "repository_id": one.id,
            "head_repository_id": head.id,
            "head_branch": run.head_branch,
            "head_sha": run.head_sha,
        },
    }


def run(call: Call, one: Repository, item: Run) -> Json:
    """A workflow run; `pull_requests` is empty for a fork, as on github.com."""
    url = f"{api_url(call, one)}/actions/runs/{item.id}"
    head = call.state.repositories.get(item.head_repository, one)
    commit = head.git.commit(item.head_sha) if head.git.type(item.head_sha) == "commit" else None
    actor = account(call, item.actor)
    return {
        "id": item.id,
        "name": item.name,
        "node_id": node("WFR", item.id),
        "head_branch": item.head_branch,
        "head_sha": item.head_sha,
        "path": item.path,
        "display_title": item.title or (commit.message.splitlines()[0] if commit and commit.message else item.name),
        "run_number": item.number,
        "event": item.event,
        "status": item.status,
        "conclusion": item.conclusion,
        "workflow_id": item.workflow_id,
        "check_suite_id": item.id,
        "check_suite_node_id": node("CS", item.id),
        "url": url,
        "html_url": f"{web_url(call, one)}/actions/runs/{item.id}",
        "pull_requests": own_pulls(call, one, item.head_sha),
        "created_at": item.created_at,
        "updated_at": item.ended_at or item.created_at,
        "run_started_at": item.created_at,
        "actor": actor,
        "triggering_actor": account(call, item.again[-1]) if item.again else actor,
        "run_attempt": item.attempt,
        "referenced_workflows": [],
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": f"{api_url(call, one)}/check-suites/{item.id}",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": None,
        "workflow_url": f"{api_url(call, one)}/actions/workflows/{item.workflow_id}",
        "head_commit": {
            "id": item.head_sha,
            "tree_id": commit.tree if commit else "",
            "message": commit.message if commit else "",
            "timestamp": commit.committer.date if commit else item.created_at,
            "author": {"name": commit.author.name, "email": commit.author.email} if commit else None,
            "committer": {"name": commit.committer.name, "email": commit.committer.email} if commit else None,
        },
        "repository": minimal(call, one),
        "head_repository": minimal(call, head),
    }


def job(call: Call, one: Repository, item: Run, each: Job) -> Json:
    """A job of a run."""
    url = f"{api_url(call, one)}/actions/jobs/{each.id}"
    return {
        "id": each.id,
        "run_id": item.id,
        "run_url": f"{api_url(call, one)}/actions/runs/{item.id}",
        "run_attempt": each.attempt,
        "node_id": node("CR", each.id),
        "head_sha": item.head_sha,
        "head_branch": item.head_branch,
        "url": url,
        "html_url": f"{web_url(call, one)}/actions/runs/{item.id}/job/{each.id}",
        "status": each.status,
        "conclusion": each.conclusion,
        "created_at": item.created_at,
        "started_at": each.started_at,
        "completed_at": each.completed_at,
        "name": each.name,
        "steps": [],
        "check_run_url": f"{api_url(call, one)}/check-runs/{each.id}",
        "labels": each.labels,
        "runner_id": each.runner,
        "runner_name": f"GitHub Actions {each.runner}" if each.runner else "",
        "runner_group_id": 0,
        "runner_group_name": "GitHub Actions" if each.runner else "",
        "workflow_name": item.name,
    }


def workflow(call: Call, one: Repository, path: str) -> Json:
    """A workflow file; its id is one of its path."""
    number = zlib.crc32(path.encode())
    return {
        "id": number,
        "node_id": node("W", number),
        "name": path.rsplit("/", 1)[-1].rsplit(".", 1)[0],
        "path": path,
        "state": "active",
        "created_at": one.created_at,
        "updated_at": one.created_at,
        "url": f"{api_url(call, one)}/actions/workflows/{number}",
        "html_url": f"{web_url(call, one)}/blob/{one.default_branch}/{path}",
        "badge_url": f"{web_url(call, one)}/workflows/{number}/badge.svg",
    }
