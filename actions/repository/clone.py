"""A work tree of its own for a commit: nothing in it is seen by the one it was made from, but DVC's cache is one and the same."""

import os
from pathlib import Path
from typing import Any

from actions.repository.git import Git
from actions.repository.problems import translated
from actions.repository.store import Store


def clone(git: Git, store: Store, root: Path, dvc_root: Path, sha: str, folder: Path) -> Path:
    """Make a work tree at a commit in an empty folder, and return its DVC root. Git's objects are shared, not copied.

    DVC's cache there is the cache here, with its run cache; remotes and credentials of the local configuration are known too.

    Raises:
        OutsideProblem: git could not make it.
        UserProblem: DVC's configuration does not hold.
    """
    git.run("clone", "--quiet", "--shared", "--no-checkout", "--", str(root), str(folder))
    Git(folder).run("checkout", "--quiet", "--detach", sha)
    inner = folder / dvc_root.relative_to(root)
    with translated(dvc_root):
        local = store.repo.config.load_one("local")
        remotes = _remotes(store.repo.config.load_one("repo"), local)
        there = Store(folder, inner)
        try:
            with there.repo.config.edit("local") as written:
                for section, values in local.items():
                    written[section] = {**written.get(section, {}), **values}
                written["remote"] = {**written.get("remote", {}), **remotes}
                written["cache"] = {**written.get("cache", {}), "dir": os.fspath(Path(store.repo.cache.local_cache_dir))}
        finally:
            there.close()
    return inner


def renew(git: Git, store: Store, dvc_root: Path, sha: str) -> None:
    """Bring a work tree back to its commit: files of git, and the outs of DVC as far as the cache has them.

    Files that git ignores and DVC does not know stay, so that a stage's own caches are kept.
    """
    git.run("reset", "--quiet", "--hard", sha)
    git.run("clean", "-d", "--force", "--quiet")
    store.forget()
    with translated(dvc_root):
        store.repo.checkout(force=True, allow_missing=True)
    store.forget()


def _remotes(shared: dict[str, Any], local: dict[str, Any]) -> dict[str, Any]:
    """Every remote as it is seen from here: an address relative to the configuration would lead elsewhere from there."""
    names = {**shared.get("remote", {}), **local.get("remote", {})}
    return {name: {**shared.get("remote", {}).get(name, {}), **local.get("remote", {}).get(name, {})} for name in names}
