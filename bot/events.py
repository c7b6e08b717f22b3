"""Which commit and which pull request an event of GitHub's is about. Pure: what the payload lacks, the caller looks up.

A number is only taken where GitHub itself put it. For a `workflow_run` it is not: there, forks have none, and what the run left
behind is not believed; its commit and branch lead to the pull request.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from bot.gateway.records import PullRequest, WorkflowRun
from policy.facts import request
from policy.facts.record import Command
from policy.problems import UserProblem

Payload = Mapping[str, Any]
_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?\Z")
_QUEUED = re.compile(r"(?:refs/heads/)?gh-readonly-queue/(?P<base>.+)/pr-(?P<number>\d{1,12})-[0-9a-f]{40,64}\Z")


@dataclass(frozen=True)
class Subject:
    """What an event is about. Either `number` is known, or `owner` and `branch` of the head are, by which it is found.

    `sha` is the commit that is judged; empty where only the pull request knows it. `queued` says that it is a merge group's.
    `asked` is the command that started the run and the id of its asking, where one did.
    """

    sha: str = ""
    number: int | None = None
    owner: str = ""
    branch: str = ""
    queued: bool = False
    asked: tuple[Command, str] | None = None


NOTHING = Subject()
"""About no pull request, such as a push of a tag or a comment on an issue."""


def subject(name: str, payload: Payload) -> Subject:
    """What an event is about.

    Raises UserProblem for an event that reports do not know, or a payload that is not GitHub's.
    """
    reader = _READERS.get(name)
    if reader is None:
        known = ", ".join(f"`{each}`" for each in _READERS)
        raise UserProblem(f"nothing to report on for the event {name[:40]!r}", "GITHUB_EVENT_NAME", f"Start it by one of {known}")
    try:
        return reader(payload)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UserProblem(
            f"the payload of {name} lacks {error}", "GITHUB_EVENT_PATH", "Pass the file that the runner wrote"
        ) from None


def of_run(run: WorkflowRun, repository: str) -> Subject:
    """What a run of a workflow was about. `repository` is the one it ran in, owner/name."""
    own = run.head_repository == repository
    queued = _QUEUED.match(run.head_branch or "") if run.event == "merge_group" and own else None
    if queued:
        return Subject(_sha(run.head_sha), int(queued["number"]), queued=True)
    if own and run.event == "workflow_dispatch" and (titled := request.titled(run.title)) and _is_run(run.path):
        # The title is the workflow file's of the default branch, filled in by somebody who may write here. Such a run is of the
        # default branch itself, and of no pull request's commit but by its title.
        command, number, sha, id = titled
        return Subject(sha, number, asked=(command, id))
    owner = (run.head_repository or "").partition("/")[0]
    return Subject(_sha(run.head_sha), owner=owner, branch=run.head_branch or "")


def _is_run(path: str) -> bool:
    return PurePosixPath(path.partition("@")[0]).name == request.WORKFLOW


def choose(found: Sequence[PullRequest], number: int | None, base: str) -> PullRequest | None:
    """Of the open pull requests with one and the same head, the one that facts speak of, by `number` or by the name of `base`.

    Facts may only choose here: whichever they choose is judged by its own base.
    """
    if len(found) < 2:
        return found[0] if found else None
    by_number = [each for each in found if each.number == number]
    by_base = [each for each in found if base in (each.base_ref, f"origin/{each.base_ref}")]
    return (by_number or by_base or sorted(found, key=lambda each: each.number))[0]


def is_sha(given: str) -> bool:
    """Whether it is the whole SHA of a commit, and so neither a branch nor an expression."""
    return bool(_SHA.match(given))


def _of_pull_request(payload: Payload) -> Subject:
    pull = payload["pull_request"]
    return Subject(_sha(pull["head"]["sha"]), int(pull["number"]))


def _of_push(payload: Payload) -> Subject:
    ref, after = str(payload["ref"]), str(payload["after"])
    if not ref.startswith("refs/heads/") or payload.get("deleted") or set(after) == {"0"}:
        return NOTHING
    return Subject(
        _sha(after), owner=payload["repository"]["full_name"].partition("/")[0], branch=ref.removeprefix("refs/heads/")
    )


def _of_workflow_run(payload: Payload) -> Subject:
    return of_run(WorkflowRun.of(payload["workflow_run"]), payload["repository"]["full_name"])


def _of_issue_comment(payload: Payload) -> Subject:
    issue = payload["issue"]
    return Subject(number=int(issue["number"])) if issue.get("pull_request") else NOTHING


def _of_merge_group(payload: Payload) -> Subject:
    group = payload["merge_group"]
    found = _QUEUED.match(group["head_ref"])
    return Subject(_sha(group["head_sha"]), int(found["number"]), queued=True) if found else NOTHING


def _of_workflow_dispatch(payload: Payload) -> Subject:
    inputs = payload.get("inputs") or {}
    asked = str(inputs.get("pull-request") or inputs.get("pull_request") or "").removeprefix("#")
    if asked:
        if not re.fullmatch(r"\d{1,12}", asked):
            raise ValueError("a number in the input `pull-request`")
        return Subject(number=int(asked))
    ref = str(payload["ref"])
    if ref.startswith("refs/tags/"):
        return NOTHING
    return Subject(owner=payload["repository"]["full_name"].partition("/")[0], branch=ref.removeprefix("refs/heads/"))


_READERS = {
    "pull_request": _of_pull_request,
    "pull_request_target": _of_pull_request,
    "push": _of_push,
    "workflow_run": _of_workflow_run,
    "issue_comment": _of_issue_comment,
    "merge_group": _of_merge_group,
    "workflow_dispatch": _of_workflow_dispatch,
}


def _sha(given: str) -> str:
    if not is_sha(given):
        raise ValueError("the SHA of a commit")
    return given
