"""What the App asks for, and why: one table, of which the manifest, the tokens and `assay app permissions` are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["read", "write"]


@dataclass(frozen=True)
class Permission:
    """A permission by GitHub's name. `wider` is the level that `when` takes, where that is more."""

    name: str
    level: Level
    reason: str
    wider: Level | None = None
    when: str = ""
    everywhere: bool = True
    """Whether every server has it; older ones refuse a manifest with a permission they do not know."""


@dataclass(frozen=True)
class Event:
    """An event by GitHub's name, and the permissions of which one brings it."""

    name: str
    needs: tuple[str, ...]
    reason: str


PERMISSIONS = (
    Permission("actions", "write", "start the workflows that commands ask for, stop them, and read what runs left behind"),
    Permission("checks", "write", "show the verdict as check runs with annotations and buttons"),
    Permission(
        "contents",
        "read",
        "read assay.yml at the base, and compare head and base",
        "write",
        "the policy wants pictures, aliases set back or retrainings merged, has environments, or `/lock` or `--commit` is used",
    ),
    Permission("deployments", "write", "record what was promoted, see what was promoted before, and let jobs into environments"),
    Permission("issues", "write", "read commands in comments on issues and answer them; open requests and milestones"),
    Permission("members", "read", "see who is in the teams that the policy gives a role"),
    Permission("merge_queues", "read", "hear of groups in a merge queue, which wait for the verdict", everywhere=False),
    Permission("metadata", "read", "see names and people's levels; GitHub gives it to every App"),
    Permission("pull_requests", "write", "read changes, and answer them with comments, reactions, labels and reviewers"),
    Permission("statuses", "write", "stand in for check runs with commit statuses where those may not be written"),
)
EVENTS = (
    Event(
        "check_run",
        ("checks",),
        "somebody asks to run a check again or presses a button, or one ended for which a retraining waits to be merged",
    ),
    Event("deployment_protection_rule", ("deployments",), "a job waits for an environment that the App protects"),
    Event("issue_comment", ("issues", "pull_requests"), "somebody wrote a comment, which may hold commands"),
    Event("issues", ("issues",), "a promotion or a drift is an issue, and what happens to it counts"),
    Event("merge_group", ("merge_queues",), "a merge queue waits for the verdict"),
    Event("pull_request", ("pull_requests",), "a change is opened, pushed to, or closed"),
    Event("push", ("contents",), "the base moved, and with it what open pull requests are compared with"),
    Event("workflow_run", ("actions",), "a check ended, and its facts are there to be judged"),
)
"""What the App subscribes to."""
UNASKED = (
    Event("installation", (), "where it is installed, suspended and removed"),
    Event("installation_repositories", (), "which repositories were added to an installation or taken away"),
)
"""What GitHub tells every App without being asked; a manifest must not name these."""


def asked(contents: Level = "read", merge_queue: bool = True) -> dict[str, str]:
    """The permissions that an App asks for when it is made."""
    levels = {each.name: each.level for each in PERMISSIONS if each.everywhere or merge_queue}
    return {**levels, "contents": contents}


def events(permissions: Mapping[str, str]) -> list[str]:
    """The events that these permissions bring."""
    return [each.name for each in EVENTS if any(name in permissions for name in each.needs)]


EVERYDAY: Mapping[str, str] = {name: level for name, level in asked().items() if name != "merge_queues"}
"""What a token for one repository carries unless more is asked for. Merge groups are only heard of, which takes no token."""
WRITING: Mapping[str, str] = {**EVERYDAY, "contents": "write"}
"""The same, to write to branches: pictures, locks, the outcome of `--commit`."""
LISTING: Mapping[str, str] = {"metadata": "read"}
"""What listing an installation's repositories takes."""


def narrowed(wanted: Mapping[str, str], granted: Mapping[str, str]) -> dict[str, str]:
    """What of the wanted an account granted, where it may have declined some or not yet agreed to what is new."""
    both = {name: (level, granted[name]) for name, level in wanted.items() if name in granted}
    return {name: "read" if "read" in levels else "write" for name, levels in both.items()}
