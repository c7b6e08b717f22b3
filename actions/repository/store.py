"""DVC, opened once in this process, when something first needs it (importing it costs a third of a second)."""

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import yaml

from actions.repository.problems import one_line, translated
from actions.repository.remote_bytes import unlike
from policy.problems import OutsideProblem, Problem, UserProblem

_DIGEST = re.compile(r"(md5|md5-dos2unix):[0-9a-f]{32}(\.dir)?")


@dataclass(frozen=True)
class Out:
    """One out as a `.dvc` file or dvc.lock records it. Paths are POSIX, from the top of the git work tree."""

    path: str
    kind: Literal["out", "import"]
    digest: str | None
    """As in `Tracked.digest`; None where the lock has none yet."""
    size: int | None
    file: str
    written: str
    """The path as the file writes it."""
    stage: str | None
    """The stage's name in dvc.yaml; None for a .dvc file."""
    cached: bool
    """Whether DVC (and not git) keeps the bytes."""
    remote: str | None
    pushed: bool
    """Whether `dvc push` would bring it to the remote."""
    versioned: bool
    """Whether the lock holds version ids of a cloud-versioned remote."""


class Store:
    """DVC's index, hashes, cache and remotes. Everything DVC raises comes out as a problem."""

    def __init__(self, top: Path, dvc_root: Path) -> None:
        self._top = top
        self._dvc_root = dvc_root
        self._outs: dict[str | None, dict[str, Out]] = {}

    @cached_property
    def repo(self) -> Any:
        """The `dvc.repo.Repo` (untyped, as DVC is)."""
        from dvc.repo import Repo

        _quieten()
        with translated(self._dvc_root):
            return Repo(str(self._dvc_root))

    def close(self) -> None:
        """Close DVC's databases, where they were opened."""
        if "repo" in self.__dict__:
            self.repo.close()

    def forget(self) -> None:
        """Drop what was read of the work tree, because something wrote to it."""
        self._outs.pop(None, None)
        if "repo" in self.__dict__:
            self.repo._reset()

    def outs(self, revision: str | None) -> dict[str, Out]:
        """Every out at a commit SHA (without a checkout) or, for None, in the work tree, by path.

        A commit from before DVC was set up has none.
        """
        if revision not in self._outs:
            with translated(self._dvc_root, f"revision {revision[:7]}" if revision else ""), self.at(revision) as exists:
                self._outs[revision] = {out.path: out for out in self._read_outs(revision)} if exists else {}
        return self._outs[revision]

    @contextmanager
    def at(self, revision: str | None) -> Iterator[bool]:
        """Let `repo` stand at a commit SHA for a while, without a checkout; says whether DVC was set up there."""
        from dvc.exceptions import NotDvcRepoError

        if revision is None:
            yield True
            return
        try:
            manager = self.repo.switch(revision)
            manager.__enter__()
        except NotDvcRepoError:
            yield False
            return
        try:
            yield True
        finally:
            manager.__exit__(None, None, None)

    def _read_outs(self, revision: str | None) -> Iterator[Out]:
        top = "/" if revision else str(self._top)
        for stage in self.repo.index.stages:
            for out in stage.outs:
                if out.is_in_repo:
                    yield describe(out, top)

    def hash_file(self, path: Path, name: str = "md5") -> tuple[str, int | None]:
        """The digest and size of a file or folder on disk; fast where DVC's database of hashes knows it unchanged.

        Raises:
            UserProblem: it cannot be read.
        """
        from dvc_data.hashfile.build import build

        odb = self._cache(name)
        try:
            _, meta, built = build(odb, str(path), self.repo.fs, name, ignore=self.repo.dvcignore, dry_run=True)
        except OSError as error:
            raise UserProblem(f"the file cannot be read: {one_line(error)}", str(path), "Check its permissions") from error
        return digest_of(built.hash_info), meta.size

    def hash_copy(self, path: Path, name: str) -> str:
        """As `hash_file`, but of every byte of a file or folder outside the repository: nothing is remembered or ignored."""
        from dvc.fs import LocalFileSystem
        from dvc_data.hashfile.hash import file_md5

        fs = LocalFileSystem()

        def one(file: Path) -> str:
            return f"{name}:{file_md5(str(file), fs, name=name)}"

        if path.is_file():
            return one(path)
        return self.hash_members({file.relative_to(path).as_posix(): one(file) for file in path.rglob("*") if file.is_file()})

    def members(self, digest: str) -> dict[str, str] | None:
        """The files of a tracked folder, relative path -> digest, from its listing in the cache; None where it is not there."""
        from dvc_data.hashfile.tree import Tree
        from dvc_objects.errors import ObjectFormatError

        if not self.in_cache(digest):
            return None
        info = self.info(digest)
        try:
            tree = Tree.load(self._cache(info.name), info)
        except (FileNotFoundError, ObjectFormatError):
            return None
        return {"/".join(key): digest_of(member) for key, _, member in tree if member}

    def listing(self, digest: str, *, remotely: bool) -> dict[str, str] | None:
        """As `members`; where the cache has no listing and the remote may be asked, that one small object is fetched."""
        found = self.members(digest)
        if found is None and remotely and digest.endswith(".dir"):
            with suppress(Problem):  # that the remote cannot be reached is told where its objects are asked for
                self.fetch([digest], None)
                found = self.members(digest)
        return found

    def folder_on_disk(self, path: Path, name: str = "md5") -> dict[str, str]:
        """The files of a folder on disk that DVC does not ignore, relative path -> digest."""
        from dvc_data.hashfile.build import build

        tree: Any  # DVC's types say "file or folder"; a folder was asked for
        _, _, tree = build(self._cache(name), str(path), self.repo.fs, name, ignore=self.repo.dvcignore, dry_run=True)
        return {"/".join(key): digest_of(member) for key, _, member in tree if member}

    def hash_members(self, members: Mapping[str, str]) -> str:
        """The digest DVC gives a folder with these files (relative path -> digest)."""
        from dvc_data.hashfile.meta import Meta
        from dvc_data.hashfile.tree import Tree

        new_tree: Callable[[], Any] = Tree  # untyped in DVC
        tree = new_tree()
        for path, digest in members.items():
            tree.add(tuple(path.split("/")), Meta(), self.info(digest))
        tree.digest()
        return digest_of(tree.hash_info)

    def check_cache(self) -> None:
        """Tell a cache that cannot be used at all before a run fails on every object in it.

        Raises:
            UserProblem: the cache's folder, or the one it would be made in, is no folder or may not be read and written.
        """
        folder = Path(self.repo.cache.local.path)
        here = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
        if not here.is_dir():
            raise self._unreadable(NotADirectoryError(f"{here} is no folder"))
        if not os.access(here, os.R_OK | os.W_OK | os.X_OK):
            raise self._unreadable(PermissionError(f"{here} may not be read and written"))

    def in_cache(self, digest: str) -> bool:
        """Whether the local cache holds the object, whole. A damaged one is discarded, as DVC itself does.

        Raises:
            UserProblem: the cache cannot be read.
        """
        from dvc_objects.errors import ObjectFormatError

        info = self.info(digest)
        cache = self._cache(info.name)
        try:
            cache.check(info.value)
        except (FileNotFoundError, ObjectFormatError):
            return False
        except OSError as error:
            raise self._unreadable(error) from error
        return True

    def cache_path(self, digest: str) -> Path:
        """Where the cache keeps an object."""
        info = self.info(digest)
        return Path(self._cache(info.name).oid_to_path(info.value))

    def fetch(self, digests: list[str], remote: str | None) -> None:
        """Bring objects from a remote into the cache. What the remote lacks simply stays absent.

        Raises:
            UserProblem: no remote is configured.
            OutsideProblem: the remote cannot be reached.
        """
        infos = {self.info(digest) for digest in digests}
        self.check_reachable(remote)
        with self._remotely(remote):
            failed = self.repo.cloud.pull(infos, remote=remote).failed
        # DVC trusts its notes about a remote, so it also fails for objects that are no longer there.
        if failed and (there := self.in_remote([digest_of(info) for info in failed], remote)):
            raise OutsideProblem(f"{len(there)} of {len(infos)} objects did not arrive from the DVC remote", next="Try again")

    def fetch_path(self, path: str, revision: str | None) -> None:
        """Bring an out into the cache by its path: imports from other repositories and cloud-versioned remotes."""
        target = f"/{path}" if revision else str(self._top / path)
        with self._remotely(None):
            self.repo.fetch([target], revs=[revision] if revision else None, workspace=revision is None)

    def check_out(self, stage: str) -> None:
        """Put a stage's outs back into the work tree as the lock says, from the cache alone."""
        with translated(self._dvc_root, stage):
            file, _, name = stage.rpartition(":")
            self.repo.checkout([f"{self._dvc_root / (file or 'dvc.yaml')}:{name}"], force=True)

    def remote_name(self) -> str | None:
        """The default remote's name."""
        with translated(self._dvc_root):
            name = self.repo.config["core"].get("remote")
        return str(name) if name else None

    def is_versioned(self, remote: str | None) -> bool:
        """Whether a remote keeps cloud versions instead of content-addressed objects."""
        with self._remotely(remote):
            found = self.repo.cloud.get_remote(remote)
            return bool(found.fs.version_aware or found.worktree)

    def check_reachable(self, remote: str | None) -> None:
        """Tell a remote that is away from one that lacks an object: a folder that does not exist is away.

        Raises:
            OutsideProblem: the folder of a local remote is not there.
        """
        with self._remotely(remote):
            found = self.repo.cloud.get_remote(remote)
            if found.fs.protocol == "local" and not Path(found.path).is_dir():
                raise OutsideProblem(
                    f"the DVC remote {found.name} cannot be reached: there is no folder {found.path}",
                    next="Mount or create it, or mend its url in .dvc/config",
                )

    def in_remote(self, digests: list[str], remote: str | None) -> set[str]:
        """Which objects a remote holds, asked of the remote itself and in one batch.

        A folder counts as pushed when its listing is there: DVC uploads the listing last.

        Raises:
            UserProblem, OutsideProblem: no such remote, or it cannot be reached.
        """
        self.check_reachable(remote)
        held = set()
        with self._remotely(remote):
            for name in ("md5", "md5-dos2unix"):
                wanted = [digest for digest in digests if digest.startswith(f"{name}:")]
                if wanted:
                    odb = self.repo.cloud.get_remote_odb(remote, hash_name=name)
                    paths = [odb.oid_to_path(self.info(digest).value) for digest in wanted]
                    held |= {digest for digest, there in zip(wanted, odb.fs.exists(paths), strict=True) if there}
        return held

    def unlike(self, digest: str, remote: str | None) -> dict[str, str | None]:
        """What a remote holds otherwise of an object than the digests say; see `remote_bytes.unlike`.

        Raises:
            UserProblem, OutsideProblem: no such remote, or it cannot be reached.
        """
        self.check_reachable(remote)
        info = self.info(digest)
        with self._remotely(remote):
            return unlike(self.repo.cloud.get_remote_odb(remote, hash_name=info.name), info)

    def read_runs(self, key: str) -> list[Any]:
        """The entries of the default remote's run cache under a key, parsed.

        Raises:
            UserProblem, OutsideProblem: no remote, or it cannot be reached.
        """
        with self._remotely(None):
            odb = self.repo.cloud.get_remote_odb(None, hash_name="md5-dos2unix")
            folder = odb.fs.join(odb.path, "runs", key[:2], key)
            if not odb.fs.exists(folder):
                return []
            entries = []
            for file in sorted(odb.fs.find(folder)):
                with odb.fs.open(file, "rb") as stream:
                    entries.append(yaml.safe_load(stream.read(1_000_000)))
            return entries

    @contextmanager
    def _remotely(self, remote: str | None) -> Iterator[None]:
        from dvc.config import NoRemoteError

        name = remote or self.remote_name() or ""
        try:
            with translated(self._dvc_root, f"remote {name}"):
                yield
        except (UserProblem, OutsideProblem):
            raise
        except NoRemoteError as error:  # a subclass of what `translated` knows; kept for older releases of DVC
            raise UserProblem("no DVC remote is configured", next="`dvc remote add --default`") from error
        except Exception as error:  # the exceptions of cloud clients have no common base
            raise OutsideProblem(
                f"the DVC remote {name} cannot be reached: {one_line(error)}",
                next="Check the network and the credentials, then try again",
            ) from error

    def _cache(self, name: str) -> Any:
        return self.repo.cache.legacy if name == "md5-dos2unix" else self.repo.cache.local

    def _unreadable(self, error: OSError) -> UserProblem:
        folder = self.repo.cache.local.path
        return UserProblem(
            f"DVC's cache cannot be read: {one_line(error)}", str(folder), "Check its permissions and `dvc cache dir`"
        )

    def info(self, digest: str) -> Any:
        """A digest as DVC's own `HashInfo`. Raises UserProblem where it is none."""
        from dvc_data.hashfile.hash_info import HashInfo

        if not _DIGEST.fullmatch(digest):  # it comes from a pull request, and becomes a path of the cache
            raise UserProblem(
                "this is not the digest of a DVC object", digest[:80], "Restore the lock file from git, or run `dvc repro`"
            )
        name, _, value = digest.partition(":")
        return HashInfo(name, value)


