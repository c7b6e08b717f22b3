"""The stages of the work tree's pipeline, each dependency and out with the digest in the lock and the one on disk."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from actions.repository import lines
from actions.repository.problems import one_line, translated
from actions.repository.store import Store, describe, digest_of

Read = Callable[[str, str | None], bytes | None]


@dataclass(frozen=True)
class Link:
    """A dependency or an out of a stage. Digests as in `Tracked.digest`.

    `recorded` is what dvc.lock says (None: the lock does not know it yet), `present` what is on disk (None: nothing is).
    """

    path: str
    recorded: str | None
    present: str | None
    written: str
    """The path as dvc.yaml writes it."""
    cached: bool = False
    """An out whose bytes DVC keeps (so that its absence from disk means little)."""
    persist: bool = False
    remote: str | None = None
    pushed: bool = False
    versioned: bool = False


@dataclass(frozen=True)
class Stage:
    """One stage of a dvc.yaml.

    `name` is DVC's address from the DVC root (`train`, `models/dvc.yaml:train`, `train@deep`).
    """

    name: str
    command: tuple[str, ...]
    file: str
    line: int | None
    deps: tuple[Link, ...]
    outs: tuple[Link, ...]
    parameters: tuple[str, ...]
    """What differs from the lock, such as `params.yaml: train.slope was modified`."""
    locked: bool
    """Whether dvc.lock has an entry for it."""
    command_changed: bool
    frozen: bool
    always: bool
    """Runs every time: `always_changed`, or neither dependencies nor outs."""
    upstream: tuple[str, ...]
    """The stages whose outs it depends on (none where frozen)."""
    handle: Any = None
    """DVC's own stage, for looking up the run cache."""


def read_stages(store: Store, root: Path, dvc_root: Path, read: Read, *, remotely: bool) -> list[Stage]:
    """All pipeline stages, upstream first.

    Raises:
        UserProblem: a DVC file is not valid, two stages write the same out, or the stages form a circle.
    """
    from dvc.repo.reproduce import get_active_graph, plan_repro

    with translated(dvc_root):
        graph = get_active_graph(store.repo.index.graph)
        ordered = plan_repro(graph)
        names = {stage: address(stage, dvc_root) for stage in ordered}
        reader = _Reader(store, root, names, _Lines(read), remotely)
        return [
            reader.stage(stage, sorted(names[other] for other in graph.successors(stage) if other.cmd))
            for stage in ordered
            if stage.cmd
        ]


def address(stage: Any, dvc_root: Path) -> str:
    """What `dvc repro`, run in the DVC root, calls a stage. (DVC's own `addressing` depends on the current folder.)"""
    file = str(PurePosixPath(Path(stage.path).relative_to(dvc_root).as_posix()))
    name = getattr(stage, "name", None)
    if name is None:
        return file
    return str(name) if file == "dvc.yaml" else f"{file}:{name}"


class _Lines:
    """The lines of stages, each file read once."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def __call__(self, file: str, stage: str) -> int | None:
        text = (self._read(file, None) or b"").decode(errors="replace")
        return lines.stage_lines(text).get(stage.partition("@")[0])


@dataclass(frozen=True)
class _Reader:
    """Turns DVC's stages into records."""

    store: Store
    root: Path
    names: dict[Any, str]
    line: _Lines
    remotely: bool

    def stage(self, stage: Any, upstream: list[str]) -> Stage:
        """One stage, compared with its lock and the disk."""
        deps, parameters = [], []
        for dep in stage.deps:
            if type(dep).__name__ == "ParamsDependency":
                parameters += list(_parameters(dep))
            elif dep.protocol == "local" and dep.is_in_repo:
                deps.append(self._dependency(dep))
        file = Path(stage.path).relative_to(self.root).as_posix()
        return Stage(
            name=self.names[stage],
            command=tuple(stage.cmd if isinstance(stage.cmd, list) else stage.cmd.splitlines()),
            file=file,
            line=self.line(file, str(getattr(stage, "name", "") or "")),
            deps=tuple(deps),
            outs=tuple(self._out(out) for out in stage.outs if out.is_in_repo),
            parameters=tuple(parameters),
            locked=any(item.hash_info for item in (*stage.deps, *stage.outs)),
            command_changed=bool(stage.changed_stage()),
            frozen=bool(stage.frozen),
            always=bool(stage.is_callback or stage.always_changed),
            upstream=tuple(upstream),
            handle=stage,
        )

    def _dependency(self, dep: Any) -> Link:
        path = Path(dep.fs_path)
        below = path.relative_to(self.root).as_posix()
        recorded = digest_of(dep.hash_info) if dep.hash_info else None
        absent = {
            out.path: out.digest
            for out in self.store.outs(None).values()
            if out.cached and out.path.startswith(f"{below}/") and not (self.root / out.path).exists()
        }
        if absent:
            present = self._completed(path, below, absent, dep.hash_name)
        else:
            present = self.store.hash_file(path, dep.hash_name)[0] if path.exists() else None
        return Link(below, recorded, present, dep.def_path)

    def _completed(self, folder: Path, below: str, absent: Mapping[str, str | None], name: str) -> str | None:
        """The digest a folder would have if the outs in it had been pulled; None where a listing needed for that is not here."""
        members = self.store.folder_on_disk(folder, name) if folder.is_dir() else {}
        for path, digest in absent.items():
            inner = path.removeprefix(f"{below}/")
            if digest is None or not digest.endswith(".dir"):
                members |= {inner: digest} if digest else {}
                continue
            listing = self.store.listing(digest, remotely=self.remotely)
            if listing is None:
                return None
            members |= {f"{inner}/{member}": one for member, one in listing.items()}
        return self.store.hash_members(members)

    def _out(self, out: Any) -> Link:
        told = describe(out, str(self.root))
        path = Path(out.fs_path)
        present = self.store.hash_file(path, out.hash_name)[0] if path.exists() else None
        return Link(
            *(told.path, told.digest, present, told.written, told.cached, bool(out.persist)),
            *(told.remote, told.pushed, told.versioned),
        )


def _parameters(dep: Any) -> Iterator[str]:
    """Parameters that differ from the lock, as text."""
    from dvc.exceptions import DvcException

    try:
        status = dep.workspace_status()
    except DvcException as error:
        yield f"{dep.def_path} cannot be read: {one_line(error)}"
        return
    for file, found in status.items():
        if isinstance(found, str):
            yield f"{file} is {found}"
        else:
            yield from (f"{file}: {name} was {change}" for name, change in found.items())
