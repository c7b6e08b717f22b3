"""Finds who tracks a path at a revision, and where its bytes are."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from actions.datafile import DataFile, Tracked
from actions.repository import lines, worktree
from actions.repository.git import Git
from actions.repository.problems import MissingObject
from actions.repository.store import Out, Store
from policy.problems import UserProblem

Read = Callable[[str, str | None], bytes | None]


class Finder:
    """Looks first at DVC's outs, then at git. `read` reads a git-tracked file at a revision or on disk."""

    def __init__(self, root: Path, dvc_root: Path, git: Git, store: Store, scratch: Callable[[], Path], read: Read) -> None:
        self._root = root
        self._dvc_root = dvc_root
        self._git = git
        self._store = store
        self._scratch = scratch
        self._read = read

    def tracked(self, path: str, revision: str | None) -> Tracked | None:
        """See `Repository.tracked`. The path is clean, the revision a full SHA."""
        outs = self._store.outs(revision)
        if path.endswith(".dvc"):
            path = next((out.path for out in outs.values() if out.file == path), path)
        out = owner(outs, path)
        if out is not None and out.cached:
            return self._tracked_out(out, path, revision)
        if any(PurePosixPath(other).is_relative_to(path) for other, candidate in outs.items() if candidate.cached):
            raise UserProblem(
                "DVC tracks files inside this folder, but not the folder", path, "Name a file, or `dvc add` the folder"
            )
        digest = self._git_digest(path, revision)
        if digest is None:
            return None
        found = Tracked(path, "git", f"git:{digest}", revision, self._size(path, revision))
        return found if out is None else self._declared(found, out)

    def files(self, tracked: Tracked) -> list[DataFile]:
        """See `Repository.files`."""
        if tracked.kind == "git":
            return self._git_files(tracked)
        out = owner(self._store.outs(tracked.revision), tracked.path)
        # At a revision the cache comes first: hashing the work tree's file could mean reading all of it.
        here = None if tracked.revision and self._store.in_cache(tracked.digest) else self._on_disk(tracked)
        return here if here is not None else self._from_cache(tracked, out)

    # Who tracks it

    def _tracked_out(self, out: Out, path: str, revision: str | None) -> Tracked | None:
        digest, size = self._hashed(out, path) if revision is None else (None, None)
        if digest is None and path == out.path:
            digest, size = out.digest, out.size
        elif digest is None:
            digest = self._member(out, path, revision)
        if digest is None:
            return None
        return self._declared(Tracked(path, out.kind, digest, revision, size), out)

    def _hashed(self, out: Out, path: str) -> tuple[str | None, int | None]:
        """The digest of what lies on disk; None where nothing does."""
        target = worktree.inside(self._root, path, also=self._cache_home())
        if not target.exists():
            return None, None
        name = (out.digest or "md5:").partition(":")[0]
        return self._store.hash_file(target, name)

    def _member(self, out: Out, path: str, revision: str | None) -> str | None:
        """The digest of a file inside a tracked folder, from the folder's listing (fetched where it is not here)."""
        if out.digest is None:
            return None
        self._bring([out.digest], out, revision)
        members = self._store.members(out.digest) or {}
        return members.get(str(PurePosixPath(path).relative_to(out.path)))

    def _git_digest(self, path: str, revision: str | None) -> str | None:
        if revision is None:
            return worktree.git_digest(self._git, self._root, path)
        answer = self._git.ask("rev-parse", "--verify", "--quiet", f"{revision}:{'' if path == '.' else path}")
        return answer.output.decode().strip() if answer.code == 0 else None

    def _size(self, path: str, revision: str | None) -> int | None:
        if revision is not None:
            told = self._git.run("ls-tree", "--long", "-z", "--full-tree", revision, "--", path).partition(b"\t")[0].split()
            return int(told[3]) if told[3:4] and told[3].isdigit() else None
        target = self._root / path
        return target.stat().st_size if target.is_file() else None

    def _declared(self, found: Tracked, out: Out) -> Tracked:
        text = (self._read(out.file, found.revision) or b"").decode(errors="replace")
        stage = out.stage.partition("@")[0] if out.stage else None
        line = lines.out_lines(text).get((stage, out.written)) or lines.stage_lines(text).get(stage or "")
        return Tracked(found.path, found.kind, found.digest, found.revision, found.size, out.file, line)

    # Where its bytes are

    def _git_files(self, tracked: Tracked) -> list[DataFile]:
        if tracked.revision is None:
            target = worktree.inside(self._root, tracked.path)
            names = [tracked.path] if target.is_file() else worktree.files_below(self._git, self._root, tracked.path)
            return [DataFile(name, worktree.inside(self._root, name)) for name in names]
        listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", tracked.revision, "--", tracked.path)
        found = []
        for entry in listed.split(b"\0"):
            if entry:
                about, _, name = entry.partition(b"\t")
                _, kind, blob = about.decode().split(" ")
                if kind == "blob":
                    found.append(self._blob_file(name.decode("utf-8", "surrogateescape"), blob, tracked.revision))
        return found

    def _blob_file(self, name: str, blob: str, revision: str) -> DataFile:
        """A blob written to the scratch folder once, under its id."""
        target = self._scratch() / "blobs" / blob[:2] / blob[2:]
        if not target.exists():
            content = self._read(name, revision)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_suffix(".part")
            part.write_bytes(content or b"")
            part.replace(target)
        return DataFile(name, target)

    def _on_disk(self, tracked: Tracked) -> list[DataFile] | None:
        """The files of the work tree, where they are the very bytes asked for."""
        target = worktree.inside(self._root, tracked.path, also=self._cache_home())
        if not target.exists():
            return None
        name = tracked.digest.partition(":")[0]
        if self._store.hash_file(target, name)[0] != tracked.digest:
            return None
        if target.is_file():
            return [DataFile(tracked.path, target)]
        return [
            DataFile(f"{tracked.path}/{member}", target / member) for member in sorted(self._store.folder_on_disk(target, name))
        ]

    def _from_cache(self, tracked: Tracked, out: Out | None) -> list[DataFile]:
        self._bring([tracked.digest], out, tracked.revision)
        if not self._store.in_cache(tracked.digest):
            raise self._missing(tracked.path, tracked.digest, out)
        if not tracked.digest.endswith(".dir"):
            return [DataFile(tracked.path, self._store.cache_path(tracked.digest))]
        members = self._store.members(tracked.digest)
        if members is None:
            raise self._missing(tracked.path, tracked.digest, out)
        self._bring(list(members.values()), out, tracked.revision)
        for name, digest in members.items():
            if not self._store.in_cache(digest):
                raise self._missing(f"{tracked.path}/{name}", digest, out)
        return [DataFile(f"{tracked.path}/{name}", self._store.cache_path(digest)) for name, digest in sorted(members.items())]

    def _bring(self, digests: list[str], out: Out | None, revision: str | None) -> None:
        """Fetch what the cache lacks. No remote at all is no error here: the caller sees that the object is absent."""
        absent = [digest for digest in digests if not self._store.in_cache(digest)]
        if not absent:
            return
        remote = out.remote if out else None
        if out and out.kind == "import":
            self._store.fetch_path(out.path, revision)
        elif remote or self._store.remote_name():
            if self._store.is_versioned(remote) and out:
                self._store.fetch_path(out.path, revision)
            else:
                self._store.fetch(absent, remote)

    def _missing(self, path: str, digest: str, out: Out | None) -> MissingObject:
        remote = (out.remote if out else None) or self._store.remote_name()
        places = f"the cache nor the remote {remote}" if remote else "the cache, and no DVC remote is configured"
        return MissingObject(
            f"neither {places} has {digest.partition(':')[2][:12]}", path, "Run `dvc push` on the machine that has it"
        )

    def _cache_home(self) -> Path:
        return Path(self._store.repo.cache.local.path)


def owner(outs: dict[str, Out], path: str) -> Out | None:
    """The out that a path is, or lies in."""
    for candidate in (path, *(str(parent) for parent in PurePosixPath(path).parents)):
        if candidate in outs:
            return outs[candidate]
    return None
