"""Our own lint of workflows, where actionlint and zizmor are silent.

Both look at one line or one trigger at a time. These rules look at what a privileged job does with what a stranger gave it:

* `untrusted-checkout`: a job that runs with the repository's rights checks out, or fetches, what a pull request brought.
* `identity-from-artifact`: a job after another believes a file of that other run about which pull request it is for.
* `comment-race`: a comment starts a job on whatever the branch holds by then, not on what was commented on.
* `actor-condition`: `github.actor` decides; it is whoever did something last, not who wrote the change.
"""

import re
from collections.abc import Iterator
from typing import Any

from actions.setup.finding import Finding
from policy import yaml_text
from policy.problems import UserProblem
from policy.yaml_text import Document, Path

PRIVILEGED = frozenset({"pull_request_target", "workflow_run", "issue_comment", "issues", "discussion_comment"})
"""Events that strangers cause and that run with the default branch's rights."""
_COMMENTS = frozenset({"issue_comment"})

_HEAD = re.compile(
    r"github\.head_ref|github\.event\.pull_request\.(head|number|merge_commit_sha)|github\.event\.workflow_run\."
    r"(head_|pull_requests)|github\.event\.(issue\.)?number|refs/pull/|pull/\$|(needs|steps)\.[\w-]+\.outputs\.[\w-]*(sha|ref|head|branch|pr)",
    re.IGNORECASE,
)
_FETCHES = re.compile(
    r"gh\s+pr\s+checkout|git\s+(fetch|pull)\b[^\n]{0,300}(pull/|refs/pull|head)|git\s+(checkout|switch|reset)\b[^\n]{0,300}(FETCH_HEAD|HEAD_(SHA|REF)|PR_)",
    re.IGNORECASE,
)
_MOVES = re.compile(r"refs/pull/|pull/\$|head_ref|head\.ref|number|branch|ref")
_HARMLESS = ("github.event_name==pull_request", "github.event_name==push", "github.event.workflow_run.event==push")
_DOWNLOADS = re.compile(r"download-artifact")
_DOWNLOAD_COMMANDS = re.compile(r"gh\s+run\s+download|downloadArtifact|actions/artifacts/")
_READS = re.compile(r"\bcat\b|\bjq\b|<\s*[\w./\"'$]+|readFile(Sync)?|json\.load|\bsource\b|\$\(<", re.IGNORECASE)
_IDENTITY = re.compile(
    r"\b(pr|pull|issue|number|sha|head|ref|branch)(?![a-z])|(pr|pull|issue|head)[_-]?(number|num|id|sha|ref)", re.IGNORECASE
)
_USES_IT = re.compile(
    r"GITHUB_ENV|GITHUB_OUTPUT|issue_number|gh\s+(pr|issue|api)|/(issues|pulls|statuses)/|createComment|set-output"
)
_ACTOR = re.compile(r"github\.(triggering_)?actor\b|GITHUB_(TRIGGERING_)?ACTOR\b|context\.actor\b")
_COMPARES = re.compile(r"==|!=|contains\(|startsWith\(|endsWith\(|fromJSON\(|\[\[?\s|\bcase\b|includes\(")


def lint(text: str, file: str) -> list[Finding]:
    """What is wrong with one workflow, in the order of its lines."""
    try:
        document = yaml_text.read(text, file)
    except UserProblem as problem:
        return [Finding("workflow-unreadable", "error", problem.what, problem.next, file)]
    workflow = document.data
    jobs = workflow.get("jobs") if isinstance(workflow, dict) else None
    if not isinstance(jobs, dict):
        return [Finding("workflow-unreadable", "error", "the workflow has no jobs", "Add `jobs:`, or delete the file", file, 1)]
    events = _events(workflow.get("on"))
    rules = _Rules(document, file, events)
    found = [finding for name, job in jobs.items() if isinstance(job, dict) for finding in rules.job(("jobs", name), job)]
    return sorted(dict.fromkeys(found), key=lambda each: (each.line or 0, each.check))


def _events(on: Any) -> frozenset[str]:
    """The names of the events that start a workflow, however `on` is written."""
    if isinstance(on, str):
        return frozenset({on})
    return frozenset(str(each) for each in on) if isinstance(on, list | dict) else frozenset()


