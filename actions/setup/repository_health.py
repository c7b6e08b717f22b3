"""Whether git, DVC, its remote and the policy are as a check needs them."""

from collections.abc import Iterator

from actions.data.contract import line_of
from actions.data.state import inspect
from actions.repository import Repository, remotes
from actions.setup.finding import Finding
from policy import document
from policy.document import Policy
from policy.facts.data import PipelineFacts
from policy.problems import Problem, UserProblem

_SHOWN = 5


def git(repository: Repository, branch: str) -> Iterator[Finding]:
    """The clone and the place that it is pushed to."""
    if repository.head().shallow:
        cure = "Run `git fetch --unshallow`; on a runner set `fetch-depth: 0`"
        yield Finding("git", "warning", "this clone is shallow, so a merge base may not be found", cure)
    if remotes.origin(repository.root) is None:
        yield Finding(
            "git", "note", "there is no remote `origin`", "Run `git remote add origin URL` when there is a place to push to"
        )
    else:
        yield Finding("git", "ok", f"git, with changes merged into {branch}")


def dvc(repository: Repository, *, ask_remote: bool) -> Iterator[Finding]:
    """The pipeline and the remote."""
    found = inspect(repository, check_remote=ask_remote)
    if found.problem is not None:
        detail = found.problem_detail or found.problem.value
        yield Finding("dvc", "error", detail, "" if ". " in detail else "Mend what it names, then run `dvc status --cloud`")
        return
    yield from _remote(found, ask_remote)
    stale = [stage.name for stage in found.stages if stage.state != "current"]
    if stale:
        yield Finding("pipeline", "warning", f"stages are out of date: {_some(stale)}", "Run `dvc repro`, then commit dvc.lock")
    elif found.stages:
        yield Finding("pipeline", "ok", f"all {len(found.stages)} stages are up to date")
    else:
        yield Finding(
            "pipeline", "note", "there is no pipeline", "Write the stages into dvc.yaml to have them reproduced and judged"
        )


def _remote(found: PipelineFacts, asked: bool) -> Iterator[Finding]:
    if found.remote is None:
        cure = "Run `dvc remote add --default NAME URL`, then `dvc push`"
        yield Finding("dvc-remote", "error", "DVC has no default remote, so a runner cannot get the data", cure)
    elif not asked:
        yield Finding("dvc-remote", "note", f"the remote {found.remote} was not asked", "Run `assay doctor` without --no-remote")
    elif found.missing_remote:
        what = f"objects were never pushed to {found.remote}: {_some(found.missing_remote)}"
        yield Finding("dvc-remote", "error", what, "Run `dvc push`")
    else:
        yield Finding("dvc-remote", "ok", f"the remote {found.remote} can be reached and has everything")


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def policy(repository: Repository, branch: str) -> tuple[Policy | None, list[Finding]]:
    """The policy of the work tree, and what is to be said of it."""
    raw = repository.read(document.FILE_NAME)
    if raw is None:
        return None, [Finding("policy", "error", f"there is no {document.FILE_NAME}", "Run `assay init`")]
    try:
        found = document.read(raw.decode("utf-8", "replace"))
    except document.PolicyProblem as problem:
        return None, [
            Finding("policy", "error", f"{e.key}: {e.what}".lstrip(": "), e.right, e.file, e.line) for e in problem.errors
        ]
    except UserProblem as problem:
        return None, [Finding("policy", "error", problem.what, problem.next, problem.where or document.FILE_NAME)]
    findings = [*_contracts(repository, found), *_data(repository, found), _on_default(repository, branch, raw)]
    return found, [Finding("policy", "ok", f"{document.FILE_NAME} is valid"), *findings]


def _contracts(repository: Repository, found: Policy) -> Iterator[Finding]:
    for dataset in found.data:
        if dataset.contract is None:
            continue
        try:
            line_of(dataset.contract, repository.root)
        except UserProblem as problem:
            yield Finding("contract", "error", problem.what, problem.next, problem.where or dataset.contract)


def _data(repository: Repository, found: Policy) -> Iterator[Finding]:
    for dataset in found.data:
        try:
            tracked = repository.tracked(dataset.path)
        except Problem as problem:
            yield Finding("data", "error", f"{dataset.path}: {problem.what}", problem.next, document.FILE_NAME)
            continue
        if tracked is None:
            what = f"neither git nor DVC tracks {dataset.path}"
            yield Finding("data", "error", what, f"Run `dvc add {dataset.path}`, or correct the path", document.FILE_NAME)


def _on_default(repository: Repository, branch: str, here: bytes) -> Finding:
    try:
        there = repository.read(document.FILE_NAME, repository.resolve(branch))
    except Problem:
        there = None
    if there is None:
        what = f"{branch} has no {document.FILE_NAME} yet, so a change is judged by its own"
        return Finding("policy-base", "warning", what, f"Merge {document.FILE_NAME} into {branch}")
    if there != here:
        return Finding(
            "policy-base", "note", f"{branch} has another {document.FILE_NAME}, which is the one that judges this change"
        )
    return Finding("policy-base", "ok", f"{branch} has the same {document.FILE_NAME}")
