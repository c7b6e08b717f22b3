"""Issues, pull requests, comments, reactions and labels as GitHub writes them."""

from tests.loopback.bodies.accounts import account, app, team
from tests.loopback.bodies.repositories import api_url, repository, web_url
from tests.loopback.call import Call
from tests.loopback.state import Account, Comment, Issue, Json, Label, Pull, Reaction, Repository, node

CONTENTS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
ASSOCIATIONS = {"admin": "OWNER", "maintain": "COLLABORATOR", "write": "COLLABORATOR", "triage": "COLLABORATOR"}


def association(one: Repository, who: Account) -> str:
    """How the author stands to the repository."""
    if who.login == one.owner.login:
        return "OWNER"
    return ASSOCIATIONS.get(one.roles.get(who.login, ""), "NONE")


def label(call: Call, one: Repository, item: Label) -> Json:
    """A label of the repository."""
    return {
        "id": item.id,
        "node_id": node("L", item.id),
        "url": f"{api_url(call, one)}/labels/{item.name}",
        "name": item.name,
        "color": item.color,
        "default": False,
        "description": item.description,
        "archived_at": None,
        "archived_by": None,
    }


def _labels(call: Call, one: Repository, names: list[str]) -> list[Json]:
    return [label(call, one, one.labels[name]) for name in names if name in one.labels]


def reaction(call: Call, item: Reaction) -> Json:
    """One reaction."""
    return {
        "id": item.id,
        "node_id": node("RE", item.id),
        "user": account(call, item.author),
        "content": item.content,
        "created_at": item.created_at,
    }


def rollup(one: Repository, on: tuple[str, int], url: str) -> Json:
    """How many reactions of each kind something got."""
    given = [item.content for item in one.reactions.values() if item.on == on]
    return {"url": f"{url}/reactions", "total_count": len(given), **{name: given.count(name) for name in CONTENTS}}


def comment(call: Call, one: Repository, item: Comment) -> Json:
    """A comment on an issue or a pull request."""
    url = f"{api_url(call, one)}/issues/comments/{item.id}"
    section = "pull" if item.number in one.pulls else "issues"
    return {
        "url": url,
        "html_url": f"{web_url(call, one)}/{section}/{item.number}#issuecomment-{item.id}",
        "issue_url": f"{api_url(call, one)}/issues/{item.number}",
        "id": item.id,
        "node_id": node("IC", item.id),
        "user": account(call, item.author),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "body": item.body,
        "author_association": association(one, item.author),
        "reactions": rollup(one, ("comment", item.id), url),
        "performed_via_github_app": app(call, item.app_id),
    }


def issue(call: Call, one: Repository, item: Issue) -> Json:
    """An issue; with a `pull_request` key where it is one."""
    url, page = f"{api_url(call, one)}/issues/{item.number}", web_url(call, one)
    people = [account(call, who) for who in item.assignees]
    body: Json = {
        "url": url,
        "repository_url": api_url(call, one),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": f"{page}/issues/{item.number}",
        "id": item.id,
        "node_id": node("I", item.id),
        "number": item.number,
        "title": item.title,
        "user": account(call, item.author),
        "labels": _labels(call, one, item.labels),
        "state": item.state,
        "state_reason": None,
        "locked": False,
        "active_lock_reason": None,
        "assignee": people[0] if people else None,
        "assignees": people,
        "milestone": None,
        "comments": sum(entry.number == item.number for entry in one.comments.values()),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "closed_at": item.closed_at,
        "author_association": association(one, item.author),
        "body": item.body,
        "reactions": rollup(one, ("issue", item.number), url),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
    }
    if item.number in one.pulls:
        pull_page = f"{page}/pull/{item.number}"
        body["html_url"] = pull_page
        body["pull_request"] = {
            "url": f"{api_url(call, one)}/pulls/{item.number}",
            "html_url": pull_page,
            "diff_url": f"{pull_page}.diff",
            "patch_url": f"{pull_page}.patch",
            "merged_at": one.pulls[item.number].merged_at,
        }
    return body


