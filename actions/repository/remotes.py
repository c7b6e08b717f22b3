"""What git knows of the place that a repository is pushed to, without asking it."""

from pathlib import Path

from actions.repository.git import Git

_USUAL = ("main", "master", "trunk", "develop")


def default_branch(root: Path) -> str:
    """The branch that changes are merged into: what `origin` said when it was cloned, else the usual one that exists."""
    git = Git(root)
    told = git.ask("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    if told.code == 0:
        return told.output.decode("utf-8", "replace").strip().removeprefix("origin/")
    for name in _USUAL:
        for ref in (f"refs/remotes/origin/{name}", f"refs/heads/{name}"):
            if git.ask("rev-parse", "--verify", "--quiet", ref).code == 0:
                return name
    here = git.ask("symbolic-ref", "--quiet", "--short", "HEAD")
    return here.output.decode("utf-8", "replace").strip() or _USUAL[0]


def origin(root: Path) -> str | None:
    """The address of the remote `origin`; None where there is none."""
    told = Git(root).ask("remote", "get-url", "origin")
    return told.output.decode("utf-8", "replace").strip() if told.code == 0 else None


def revision(folder: Path) -> str | None:
    """The commit that a folder of a git checkout stands on; None outside of one."""
    told = Git(folder).ask("rev-parse", "--verify", "--quiet", "HEAD")
    return told.output.decode().strip() if told.code == 0 else None
