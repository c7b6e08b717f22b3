"""One bare git repository, read and written through git, so that every hash is real.

What is asked all the time goes through libgit2 in this process; merges, logs and transfers through git's own commands.
"""

import os
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pygit2
from pygit2 import Blob, GitError, Index, IndexEntry, Object, Oid, Patch, Signature, Tree
from pygit2 import Commit as Kept
from pygit2.enums import FileMode, RepositoryOpenFlag, SortMode

from tests.loopback import clock

IDENTITY = {
    "GIT_AUTHOR_NAME": "GitHub",
    "GIT_AUTHOR_EMAIL": "noreply@localhost",
    "GIT_COMMITTER_NAME": "GitHub",
    "GIT_COMMITTER_EMAIL": "noreply@localhost",
}
STATUSES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}


@dataclass(frozen=True)
class Entry:
    """One line of a tree; `size` in bytes, None for a folder."""

    path: str
    mode: str
    type: str
    sha: str
    size: int | None


@dataclass(frozen=True)
class Person:
    """Author or committer; `date` as ISO 8601 in UTC."""

    name: str
    email: str
    date: str


@dataclass(frozen=True)
class Commit:
    """A commit as git keeps it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


@dataclass(frozen=True)
class Change:
    """One file of a diff; `patch` is empty for a binary file."""

    path: str
    previous: str | None
    status: str
    additions: int
    deletions: int
    sha: str
    patch: str


class _Opened(threading.local):
    """The repositories that this thread has open: to open one takes as long as to read a dozen commits."""

    MOST = 16

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[tuple[int, int], pygit2.Repository]] = {}

    def at(self, path: Path) -> pygit2.Repository:
        """The one in a folder; opened anew where another folder lies there by now."""
        found = path.stat()
        lies = (found.st_ino, found.st_mtime_ns)
        kept = self._kept.get(path)
        if kept is None or kept[0] != lies:
            if len(self._kept) >= self.MOST:
                self._kept.clear()
            kept = self._kept[path] = (lies, pygit2.Repository(str(path), RepositoryOpenFlag.NO_SEARCH))
        return kept[1]


_OPENED = _Opened()


@dataclass(frozen=True)
class Git:
    """A bare repository in a folder. A failing command raises `subprocess.CalledProcessError`."""

    path: Path

    @classmethod
    def create(cls, path: Path, default_branch: str) -> "Git":
        """An empty bare repository that answers a request for any commit, as GitHub does."""
        path.parent.mkdir(parents=True, exist_ok=True)
        pygit2.init_repository(str(path), bare=True, initial_head=default_branch)
        with (path / "config").open("a") as config:
            config.write("[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowFilter = true\n[http]\n\treceivepack = true\n")
        return cls(path)

    def run(self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """What a git command prints."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        return subprocess.run(
            ["git", f"--git-dir={self.path}", *arguments],
            input=stdin,
            capture_output=True,
            check=True,
            env={**clean, **IDENTITY, **(env or {})},
        ).stdout

    def text(self, *arguments: str) -> str:
        """What a git command prints, stripped."""
        return self.run(*arguments).decode("utf-8", "replace").strip()

    @property
    def _open(self) -> pygit2.Repository:
        """The repository, opened once by each thread; it sees what other processes write."""
        return _OPENED.at(self.path)

    def sha(self, name: str, kind: str = "commit") -> str | None:
        """The full hash behind a branch, tag or abbreviated hash, or None."""
        repository = self._open
        for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            try:
                return str(repository.revparse_single(f"{candidate}^{{{kind}}}").id)
            except (KeyError, ValueError, GitError):
                continue
        return None

    def ref(self, name: str) -> str | None:
        """The object a full reference (`refs/heads/main`) points at, or None."""
        try:
            return str(self._open.lookup_reference(name).resolve().target)
        except (KeyError, ValueError, GitError):
            return None

    def refs(self, prefix: str) -> list[tuple[str, str, str]]:
        """(name, hash, type) of every reference that begins with the prefix."""
        repository = self._open
        names = sorted(each for each in repository.references if each.startswith(prefix))
        rows = [(name, str(repository.references[name].resolve().target)) for name in names]
        return [(name, sha, repository[sha].type_str) for name, sha in rows]

    def type(self, sha: str) -> str | None:
        """`blob`, `tree`, `commit` or `tag`; None where there is no such object."""
        try:
            return self._open[sha].type_str
        except (KeyError, ValueError):
            return None

    def read(self, sha: str) -> bytes:
        """The bytes of a blob."""
        return self._open[sha].peel(Blob).data

    def entry(self, commit: str, path: str) -> Entry | None:
        """What lies at a path in a commit."""
        repository = self._open
        tree = repository.revparse_single(commit).peel(Tree)
        if not path:
            return Entry("", "040000", "tree", str(tree.id), None)
        try:
            return _entry(path.rstrip("/"), tree[path.rstrip("/")])
        except KeyError:
            return None

    def tree(self, tree: str, recursive: bool = False) -> list[Entry]:
        """The lines of a tree; with its folders when recursive, as GitHub lists them."""
        return list(_listed(self._open.revparse_single(tree).peel(Tree), "", recursive))

    def write_blob(self, content: bytes) -> str:
        """The hash of a new blob."""
        return str(self._open.create_blob(content))

    def write_tree(self, base: str | None, entries: Iterable[tuple[str, str, str | None]]) -> str:
        """The hash of a tree: the base with (path, mode, hash) laid over it; a hash of None removes the path."""
        repository, index = self._open, Index()
        if base:
            index.read_tree(repository.revparse_single(base).peel(Tree))
        for path, mode, sha in entries:
            if sha:
                index.add(IndexEntry(path, Oid(hex=sha), FileMode(int(mode, 8))))
            elif path in index:
                index.remove(path)
        return str(index.write_tree(repository))

    def write_commit(
        self, message: str, tree: str, parents: Iterable[str], author: Person | None = None, committer: Person | None = None
    ) -> str:
        """The hash of a new commit; nobody named means GitHub itself, now."""
        people = (_signature(author), _signature(committer or author))
        return str(self._open.create_commit(None, *people, message, Oid(hex=tree), [Oid(hex=each) for each in parents]))

    def commit(self, sha: str) -> Commit:
        """A commit with its people in UTC."""
        return self.commits([sha])[0]

    def commits(self, shas: Iterable[str]) -> list[Commit]:
        """Commits in this order."""
        repository = self._open
        return [_commit(repository.revparse_single(each).peel(Kept)) for each in shas]

    def log(self, *revisions: str, limit: int = 250) -> list[str]:
        """Hashes of commits, newest first."""
        if len(revisions) == 1:
            return list(islice(self._reached(revisions[0]), limit))
        return self.text("rev-list", f"--max-count={limit}", *revisions).split()

    def count(self, revisions: str) -> int:
        """How many commits a range holds."""
        return sum(1 for _ in self._reached(revisions))

    def _reached(self, revisions: str) -> Iterator[str]:
        """What a commit or `old..new` reaches, the newest first."""
        repository = self._open
        found = repository.revparse(revisions)
        walk = repository.walk((found.to_object or found.from_object).peel(Kept).id, SortMode.TOPOLOGICAL | SortMode.TIME)
        if found.to_object is not None:
            walk.hide(found.from_object.peel(Kept).id)
        return (str(each.id) for each in walk)

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor, or None of unrelated histories."""
        repository = self._open
        found = repository.merge_base(repository.revparse_single(one).id, repository.revparse_single(other).id)
        return str(found) if found else None

    def try_merge(self, one: str, other: str) -> str | None:
        """The tree that merging two commits gives, or None on a conflict."""
        try:
            return self.text("merge-tree", "--write-tree", one, other).splitlines()[0]
        except subprocess.CalledProcessError:
            return None

    def contains(self, ancestor: str, commit: str) -> bool:
        """Whether one commit is part of another's history."""
        return self.merge_base(ancestor, commit) == ancestor

    def diff(self, old: str, new: str) -> list[Change]:
        """The files that differ between two commits or trees, renames found."""
        repository = self._open
        diff = repository.revparse_single(old).peel(Tree).diff_to_tree(repository.revparse_single(new).peel(Tree))
        diff.find_similar()
        return [_change(each) for each in diff if each is not None]

    def set_ref(self, name: str, sha: str) -> None:
        """Points a full reference at an object."""
        self._open.references.create(name, Oid(hex=sha), force=True)

    def delete_ref(self, name: str) -> None:
        """Removes a reference."""
        self._open.references.delete(name)

    def fetch(self, other: "Git", ref: str, into: str) -> None:
        """Brings a reference of another repository here, as GitHub does for a fork's pull request."""
        self.run("fetch", "-q", str(other.path), f"+{ref}:{into}")