def pull_simple(call: Call, one: Repository, item: Pull) -> Json:
    """A pull request as lists give it."""
    about = one.issues[item.number]
    url, page = f"{api_url(call, one)}/pulls/{item.number}", f"{web_url(call, one)}/pull/{item.number}"
    issue_url = f"{api_url(call, one)}/issues/{item.number}"
    links = {
        "self": url,
        "html": page,
        "issue": issue_url,
        "comments": f"{issue_url}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{api_url(call, one)}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{api_url(call, one)}/statuses/{item.head_sha}",
    }
    people = [account(call, who) for who in about.assignees]
    return {
        "url": url,
        "id": item.id,
        "node_id": node("PR", item.id),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue_url,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "number": item.number,
        "state": about.state,
        "locked": False,
        "active_lock_reason": None,
        "title": about.title,
        "user": account(call, about.author),
        "body": about.body,
        "labels": _labels(call, one, about.labels),
        "milestone": None,
        "created_at": about.created_at,
        "updated_at": about.updated_at,
        "closed_at": about.closed_at,
        "merged_at": item.merged_at,
        "merge_commit_sha": item.merge_commit,
        "assignee": people[0] if people else None,
        "assignees": people,
        "requested_reviewers": [account(call, who) for who in item.reviewers],
        "requested_teams": [team(call, call.state.teams[f"{one.owner.login}/{slug}"]) for slug in item.reviewing_teams],
        "head": _side(call, item.head_owner, item.head_ref, item.head_sha, _head(call, item)),
        "base": _side(call, one.owner.login, item.base_ref, item.base_sha, one),
        "_links": {name: {"href": href} for name, href in links.items()},
        "author_association": association(one, about.author),
        "auto_merge": None,
        "draft": item.draft,
    }


def _head(call: Call, item: Pull) -> Repository | None:
    return call.state.repositories.get(item.head_repository or "")


def _side(call: Call, owner: str, ref: str, sha: str, where: Repository | None) -> Json:
    return {
        "label": f"{owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": account(call, call.state.account(owner)),
        "repo": repository(call, where) if where else None,
    }


def pull(call: Call, one: Repository, item: Pull) -> Json:
    """A pull request as asked for by number, with what has to be counted."""
    base = one.git.merge_base(item.base_sha, item.head_sha) or item.base_sha
    changes = one.git.diff(base, item.head_sha)
    state = mergeable_state(one, item)
    return {
        **pull_simple(call, one, item),
        "merged": item.merged_at is not None,
        "mergeable": None if item.merged_at else state != "dirty",
        "rebaseable": None,
        "mergeable_state": state,
        "merged_by": account(call, item.merged_by) if item.merged_by else None,
        "comments": sum(entry.number == item.number for entry in one.comments.values()),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": one.git.count(f"{item.base_sha}..{item.head_sha}"),
        "additions": sum(change.additions for change in changes),
        "deletions": sum(change.deletions for change in changes),
        "changed_files": len(changes),
    }


def mergeable_state(one: Repository, item: Pull) -> str:
    """Whether it can be merged, in GitHub's words."""
    if item.merged_at or item.unknown_for:
        item.unknown_for = max(0, item.unknown_for - 1)
        return "unknown"
    if one.git.try_merge(item.base_sha, item.head_sha) is None:
        return "dirty"
    return "draft" if item.draft else "blocked" if item.blocked else "clean"


def pull_minimal(call: Call, one: Repository, item: Pull) -> Json:
    """The form inside check runs and workflow runs."""
    head = _head(call, item) or one

    def side(ref: str, sha: str, where: Repository) -> Json:
        return {"ref": ref, "sha": sha, "repo": {"id": where.id, "url": api_url(call, where), "name": where.name}}

    return {
        "id": item.id,
        "number": item.number,
        "url": f"{api_url(call, one)}/pulls/{item.number}",
        "head": side(item.head_ref, item.head_sha, head),
        "base": side(item.base_ref, item.base_sha, one),
    }
