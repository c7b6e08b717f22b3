"""DVC's run cache: what a stage made the last time it ran with these very dependencies, parameters and command."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from actions.repository.stages import Link, Stage
from actions.repository.store import Store
from policy.problems import Problem


class RunCache:
    """Looks outcomes up in the local run cache and, if asked to, in the remote's. Downloads only the entries' few lines."""

    def __init__(self, store: Store, *, remotely: bool) -> None:
        self._store = store
        self._remotely = remotely and store.remote_name() is not None and not store.is_versioned(None)

    def outcome(self, stage: Stage, known: Mapping[str, str]) -> Mapping[str, str] | None:
        """The outs (path -> digest) a run would restore for dependencies of these digests; None where it would execute.

        Like DVC, it counts only when the objects of all outs can be had.
        """
        if not stage.deps or not stage.outs or any(out.persist for out in stage.outs):
            return None
        for entry in self._entries(stage, known):
            outs = {out.path: entry.get(out.written) for out in stage.outs}
            found = {path: digest for path, digest in outs.items() if digest}
            if len(found) == len(outs) and self._available(list(found.values())):
                return found
        return None

    def _entries(self, stage: Stage, known: Mapping[str, str]) -> Iterator[dict[str, str]]:
        if _as_locked(stage, known):
            yield {out.written: out.recorded for out in stage.outs if out.recorded}
        key = self._key(stage, known)
        if key is not None:
            yield from map(_digests, self._local(key))
            if self._remotely:
                yield from map(_digests, self._remote(key))

    def _key(self, stage: Stage, known: Mapping[str, str]) -> str | None:
        """The run cache's key: a hash of command, dependencies, parameters and the paths of the outs."""
        from dvc.exceptions import DvcException
        from dvc.stage.serialize import to_single_stage_lockfile
        from dvc.utils import dict_sha256

        own = copy.copy(stage.handle)
        own.deps = [copy.copy(dep) for dep in stage.handle.deps]
        links = {link.written: link for link in stage.deps}
        try:
            for dep in own.deps:
                self._fill(dep, links.get(dep.def_path), known)
            entry = to_single_stage_lockfile(own)
        except (DvcException, OSError):
            return None  # a dependency that cannot be hashed has no outcome either
        entry["outs"] = [out["path"] for out in entry.get("outs", [])]
        return str(dict_sha256(entry, exclude=["size", "nfiles"]))

    def _fill(self, dep: Any, link: Link | None, known: Mapping[str, str]) -> None:
        """Give a dependency the hash it has, or would have."""
        from dvc_data.hashfile.meta import Meta

        if link is None or known[link.path] == link.present:
            dep.save()
        else:
            dep.hash_info = self._store.info(known[link.path])
            dep.meta = Meta(isexec=dep.meta.isexec)  # the rest of it, an old md5 too, belongs to the old content

    def _local(self, key: str) -> Iterator[Any]:
        folder = Path(self._store.repo.stage_cache.cache_dir) / key[:2] / key
        if folder.is_dir():
            for file in sorted(folder.iterdir(), key=lambda entry: entry.stat().st_mtime, reverse=True):
                with suppress(yaml.YAMLError, OSError):  # a damaged entry is as good as none, for DVC too
                    yield yaml.safe_load(file.read_bytes())

    def _remote(self, key: str) -> list[Any]:
        try:
            return self._store.read_runs(key)
        except Problem:
            return []  # that the remote cannot be reached is told where its objects are asked for

    def _available(self, digests: list[str]) -> bool:
        absent = [digest for digest in digests if not self._store.in_cache(digest)]
        if not absent or not self._remotely:
            return not absent
        try:
            return self._store.in_remote(absent, None) == set(absent)
        except Problem:
            return False


def _as_locked(stage: Stage, known: Mapping[str, str]) -> bool:
    """Whether only outs are missing or altered: then the lock itself says what they should be."""
    same = not stage.command_changed and not stage.parameters
    return same and all(known[dep.path] == dep.recorded for dep in stage.deps)


def _digests(entry: Any) -> dict[str, str]:
    """The outs of an entry of the run cache, path as written -> digest; empty where the entry is damaged."""
    try:
        return {out["path"]: f"{out.get('hash', 'md5-dos2unix')}:{out['md5']}" for out in entry["outs"]}
    except (KeyError, TypeError, AttributeError):
        return {}
