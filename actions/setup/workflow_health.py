"""Whether the workflows are there, current, pinned, and have the rights that they need: no fewer, and no strangers' code."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from actions.repository import Repository
from actions.setup import workflows
from actions.setup.finding import Finding
from actions.setup.lint import lint
from policy import yaml_text
from policy.problems import Problem

_USE = re.compile(r"^\s*(?:-\s+)?uses:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
_LEVELS = {"none": 0, "read": 1, "write": 2}


def look(repository: Repository, wanted: Mapping[str, str]) -> Iterator[Finding]:
    """Assay's workflows against those of this version (path -> text), and our lint over all that the repository has."""
    for path, text in wanted.items():
        yield from _shipped(repository, path, text)
    folder = repository.root / workflows.FOLDER
    for file in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        path = f"{workflows.FOLDER}/{file.name}"
        try:
            content = repository.read(path)
        except Problem as problem:
            yield Finding("workflow-unreadable", "error", problem.what, problem.next, path)
            continue
        text = (content or b"").decode("utf-8", "replace")
        yield from _pins(path, text)
        yield from lint(text, path)


def _shipped(repository: Repository, path: str, text: str) -> Iterator[Finding]:
    content = repository.read(path)
    if content is None and path.rpartition("/")[2] in workflows.FOR_COMMANDS:
        cure = "Run `assay init`, if commands in comments are wanted"
        yield Finding("workflow", "note", f"{path} is not there, so commands start nothing", cure)
        return
    if content is None:
        yield Finding("workflow", "warning", f"{path} is not there", "Run `assay init`")
        return
    present = content.decode("utf-8", "replace").replace("\r\n", "\n")
    if present == text:
        yield Finding("workflow", "ok", f"{path} is current")
        return
    cure = "`assay init` shows the difference; take over what you want of it"
    yield Finding("workflow", "note", f"{path} is not the one that this version ships", cure)
    yield from _permissions(path, present, text)


def _permissions(path: str, present: str, shipped: str) -> Iterator[Finding]:
    """Rights that a job of ours needs and does not have, as the block to paste."""
    try:
        document = yaml_text.read(present, path)
    except Problem:
        return  # the lint says so
    ours = yaml.safe_load(shipped)["jobs"]
    whole = document.data if isinstance(document.data, dict) else {}
    jobs = whole.get("jobs")
    for name, job in ours.items():
        theirs = jobs.get(name) if isinstance(jobs, dict) else None
        if not isinstance(theirs, dict):
            continue
        granted = _granted(theirs["permissions"] if "permissions" in theirs else whole.get("permissions"))
        lacking = {scope: level for scope, level in job["permissions"].items() if granted.get(scope, 0) < _LEVELS[level]}
        if lacking:
            block = "; ".join(f"{scope}: {level}" for scope, level in job["permissions"].items())
            line = document.line(("jobs", name, "permissions"))
            what = f"the job `{name}` lacks {', '.join(f'{scope}: {level}' for scope, level in lacking.items())}"
            yield Finding("permissions", "error", what, f"Give it `permissions: {{{block.replace('; ', ', ')}}}`", path, line)


def _granted(permissions: Any) -> Mapping[str, int]:
    """Scope -> level. Without any `permissions`, the repository's setting decides: nobody can count on more than reading."""
    if permissions in ("write-all", "read-all"):
        level = 2 if permissions == "write-all" else 1
        return dict.fromkeys(("actions", "checks", "contents", "pull-requests", "statuses"), level)
    if isinstance(permissions, dict):
        return {str(scope): _LEVELS.get(str(level), 0) for scope, level in permissions.items()}
    return {"contents": 1}


def _pins(path: str, text: str) -> Iterator[Finding]:
    """Actions by others that a tag names: whoever moves the tag runs in this repository."""
    for found in _USE.finditer(text):
        use = found[1]
        if use.startswith("./") or re.search(r"@[0-9a-f]{40}$|@sha256:[0-9a-f]{64}$", use):
            continue
        line = text.count("\n", 0, found.start(1)) + 1
        yield Finding(
            "pins",
            "warning",
            f"{use} is not pinned",
            "Name the full commit SHA after `@`, and the version in a comment",
            path,
            line,
        )
    for found in re.finditer(rf"{re.escape(workflows.ASSAY)}[\w./-]*@0{{40}}", text):
        line = text.count("\n", 0, found.start()) + 1
        cure = "Write the SHA of the release of Assay that you want in place of the zeros"
        yield Finding("pins", "error", f"{found[0]} names no commit", cure, path, line)
