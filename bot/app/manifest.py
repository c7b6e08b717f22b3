"""The manifest from which GitHub makes an App. Pure."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.app.permissions import Level, asked, events
from policy.problems import UserProblem

HOOK = "/webhooks/github"
"""Where the service listens, below its own address."""
CALLBACK = "/login/callback"
"""Where GitHub sends back who signs in to the pages."""
_LONGEST_NAME = 34


@dataclass(frozen=True)
class Wish:
    """The App that is wanted. `url` is the service's public address; `contents` is `write` where it may write to branches."""

    name: str
    url: str
    contents: Level = "read"
    merge_queue: bool = True

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
            raise UserProblem("not an address that GitHub can send to", "--url", "Write it like https://assay.example")
        if not self.name.strip() or len(self.name) > _LONGEST_NAME:
            raise UserProblem(f"an App's name has 1 to {_LONGEST_NAME} characters", "--name", "Give another name")

    @property
    def hook(self) -> str:
        """The address that webhooks go to."""
        return self.url.rstrip("/") + HOOK

    @property
    def callback(self) -> str:
        """The address to which GitHub leads back who signs in."""
        return self.url.rstrip("/") + CALLBACK


def manifest(wish: Wish, redirect: str) -> dict[str, Any]:
    """The manifest as GitHub takes it; `redirect` is where it sends its code."""
    permissions = asked(wish.contents, wish.merge_queue)
    return {
        "name": wish.name.strip(),
        "url": wish.url,
        "description": "One verdict for each change to a model, its data or its prompts.",
        "hook_attributes": {"url": wish.hook, "active": True},
        "redirect_url": redirect,
        "callback_urls": [wish.callback],
        "public": False,
        "request_oauth_on_install": False,
        "default_permissions": permissions,
        "default_events": events(permissions),
    }
