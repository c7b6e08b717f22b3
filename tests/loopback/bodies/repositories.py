"""Repositories, branches and commits as GitHub writes them."""

from tests.loopback.bodies.accounts import account
from tests.loopback.call import Call
from tests.loopback.git import Commit, Person
from tests.loopback.state import Json, Repository, node

TEMPLATES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def api_url(call: Call, one: Repository) -> str:
    """The repository's address in the API."""
    return f"{call.api}/repos/{one.full_name}"


def web_url(call: Call, one: Repository) -> str:
    """The repository's page."""
    return f"{call.web}/{one.full_name}"


def minimal(call: Call, one: Repository) -> Json:
    """The short form that stands inside runs and statuses."""
    url = api_url(call, one)
    return {
        "id": one.id,
        "node_id": node("R", one.id),
        "name": one.name,
        "full_name": one.full_name,
        "private": one.private,
        "owner": account(call, one.owner),
        "html_url": web_url(call, one),
        "description": None,
        "fork": one.parent is not None,
        "url": url,
        **{name: url + tail for name, tail in TEMPLATES.items()},
    }


def repository(call: Call, one: Repository) -> Json:
    """The form that stands inside pull requests and webhooks."""
    page, opened = web_url(call, one), sum(issue.state == "open" for issue in one.issues.values())
    flags = {"has_issues": True, "has_projects": False, "has_wiki": False, "has_pages": False, "has_discussions": False}
    return {
        **minimal(call, one),
        "git_url": f"git://localhost/{one.full_name}.git",
        "ssh_url": f"git@localhost:{one.full_name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": "Python",
        "license": None,
        **dict.fromkeys(("forks_count", "forks", "stargazers_count", "watchers_count", "watchers", "size"), 0),
        "default_branch": one.default_branch,
        "open_issues_count": opened,
        "open_issues": opened,
        "is_template": False,
        "topics": [],
        **flags,
        "has_downloads": True,
        "archived": False,
        "disabled": False,
        "visibility": "private" if one.private else "public",
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "pushed_at": one.created_at,
        "created_at": one.created_at,
        "updated_at": one.created_at,
    }


def full(call: Call, one: Repository) -> Json:
    """What `/repos/{owner}/{repo}` gives; a fork with its parent."""
    body = {**repository(call, one), "network_count": 0, "subscribers_count": 0}
    keys = {"merge": "allow_merge_commit", "squash": "allow_squash_merge", "rebase": "allow_rebase_merge"}
    body |= {key: method in one.merge_methods for method, key in keys.items()}
    token = call.token
    if token and token.kind in ("user", "oauth"):
        role = one.roles.get(token.actor.login, "read")
        body["permissions"] = permission_flags(role)
    above = call.state.repositories.get(one.parent or "")
    if above:
        body |= {"parent": repository(call, above), "source": repository(call, above)}
    return body


def permission_flags(role: str) -> Json:
    """A role as the five switches GitHub shows."""
    order = ("pull", "triage", "push", "maintain", "admin")
    height = {"read": 1, "triage": 2, "write": 3, "maintain": 4, "admin": 5}.get(role, 0)
    return {name: index < height for index, name in enumerate(order)}


def person(who: Person) -> Json:
    """Author or committer inside git's own data."""
    return {"name": who.name, "email": who.email, "date": who.date}


UNVERIFIED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def git_commit(call: Call, one: Repository, commit: Commit) -> Json:
    """A commit of the git data API."""
    url, page = api_url(call, one), web_url(call, one)
    return {
        "sha": commit.sha,
        "node_id": node(commit.sha, one.id),
        "url": f"{url}/git/commits/{commit.sha}",
        "html_url": f"{page}/commit/{commit.sha}",
        "author": person(commit.author),
        "committer": person(commit.committer),
        "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
        "message": commit.message,
        "parents": [
            {"sha": sha, "url": f"{url}/git/commits/{sha}", "html_url": f"{page}/commit/{sha}"} for sha in commit.parents
        ],
        "verification": UNVERIFIED,
    }


def commit_body(call: Call, one: Repository, commit: Commit) -> Json:
    """A commit of the repository API; authors are linked to accounts by `LOGIN@users.noreply...` addresses."""
    url, page = api_url(call, one), web_url(call, one)
    return {
        "sha": commit.sha,
        "node_id": node(commit.sha, one.id),
        "commit": {
            "author": person(commit.author),
            "committer": person(commit.committer),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
            "url": f"{url}/git/commits/{commit.sha}",
            "comment_count": 0,
            "verification": UNVERIFIED,
        },
        "url": f"{url}/commits/{commit.sha}",
        "html_url": f"{page}/commit/{commit.sha}",
        "comments_url": f"{url}/commits/{commit.sha}/comments",
        "author": _linked(call, commit.author),
        "committer": _linked(call, commit.committer),
        "parents": [{"sha": sha, "url": f"{url}/commits/{sha}", "html_url": f"{page}/commit/{sha}"} for sha in commit.parents],
    }


def _linked(call: Call, who: Person) -> Json | None:
    login = who.email.split("@")[0].rpartition("+")[2]
    known = call.state.accounts.get(login)
    return account(call, known) if known and "noreply" in who.email else None
