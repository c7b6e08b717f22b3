"""What webhooks carry."""

from tests.loopback.bodies.accounts import account, installation, organisation
from tests.loopback.bodies.checks import run, workflow
from tests.loopback.bodies.conversations import comment, issue, pull
from tests.loopback.bodies.repositories import repository
from tests.loopback.call import Call
from tests.loopback.state import Account, Comment, Installation, Issue, Json, Pull, Repository, Run, node


def frame(call: Call, one: Repository, sender: Account) -> Json:
    """What every payload ends with."""
    body: Json = {"repository": repository(call, one), "sender": account(call, sender)}
    if one.owner.type == "Organization":
        keep = ("login", "id", "node_id", "url", "avatar_url", "description")
        full = organisation(call, one.owner)
        body["organization"] = {key: value for key, value in full.items() if key in keep or key.endswith("_url")}
        del body["organization"]["html_url"]
    return body


def _sender(call: Call, fallback: Account) -> Account:
    return call.token.actor if call.token else fallback


def pull_event(call: Call, one: Repository, item: Pull, action: str) -> Json:
    """`pull_request`."""
    about = one.issues[item.number]
    body = {"action": action, "number": item.number, "pull_request": pull(call, one, item)}
    if action == "synchronize":
        body |= {"before": item.base_sha, "after": item.head_sha}
    return {**body, **frame(call, one, _sender(call, about.author))}


def review_event(call: Call, one: Repository, item: Pull, action: str, who: Account) -> Json:
    """`pull_request`, about somebody whose review is asked for, or is no longer."""
    return {**pull_event(call, one, item, action), "requested_reviewer": account(call, who)}


def comment_event(call: Call, one: Repository, item: Comment, action: str, before: str | None = None) -> Json:
    """`issue_comment`, for issues and pull requests alike."""
    about = one.issues[item.number]
    body: Json = {"action": action, "issue": issue(call, one, about), "comment": comment(call, one, item)}
    if before is not None:
        body["changes"] = {"body": {"from": before}}
    return {**body, **frame(call, one, _sender(call, item.author))}


def issue_event(call: Call, one: Repository, item: Issue, action: str) -> Json:
    """`issues`."""
    return {"action": action, "issue": issue(call, one, item), **frame(call, one, _sender(call, item.author))}


def run_event(call: Call, one: Repository, item: Run, action: str) -> Json:
    """`workflow_run`."""
    return {
        "action": action,
        "workflow_run": run(call, one, item),
        "workflow": workflow(call, one, item.path),
        **frame(call, one, item.actor),
    }


def event_of(call: Call, one: Repository, about: Pull | Comment | Issue | Run, action: str) -> tuple[str, Json]:
    """The name and payload of the event that something happened to a record."""
    match about:
        case Pull():
            return "pull_request", pull_event(call, one, about, action)
        case Comment():
            return "issue_comment", comment_event(call, one, about, action)
        case Issue():
            return "issues", issue_event(call, one, about, action)
        case Run():
            return "workflow_run", run_event(call, one, about, action)


def installation_event(call: Call, one: Installation, action: str, sender: Account) -> Json:
    """`installation`, which only its App hears of."""
    return {
        "action": action,
        "installation": installation(call, one),
        "repositories": _named(call, one.repositories),
        "sender": account(call, sender),
    }


def reach_event(call: Call, one: Installation, added: list[str], removed: list[str], sender: Account) -> Json:
    """`installation_repositories`, which only its App hears of."""
    return {
        "action": "added" if added else "removed",
        "installation": installation(call, one),
        "repository_selection": "selected",
        "repositories_added": _named(call, added),
        "repositories_removed": _named(call, removed),
        "requester": None,
        "sender": account(call, sender),
    }


def _named(call: Call, names: list[str]) -> list[Json]:
    keys = ("id", "name", "full_name", "private")
    found = [call.state.repositories[name] for name in names]
    return [{**{key: getattr(each, key) for key in keys}, "node_id": node("R", each.id)} for each in found]
