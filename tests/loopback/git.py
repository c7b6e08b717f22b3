"""One bare git repository, read and written through git itself, so that every hash is real."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True)
class Git:
    """A bare repository in a folder. A failing command raises `subprocess.CalledProcessError`."""

    path: Path

    @classmethod
    def create(cls, path: Path, default_branch: str) -> "Git":
        """An empty bare repository that answers a request for any commit, as GitHub does."""
        path.parent.mkdir(parents=True, exist_ok=True)
        command = ["git", "init", "-q", "--bare", "--template=", f"--initial-branch={default_branch}", str(path)]
        subprocess.run(command, check=True)
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

    def sha(self, name: str, kind: str = "commit") -> str | None:
        """The full hash behind a branch, tag or abbreviated hash, or None."""
        if name.startswith("-"):
            return None
        for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            try:
                return self.text("rev-parse", "--verify", "--quiet", f"{candidate}^{{{kind}}}")
            except subprocess.CalledProcessError:
                continue
        return None

    def ref(self, name: str) -> str | None:
        """The object a full reference (`refs/heads/main`) points at, or None."""
        try:
            return self.text("rev-parse", "--verify", "--quiet", name) or None
        except subprocess.CalledProcessError:
            return None

    def refs(self, prefix: str) -> list[tuple[str, str, str]]:
        """(name, hash, type) of every reference that begins with the prefix."""
        lines = self.text("for-each-ref", "--format=%(refname) %(objectname) %(objecttype)").splitlines()
        rows = [(name, sha, kind) for name, sha, kind in (line.split(" ") for line in lines)]
        return [row for row in rows if row[0].startswith(prefix)]

    def type(self, sha: str) -> str | None:
        """`blob`, `tree`, `commit` or `tag`; None where there is no such object."""
        try:
            return self.text("cat-file", "-t", sha)
        except subprocess.CalledProcessError:
            return None

    def read(self, sha: str) -> bytes:
        """The bytes of a blob."""
        return self.run("cat-file", "blob", sha)

    def entry(self, commit: str, path: str) -> Entry | None:
        """What lies at a path in a commit."""
        if not path:
            return Entry("", "040000", "tree", self.text("rev-parse", f"{commit}^{{tree}}"), None)
        found = self._entries(self.run("--literal-pathspecs", "ls-tree", "-l", "-z", commit, "--", path.rstrip("/")))
        return found[0] if found else None

    def tree(self, tree: str, recursive: bool = False) -> list[Entry]:
        """The lines of a tree; with its folders when recursive, as GitHub lists them."""
        return self._entries(self.run("ls-tree", "-l", "-z", *(["-r", "-t"] if recursive else []), tree))

    @staticmethod
    def _entries(listing: bytes) -> list[Entry]:
        entries = []
        for line in listing.decode("utf-8", "replace").split("\0"):
            if line:
                head, path = line.split("\t", 1)
                mode, kind, sha, size = head.split()
                entries.append(Entry(path, mode, kind, sha, None if size == "-" else int(size)))
        return entries

    def write_blob(self, content: bytes) -> str:
        """The hash of a new blob."""
        return self.run("hash-object", "-w", "--stdin", stdin=content).decode().strip()

    def write_tree(self, base: str | None, entries: Iterable[tuple[str, str, str | None]]) -> str:
        """The hash of a tree: the base with (path, mode, hash) laid over it; a hash of None removes the path."""
        with tempfile.TemporaryDirectory() as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self.run("read-tree", *([base] if base else ["--empty"]), env=env)
            lines = "".join(f"{mode if sha else '0'} {sha or '0' * 40}\t{path}\0" for path, mode, sha in entries)
            self.run("update-index", "-z", "--index-info", stdin=lines.encode(), env=env)
            return self.run("write-tree", env=env).decode().strip()

    def write_commit(
        self, message: str, tree: str, parents: Iterable[str], author: Person | None = None, committer: Person | None = None
    ) -> str:
        """The hash of a new commit; nobody named means GitHub itself, now."""
        env: dict[str, str] = {}
        for role, person in (("AUTHOR", author), ("COMMITTER", committer or author)):
            if person:
                env |= {f"GIT_{role}_NAME": person.name, f"GIT_{role}_EMAIL": person.email, f"GIT_{role}_DATE": person.date}
        flags = [flag for parent in parents for flag in ("-p", parent)]
        return self.run("commit-tree", tree, *flags, "-F", "-", stdin=message.encode(), env=env).decode().strip()

    def commit(self, sha: str) -> Commit:
        """A commit with its people in UTC."""
        return self.commits([sha])[0]

    def commits(self, shas: Iterable[str]) -> list[Commit]:
        """Commits in this order, by one process of git however many they are."""
        wanted = list(shas)
        form = "%H%x00%T%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B%x00%x00"
        options = ("--no-walk=unsorted", f"--format={form}", "--date=format-local:%Y-%m-%dT%H:%M:%SZ")
        shown = self.run("log", *options, *wanted, "--", env={"TZ": "UTC"}).decode("utf-8", "replace") if wanted else ""
        return [self._commit(each.lstrip("\n")) for each in shown.split("\0\0\n") if each]

    @staticmethod
    def _commit(shown: str) -> Commit:
        full, tree, parents, an, ae, ad, cn, ce, cd, message = shown.split("\0", 9)
        return Commit(full, tree, tuple(parents.split()), Person(an, ae, ad), Person(cn, ce, cd), message.rstrip("\n"))

    def log(self, *revisions: str, limit: int = 250) -> list[str]:
        """Hashes of commits, newest first."""
        return self.text("rev-list", f"--max-count={limit}", *revisions).split()

    def count(self, revisions: str) -> int:
        """How many commits a range holds."""
        return int(self.text("rev-list", "--count", revisions))

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor, or None of unrelated histories."""
        try:
            return self.text("merge-base", one, other)
        except subprocess.CalledProcessError:
            return None

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
        raw = self.run("diff-tree", "-r", "-M", "-z", "--raw", "--no-abbrev", old, new).decode("utf-8", "replace").split("\0")
        counts = self._counts(old, new)
        changes, at = [], 0
        while at < len(raw) - 1:
            _, _, old_sha, new_sha, letter = raw[at].split()
            renamed = letter[0] in "RC"
            previous, path = (raw[at + 1], raw[at + 2]) if renamed else (None, raw[at + 1])
            added, removed = counts.get(path, (0, 0))
            patch = self._patch(old, new, [item for item in (previous, path) if item])
            sha = old_sha if letter == "D" else new_sha
            changes.append(Change(path, previous, STATUSES.get(letter[0], "changed"), added, removed, sha, patch))
            at += 3 if renamed else 2
        return changes

    def _counts(self, old: str, new: str) -> dict[str, tuple[int, int]]:
        fields = self.run("diff-tree", "-r", "-M", "-z", "--numstat", old, new).decode("utf-8", "replace").split("\0")
        counts, at = {}, 0
        while at < len(fields) - 1:
            added, removed, path = fields[at].split("\t", 2)
            if not path:
                path, at = fields[at + 2], at + 2
            counts[path] = (0, 0) if added == "-" else (int(added), int(removed))
            at += 1
        return counts

    def _patch(self, old: str, new: str, paths: list[str]) -> str:
        shown = self.run("--literal-pathspecs", "diff-tree", "-r", "-M", "-p", old, new, "--", *paths).decode("utf-8", "replace")
        start = shown.find("\n@@ ")
        return shown[start + 1 :].rstrip("\n") if start >= 0 else ""

    def set_ref(self, name: str, sha: str) -> None:
        """Points a full reference at an object."""
        self.run("update-ref", name, sha)

    def delete_ref(self, name: str) -> None:
        """Removes a reference."""
        self.run("update-ref", "-d", name)

    def fetch(self, other: "Git", ref: str, into: str) -> None:
        """Brings a reference of another repository here, as GitHub does for a fork's pull request."""
        self.run("fetch", "-q", str(other.path), f"+{ref}:{into}")