def _change(patch: Patch) -> Change:
    delta = patch.delta
    letter, old, new = delta.status_char(), delta.old_file, delta.new_file
    _, added, removed = patch.line_stats
    text = patch.data.decode("utf-8", "replace")
    start = text.find("\n@@ ")
    return Change(
        path=new.path,
        previous=old.path if letter in "RC" else None,
        status=STATUSES.get(letter, "changed"),
        additions=added,
        deletions=removed,
        sha=str((old if letter == "D" else new).id),
        patch=text[start + 1 :].rstrip("\n") if start >= 0 else "",
    )


def _entry(path: str, found: Object) -> Entry:
    size = found.size if isinstance(found, Blob) else None
    return Entry(path, f"{found.filemode:06o}", found.type_str, str(found.id), size)


def _listed(tree: Tree, folder: str, recursive: bool) -> Iterable[Entry]:
    for found in tree:
        yield _entry(f"{folder}{found.name}", found)
        if recursive and isinstance(found, Tree):
            yield from _listed(found, f"{folder}{found.name}/", recursive)


def _signature(person: Person | None) -> Signature:
    if person is None:
        return Signature(IDENTITY["GIT_AUTHOR_NAME"], IDENTITY["GIT_AUTHOR_EMAIL"], int(clock.now().timestamp()), 0)
    return Signature(person.name, person.email, int(datetime.fromisoformat(person.date).timestamp()), 0)


def _person(signature: Signature) -> Person:
    name, email = (each.decode("utf-8", "replace") for each in (signature.raw_name, signature.raw_email))
    return Person(name, email, datetime.fromtimestamp(signature.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _commit(found: Kept) -> Commit:
    parents = tuple(str(each) for each in found.parent_ids)
    message = found.raw_message.decode("utf-8", "replace").rstrip("\n")
    return Commit(str(found.id), str(found.tree_id), parents, _person(found.author), _person(found.committer), message)