def describe(out: Any, top: str) -> Out:
    """A `dvc.output.Output` as a plain record; `top` is the git root in the file system it was read from."""
    stage = out.stage
    imported = bool(stage.is_import)
    return Out(
        path=_relative(out.fs_path, top),
        kind="import" if imported else "out",
        digest=digest_of(out.hash_info) if out.hash_info else None,
        size=out.meta.size if out.meta else None,
        file=_relative(stage.path, top),
        written=out.def_path,
        stage=getattr(stage, "name", None),
        cached=bool(out.use_cache),
        remote=out.remote,
        pushed=bool(out.use_cache and out.can_push and not stage.is_repo_import),
        versioned=bool(out.files) or bool(out.meta and out.meta.version_id),
    )


def digest_of(info: Any) -> str:
    """DVC's `HashInfo` as a digest such as `md5:<32 hex>`."""
    return f"{info.name}:{info.value}"


def _relative(path: str, top: str) -> str:
    return str(PurePosixPath(Path(path).as_posix()).relative_to(PurePosixPath(Path(top).as_posix())))


def _quieten() -> None:
    """No warnings, no progress bars: what matters comes out as a problem."""
    logging.getLogger("dvc").setLevel(logging.CRITICAL)
    logging.getLogger("dvc_data").setLevel(logging.CRITICAL)
    logging.getLogger("dvc_objects").setLevel(logging.CRITICAL)
