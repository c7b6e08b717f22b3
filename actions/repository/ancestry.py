"""What an out was made of, as the lock at one commit has it: stages, data, parameters and lock files. No data is read."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from actions.repository.problems import translated
from actions.repository.store import Out, Store, digest_of

Read = Callable[[str, str | None], bytes | None]


@dataclass(frozen=True)
class Ancestry:
    """Everything behind one out. `stages` are named as dvc.yaml names them, upstream first."""

    stages: tuple[str, ...]
    data: dict[str, str]
    """What those stages read and DVC keeps, path -> digest in the lock."""
    params_digest: str
    lock_digest: str
    remote: str | None


def ancestry(store: Store, root: Path, read: Read, revision: str, out: Out) -> Ancestry:
    """What the lock at a full commit SHA says about an out.

    Raises:
        UserProblem: the pipeline at that commit cannot be read.
    """
    outs = store.outs(revision)
    reader = _Reader(outs)
    with translated(root, f"revision {revision[:7]}"), store.at(revision):
        for stage in store.repo.index.stages:
            reader.note(stage)
        reader.follow(out.path)
        found = reader.found
    locks = sorted(found.locks) or [out.file]
    contents = {path: read(path, revision) or b"" for path in locks}
    return Ancestry(
        stages=tuple(reversed(found.stages)),
        data=dict(sorted(found.data.items())),
        params_digest=_sha256(json.dumps(found.params, sort_keys=True, default=str).encode()),
        lock_digest=_together(contents),
        remote=out.remote or store.remote_name(),
    )


def _sha256(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _together(contents: dict[str, bytes]) -> str:
    """The digest of one file; of several, that of what `sha256sum` prints for them."""
    if len(contents) == 1:
        return _sha256(next(iter(contents.values())))
    lines = [f"{hashlib.sha256(raw).hexdigest()}  {path}\n" for path, raw in contents.items()]
    return _sha256("".join(lines).encode("utf-8", "surrogateescape"))


@dataclass
class _Found:
    stages: list[str] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)
    params: dict[str, dict[str, Any]] = field(default_factory=dict)
    locks: set[str] = field(default_factory=set)


class _Reader:
    """Walks from an out to what its stage reads, and on from there."""

    def __init__(self, outs: dict[str, Out]) -> None:
        self._outs = outs
        self._makers: dict[str, Any] = {}
        self.found = _Found()

    def note(self, stage: Any) -> None:
        """Remember which stage makes what."""
        for out in stage.outs:
            if out.is_in_repo:
                self._makers[out.fs_path] = stage

    def follow(self, path: str) -> None:
        """Everything upstream of the out at a path."""
        waiting = [maker for full, maker in self._makers.items() if full.strip("/") == path]
        seen: set[int] = set()
        while waiting:
            stage = waiting.pop()
            if id(stage) in seen or not stage.cmd:
                continue
            seen.add(id(stage))
            self._take(stage)
            for dep in self._files(stage):
                waiting += [maker for full, maker in self._makers.items() if _touch(full, dep.fs_path)]

    def _take(self, stage: Any) -> None:
        file = stage.path.strip("/")
        name = str(getattr(stage, "name", None) or file)
        self.found.stages.append(name)
        self.found.locks.add(str(PurePosixPath(file).with_name("dvc.lock")) if file.endswith(".yaml") else file)
        self.found.params[f"{file}:{name}"] = {
            dep.def_path: dep.hash_info.value for dep in stage.deps if type(dep).__name__ == "ParamsDependency" and dep.hash_info
        }
        for dep in self._files(stage):
            path = dep.fs_path.strip("/")
            kept = any(out.cached and _touch(f"/{out.path}", f"/{path}") for out in self._outs.values())
            if kept and dep.hash_info:
                self.found.data[path] = digest_of(dep.hash_info)

    def _files(self, stage: Any) -> Iterator[Any]:
        for dep in stage.deps:
            if type(dep).__name__ != "ParamsDependency" and dep.is_in_repo:
                yield dep


def _touch(one: str, other: str) -> bool:
    """Whether two paths are the same, or one lies in the other."""
    first, second = PurePosixPath(one), PurePosixPath(other)
    return first.is_relative_to(second) or second.is_relative_to(first)
