"""The one door to git and DVC: revisions, files at revisions, and where the bytes of tracked data are."""

import weakref
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from actions.datafile import DataFile, Tracked
from actions.repository import clone, marks, parameters, revisions, worktree
from actions.repository.ancestry import Ancestry, ancestry
from actions.repository.finder import Finder, owner
from actions.repository.git import Blobs, Git
from actions.repository.plots import PlotDefinition, read_plots
from actions.repository.revisions import Head
from actions.repository.stages import Stage, read_stages
from actions.repository.store import Out, Store
from policy.facts import OverrideFact
from policy.facts.override import Override, Value
from policy.problems import UserProblem


class Repository:
    """A git work tree with DVC in it. Paths in and out are POSIX, from the top of the work tree.

    `root` is the top of the git work tree; `dvc_root` is usually the same, or the sub-folder that holds `.dvc`.
    What has been read is remembered; `forget()` after something wrote to the work tree.
    """

    def __init__(self, root: Path, dvc_root: Path) -> None:
        self.root = root
        self.dvc_root = dvc_root
        self._git = Git(root)
        self._store = Store(root, dvc_root)
        self._stages: dict[bool, list[Stage]] = {}

    @classmethod
    def open(cls, start: Path) -> Self:
        """Find the repository around a folder.

        Raises:
            UserProblem: no git, no repository, a bare one, no commit yet, or no DVC.
        """
        root = revisions.find_top(start)
        here = start.resolve()
        for folder in (here, *here.parents):
            if (folder / ".dvc").is_dir():
                return cls(root, folder)
            if folder == root:
                break
        raise UserProblem("DVC is not set up here", str(root), "Run `dvc init`, or run inside the folder that holds .dvc")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the helper process of git and close DVC's databases."""
        if "_blobs" in self.__dict__:
            self._blobs.close()
            del self.__dict__["_blobs"]
        self._store.close()

    @cached_property
    def _blobs(self) -> Blobs:
        blobs = Blobs(self._git)
        weakref.finalize(self, blobs.close)
        return blobs

    @cached_property
    def scratch(self) -> Path:
        """A folder for caches: `.dvc/tmp/assay`, ignored by git, made on demand.

        Raises:
            UserProblem: it is a symbolic link, which a pull request could have committed.
        """
        folder = self.dvc_root / ".dvc/tmp/assay"
        for step in (folder.parent, folder):
            if step.is_symlink():
                raise UserProblem("the folder for caches is a symbolic link", str(step), "Remove it from the repository")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        return folder

    # Revisions

    def resolve(self, revision: str) -> str:
        """The full SHA of a commit; see `revisions.resolve`. Raises UserProblem."""
        return revisions.resolve(self._git, revision)

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor; None for unrelated histories. Raises UserProblem in a clone too shallow to tell."""
        return revisions.merge_base(self._git, one, other)

    def head(self) -> Head:
        """Commit, branch and state of the work tree."""
        return revisions.head(self._git)

    def changed_files(self, base: str) -> list[str]:
        """Paths that differ between a commit and the work tree, including staged, deleted and untracked ones, sorted."""
        return revisions.changed_files(self._git, base)

    def history(self, path: str, limit: int, revision: str = "HEAD") -> list[tuple[str, str]]:
        """The last first-parent commits that touch a path: (SHA, subject), newest first."""
        return revisions.history(self._git, worktree.clean(path), limit, revision)

    def tags(self, revision: str = "HEAD") -> list[str]:
        """The tags on a commit."""
        return revisions.tags(self._git, revision)

    def was_head_of(self, sha: str, branch: str) -> bool:
        """Whether a branch once ended in a commit; see `revisions.was_head_of`. Raises UserProblem."""
        return revisions.was_head_of(self._git, sha, branch)

    def tree(self, sha: str) -> str:
        """The tree of a commit."""
        return revisions.tree(self._git, sha)

    def place_tag(self, name: str, sha: str, message: str) -> bool:
        """Make a tag here and on `origin`, where it is absent; see `marks.place`. Raises UserProblem, OutsideProblem."""
        return marks.place(self._git, name, sha, message)

    def place_next_tag(self, stem: str, sha: str, message: str) -> str:
        """Make the next of a row of tags; see `marks.place_next`. Raises UserProblem, OutsideProblem."""
        return marks.place_next(self._git, stem, sha, message)

    # Files

    def read(self, path: str, revision: str | None = None) -> bytes | None:
        """A file that git keeps, at a revision; or, without one, the file on disk. None where there is none.

        Raises:
            UserProblem: the path leaves the repository, by itself or through a symbolic link.
        """
        path = worktree.clean(path)
        if revision is not None:
            return self._blobs.read(self._full(revision), path)
        target = worktree.inside(self.root, path)
        return target.read_bytes() if target.is_file() else None

    def tracked(self, path: str, revision: str | None = None) -> Tracked | None:
        """Who tracks a path, and the digest of its content, at a revision or in the work tree.

        DVC's outs and imports, a path inside a tracked folder, the `.dvc` file in place of its out, or plain files of
        git. In the work tree the bytes on disk count, hashed through DVC's database of hashes (fast when unchanged);
        where there are none, what the lock says. None where nothing tracks the path.

        Raises:
            UserProblem: the path leaves the repository, or is a folder that holds outs but is none itself.
        """
        return self._finder.tracked(worktree.clean(path), self._full(revision) if revision is not None else None)

    def files(self, tracked: Tracked) -> list[DataFile]:
        """Where the bytes are: the work tree, git's copy in the scratch folder, DVC's cache, or fetched into it.

        A folder gives its members, by name.

        Raises:
            MissingObject: the bytes are nowhere (a UserProblem).
            OutsideProblem: the remote that should have them cannot be reached.
        """
        return self._finder.files(tracked)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.root, self.dvc_root, self._git, self._store, lambda: self.scratch, self.read)

    # DVC

    def stages(self, *, remotely: bool = False) -> list[Stage]:
        """The pipeline of the work tree, upstream first, each stage compared with its lock.

        No data is read from a remote; with `remotely`, the listings of folders may be, where a comparison needs them.

        Raises:
            UserProblem: the pipeline cannot be read.
        """
        if remotely not in self._stages:
            self._stages[remotely] = read_stages(self._store, self.root, self.dvc_root, self.read, remotely=remotely)
        return list(self._stages[remotely])

    def plots(self) -> list[PlotDefinition]:
        """Every plot that the work tree's pipeline declares.

        Raises:
            UserProblem: the pipeline cannot be read.
        """
        return read_plots(self._store, self.root, self.dvc_root)

    def override(self, overrides: Iterable[Override]) -> list[OverrideFact]:
        """Set parameters in the work tree; see `parameters.override`. Raises UserProblem, with none set, where one cannot be."""
        done = parameters.override(self._store, self.root, self.dvc_root, overrides)
        self.forget()
        return done

    def parameters(self, wanted: Iterable[Override]) -> list[Value]:
        """What stands for each of these parameters in the work tree; see `parameters.present`. Raises UserProblem."""
        return parameters.present(self._store, self.root, self.dvc_root, wanted)

    def clone(self, sha: str, folder: Path) -> Self:
        """A work tree of its own for a commit; see `clone.clone`. Raises UserProblem, OutsideProblem."""
        return type(self)(folder, clone.clone(self._git, self._store, self.root, self.dvc_root, sha, folder))

    def renew(self, sha: str) -> None:
        """Throw away what differs from a commit; see `clone.renew`. For work trees that `clone` made."""
        clone.renew(self._git, self._store, self.dvc_root, sha)
        self.forget()

    def patch(self, paths: Iterable[str]) -> str:
        """The difference of these files of the work tree to its commit, as `git apply` reads it."""
        return self._git.run("diff", "--no-ext-diff", "--no-color", "HEAD", "--", *paths).decode("utf-8", "replace")

    def ancestry(self, path: str, revision: str) -> Ancestry | None:
        """What the out that a path is, or lies in, was made of by the lock at a revision; None where no lock knows it.

        Raises:
            UserProblem: the pipeline at that revision cannot be read.
        """
        sha = self._full(revision)
        out = owner(self._store.outs(sha), worktree.clean(path))
        return None if out is None else ancestry(self._store, self.root, self.read, sha, out)

    def outs(self, revision: str | None = None) -> list[Out]:
        """Every DVC out at a revision or in the work tree."""
        return list(self._store.outs(self._full(revision) if revision is not None else None).values())

    @property
    def store(self) -> Store:
        """Cache and remotes, for the state of the pipeline."""
        return self._store

    def forget(self) -> None:
        """Drop what was read of the work tree, because something (a training run) wrote to it."""
        self._stages.clear()
        self._store.forget()

    def _full(self, revision: str) -> str:
        """The SHA of a revision, without asking git again for what is already one."""
        known = len(revision) in (40, 64) and all(letter in "0123456789abcdef" for letter in revision)
        return revision if known else self.resolve(revision)