class _Rules:
    """The rules over the jobs of one workflow."""

    def __init__(self, document: Document, file: str, events: frozenset[str]) -> None:
        self.document = document
        self.file = file
        self.privileged = sorted(events & PRIVILEGED)
        self.comments = sorted(events & _COMMENTS)
        self.after_another = "workflow_run" in events

    def job(self, path: Path, job: dict[str, Any]) -> Iterator[Finding]:
        """All findings of one job."""
        yield from self._actor(path, job)
        steps = job.get("steps")
        downloaded = False
        for index, step in enumerate(steps if isinstance(steps, list) else []):
            if not isinstance(step, dict):
                continue
            here = (*path, "steps", index)
            yield from self._actor(here, step)
            if self.privileged and not _no_stranger(job):
                yield from self._checkout(here, step)
            if self.after_another and downloaded:
                yield from self._identity(here, step)
            downloaded = downloaded or _downloads(step)
            if self.after_another and _DOWNLOAD_COMMANDS.search(_code(step)):
                yield from self._identity(here, step)

    def _at(self, check: str, path: Path, what: str, cure: str) -> Finding:
        return Finding(check, "error", what, cure, self.file, self.document.line(path))

    def _checkout(self, path: Path, step: dict[str, Any]) -> Iterator[Finding]:
        """GA-08: what a stranger wrote lies in the workspace of a job that may write or sees secrets."""
        inputs = _inputs(step)
        wanted = " ".join(str(inputs.get(name, "")) for name in ("ref", "repository"))
        line = (*path, "with", "ref") if "ref" in inputs else path
        event = ", ".join(self.privileged)
        checked_out = "actions/checkout" in str(step.get("uses", "")) and bool(_HEAD.search(wanted))
        fetched = _FETCHES.search(_code(step)) is not None
        if checked_out or fetched:
            yield self._at(
                "untrusted-checkout",
                line,
                f"a job that runs on {event}, with this repository's rights, checks out what a pull request brought",
                "Do it in a `pull_request` workflow with `contents: read`, and hand the result over as facts, like assay-check",
            )
        if ((checked_out and _MOVES.search(wanted)) or fetched) and self.comments:
            yield self._at(
                "comment-race",
                line,
                "a comment starts this job on whatever the branch holds by then: a push after it runs as if it was meant",
                "Take the SHA from the comment, refuse it where it is not the head, and check out that SHA without secrets",
            )
        if str(inputs.get("allow-unsafe-pr-checkout", "")).lower() == "true":
            yield self._at(
                "untrusted-checkout",
                (*path, "with", "allow-unsafe-pr-checkout"),
                "`allow-unsafe-pr-checkout` switches the protection of actions/checkout off",
                "Remove it",
            )

    def _identity(self, path: Path, step: dict[str, Any]) -> Iterator[Finding]:
        """GA-02: the run that wrote the artifact is a stranger's, so it may name any pull request."""
        for name, text in _texts(step):
            lines = [line for line in text.splitlines() if _READS.search(line) and _IDENTITY.search(line)]
            if lines and _USES_IT.search(text):
                yield self._at(
                    "identity-from-artifact",
                    (*path, *name),
                    "which pull request or commit this is about is read from a file that the change's own run wrote",
                    "Ask the API for the pull request of `github.event.workflow_run.head_sha`, as `assay publish` does",
                )
                return

    def _actor(self, path: Path, node: dict[str, Any]) -> Iterator[Finding]:
        """GA-11: whoever re-runs a job or pushes to a branch becomes the actor."""
        for name, text in [(("if",), str(node.get("if", ""))), *_texts(node)]:
            if any(_ACTOR.search(line) and _COMPARES.search(line) for line in text.splitlines()):
                yield self._at(
                    "actor-condition",
                    (*path, *name),
                    "`github.actor` decides here, and that is whoever did something last, not who wrote the change",
                    "Compare `github.event.pull_request.user.id` with a number, together with `github.event_name`",
                )
                return


def _no_stranger(job: dict[str, Any]) -> bool:
    """Whether the job runs only for an event without rights, or after a push, which only a writer can make."""
    condition = re.sub(r"[\s'\"${}]", "", str(job.get("if", "")))
    if "||" in condition or "!" in condition.replace("!=cancelled", ""):
        return False
    return any(each in _HARMLESS for each in condition.split("&&"))


def _downloads(step: dict[str, Any]) -> bool:
    return _DOWNLOADS.search(str(step.get("uses", ""))) is not None or _DOWNLOAD_COMMANDS.search(_code(step)) is not None


def _inputs(step: dict[str, Any]) -> dict[str, Any]:
    inputs = step.get("with")
    return inputs if isinstance(inputs, dict) else {}


def _texts(step: dict[str, Any]) -> list[tuple[Path, str]]:
    """The programs of a step: its shell lines, and the script of github-script."""
    found: list[tuple[Path, str]] = [(("run",), str(step.get("run", "")))]
    return [*found, (("with", "script"), str(_inputs(step).get("script", "")))]


def _code(step: dict[str, Any]) -> str:
    return "\n".join(text for _, text in _texts(step))
