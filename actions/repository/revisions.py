"""Revisions, branches and what changed between them, as git tells it."""

import re
from dataclasses import dataclass
from pathlib import Path

from actions.repository.git import Git
from policy.problems import UserProblem

_DEEPEN = "Run `git fetch --unshallow`, or set `fetch-depth: 0` on actions/checkout"


@dataclass(frozen=True)
class Head:
    """Where the work tree stands. `branch` is None on a detached head; `dirty` counts untracked files that are not ignored."""

    sha: str
    branch: str | None
    dirty: bool
    shallow: bool


def find_top(start: Path) -> Path:
    """The top of the git work tree around a folder.

    Raises:
        UserProblem: no git, no repository, a bare repository, a repository of another user, or no commit yet.
    """
    folder = start if start.is_dir() else start.parent
    if not start.exists():
        raise UserProblem("there is no such folder", str(start), "Name a folder inside a git repository")
    git = Git(folder)
    answer = git.ask("rev-parse", "--is-bare-repository", "--is-inside-work-tree", "--show-toplevel")
    if "dubious ownership" in answer.error:
        cure = f"If you trust it: git config --global --add safe.directory {folder.resolve()}"
        raise UserProblem("git refuses this repository because another user owns it", str(folder), cure)
    words = answer.output.decode("utf-8", "surrogateescape").split("\n")
    if words[0] == "true":
        raise UserProblem("this is a bare git repository, without a work tree", str(folder), "Clone it and run there")
    if words[1:2] == ["false"]:
        raise UserProblem("this is the inside of a .git folder", str(folder), "Run in the work tree beside it")
    if answer.code:
        raise UserProblem("this is not a git repository", str(folder), "Run inside one, or start one with `git init`")
    top = Path(words[2])
    if git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}").code:
        raise UserProblem("this branch has no commit yet", str(top), "Commit something first")
    return top


def head(git: Git) -> Head:
    """The commit, branch and state of the work tree, in one look."""
    fields = git.run("status", "--porcelain=v2", "--branch", "-z", "--ignore-submodules=none").split(b"\0")
    told = {}
    for field in fields:
        if field.startswith(b"# "):
            name, _, value = field[2:].decode("utf-8", "surrogateescape").partition(" ")
            told[name] = value
    dirty = any(field and not field.startswith(b"# ") for field in fields)
    branch = told.get("branch.head", "(detached)")
    return Head(told["branch.oid"], None if branch == "(detached)" else branch, dirty, is_shallow(git))


def is_shallow(git: Git) -> bool:
    """Whether the clone lacks a part of its history."""
    return git.run("rev-parse", "--is-shallow-repository").strip() == b"true"


def resolve(git: Git, revision: str) -> str:
    """The full SHA of the commit that a revision names. A branch that is only on `origin`, as on a runner, is found there.

    Raises:
        UserProblem: it names nothing, or looks like an option.
    """
    if not revision or revision.startswith("-") or re.search(r"[\0-\x1f]", revision):
        raise UserProblem("this is not the name of a revision", repr(revision), "Name a branch, a tag or a commit")
    for name in (revision, f"refs/remotes/origin/{revision}"):
        answer = git.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if answer.code == 0:
            return answer.output.decode().strip()
    if is_shallow(git):
        raise UserProblem("this shallow clone does not have the revision", revision, _DEEPEN)
    raise UserProblem(
        "no such branch, tag or commit", revision, "`git fetch origin` may bring it; `git branch --all` lists branches"
    )


def merge_base(git: Git, one: str, other: str) -> str | None:
    """The best common ancestor of two commits; None where their histories share nothing.

    Raises:
        UserProblem: the clone is too shallow to tell.
    """
    answer = git.ask("merge-base", resolve(git, one), resolve(git, other))
    if answer.code == 0:
        return answer.output.decode().strip()
    if is_shallow(git):
        raise UserProblem(f"this shallow clone does not reach the common ancestor of {one} and {other}", "", _DEEPEN)
    return None


def changed_files(git: Git, base: str) -> list[str]:
    """Paths that differ between a commit and the work tree: staged, unstaged, deleted, and untracked but not ignored."""
    differ = git.run("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", resolve(git, base), "--")
    untracked = git.run("ls-files", "--others", "--exclude-standard", "-z")
    return sorted({_text(path) for path in (differ + untracked).split(b"\0") if path})


def history(git: Git, path: str, limit: int, revision: str) -> list[tuple[str, str]]:
    """The last commits on the first-parent line that touch a path: (SHA, subject), newest first."""
    told = git.run(
        *("log", "--first-parent", "-z", "--no-show-signature", "--format=%H %s", f"--max-count={limit}"),
        *(resolve(git, revision), "--", path),
    )
    lines = [_text(line) for line in told.split(b"\0") if line]
    return [(line[: line.index(" ")], line[line.index(" ") + 1 :]) for line in lines]


def was_head_of(git: Git, sha: str, branch: str) -> bool:
    """Whether a branch once ended in a commit: it lies on the branch's first-parent line, as `origin` has it where there is one.

    Raises:
        UserProblem: there is no such branch, or the clone is too shallow to tell.
    """
    there = git.ask("remote", "get-url", "origin").code == 0
    ref = f"refs/remotes/origin/{branch}" if there else f"refs/heads/{branch}"
    if git.ask("check-ref-format", ref).code or git.ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").code:
        raise UserProblem("there is no such branch", f"{'origin/' if there else ''}{branch}", "Name it, or `git fetch origin`")
    line = git.run("rev-list", "--first-parent", ref).decode().split()
    if sha in line:
        return True
    if is_shallow(git):
        raise UserProblem(f"this shallow clone cannot tell whether {sha[:7]} was the head of {branch}", "", _DEEPEN)
    return False


def tree(git: Git, sha: str) -> str:
    """The tree of a commit."""
    return git.run("rev-parse", "--verify", f"{sha}^{{tree}}").decode().strip()


def tags(git: Git, revision: str) -> list[str]:
    """The tags on a commit."""
    told = git.run("for-each-ref", "--format=%(refname:short)", f"--points-at={resolve(git, revision)}", "refs/tags")
    return _text(told).splitlines()


def _text(path: bytes) -> str:
    """A path for people and for facts. Bytes that are no text are shown as escapes: such a path can be named, not opened."""
    return path.decode("utf-8", "backslashreplace")
