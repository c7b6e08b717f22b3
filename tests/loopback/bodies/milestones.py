"""Milestones as GitHub writes them."""

from tests.loopback.bodies.accounts import account
from tests.loopback.bodies.repositories import api_url, web_url
from tests.loopback.call import Call
from tests.loopback.state import Json, Milestone, Repository, node


def milestone(call: Call, one: Repository, item: Milestone) -> Json:
    """A milestone of the repository."""
    url = f"{api_url(call, one)}/milestones/{item.number}"
    return {
        "url": url,
        "html_url": f"{web_url(call, one)}/milestone/{item.number}",
        "labels_url": f"{url}/labels",
        "id": item.id,
        "node_id": node("MI", item.id),
        "number": item.number,
        "title": item.title,
        "description": item.description,
        "creator": account(call, item.creator),
        "open_issues": 0,
        "closed_issues": 0,
        "state": item.state,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "due_on": item.due_on,
        "closed_at": item.closed_at,
    }
