"""The state of DVC's pipeline and remote, read without pulling: what is stale and why, what is restorable, what was never pushed.

`dvc repro --dry --allow-missing` fails on a clean clone because a stale stage's dependencies have to be there to be
hashed. Here the lock files answer: what a stage recorded of a dependency is compared with what its producer recorded of
the same out, and with the file on disk where there is one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Literal

from actions.repository import Link, Out, Repository, Stage
from actions.repository.runcache import RunCache
from policy.facts.data import PipelineFacts, StageState
from policy.problems import OutsideProblem, Problem, UserProblem
from policy.reasons import Reason

Digests = dict[str, str | None]
Listing = Callable[[str], Mapping[str, str] | None]
Outcome = Callable[[Stage, Mapping[str, str]], Mapping[str, str] | None]


def inspect(repository: Repository, *, check_remote: bool = True) -> PipelineFacts:
    """The state of the work tree's pipeline and of its remote.

    `check_remote=False` asks nothing of the remote: neither for pushed objects nor for its run cache.
    A pipeline that cannot be read, and a remote that cannot be reached, come back as facts with a `problem`.
    """
    try:
        stages = repository.stages(remotely=check_remote)
        outs = repository.outs()
        remote = repository.store.remote_name()
    except Problem as problem:
        return PipelineFacts(problem=Reason.PIPELINE_UNREADABLE, problem_detail=str(problem)[:2_000])
    asked, missing, told = _ask_remote(repository, stages, outs) if check_remote else (False, [], None)
    cache = RunCache(repository.store, remotely=asked)
    listing = partial(repository.store.listing, remotely=asked)
    states = judge(stages, {out.path: out.digest for out in outs}, listing, cache.outcome)
    if told is None:
        stale = {state.name for state in states if state.state != "current"}
        remade = {link.path for stage in stages if stage.name in stale for link in stage.outs}
        return PipelineFacts(
            stages=states,
            missing_remote=sorted(_committed(repository, outs, set(missing) - remade)),
            remote=remote,
            remote_checked=asked,
        )
    reason = Reason.REMOTE_UNREACHABLE if isinstance(told, OutsideProblem) else Reason.REMOTE_UNUSABLE
    return PipelineFacts(stages=states, remote=remote, problem=reason, problem_detail=str(told)[:2_000])


def _committed(repository: Repository, outs: list[Out], missing: set[str]) -> set[str]:
    """The missing outs that others will look for: what a run left in the work tree and nobody committed yet is not red."""
    if not missing:
        return missing
    committed = {out.path: out.digest for out in repository.outs(repository.head().sha)}
    return {out.path for out in outs if out.path in missing and committed.get(out.path) == out.digest}


def _ask_remote(repository: Repository, stages: list[Stage], outs: list[Out]) -> tuple[bool, list[str], Problem | None]:
    """Whether the remotes were asked, the outs whose objects they lack, and what went wrong."""
    pushed = [out for out in outs if out.pushed and out.digest]
    store = repository.store
    if store.remote_name() is None:
        pushed = [out for out in pushed if out.remote]
    missing: list[str] = []
    try:
        for remote in sorted({out.remote or "" for out in pushed}):
            mine = [out for out in pushed if (out.remote or "") == remote]
            if store.is_versioned(remote or None):
                missing += [out.path for out in mine if not out.versioned]
                continue
            held = store.in_remote([out.digest for out in mine if out.digest], remote or None)
            missing += [out.path for out in mine if out.digest not in held]
    except (UserProblem, OutsideProblem) as problem:
        return False, [], problem
    return bool(pushed), missing, None


@dataclass
class _Walk:
    """What is known on the way down the pipeline.

    `remade` holds the outs of stages that a run would make anew: the digest they would be restored to, or None where only
    running tells.
    """

    digests: Mapping[str, str | None]
    listing: Listing
    remade: Digests = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)

    def now(self, dep: Link) -> str | None:
        """The digest a dependency has, or will have once its producer was restored; None where nobody knows yet."""
        if dep.path in self.remade:
            return self.remade[dep.path]
        if any(PurePosixPath(out).is_relative_to(dep.path) for out in self.remade):
            return None
        for parent in map(str, PurePosixPath(dep.path).parents):
            folder = self.remade.get(parent, self.digests.get(parent))
            if parent in self.remade or (folder and not dep.present):
                members = self.listing(folder) if folder else None
                return (members or {}).get(str(PurePosixPath(dep.path).relative_to(parent)))
        return dep.present or self.digests.get(dep.path)

    def awaits(self, dep: Link) -> bool:
        """Whether a dependency is, holds or lies in something that a stale stage has yet to make."""
        path = PurePosixPath(dep.path)
        unknown = (PurePosixPath(out) for out, digest in self.remade.items() if digest is None)
        return any(out.is_relative_to(path) or path.is_relative_to(out) for out in unknown)


def judge(
    stages: list[Stage],
    digests: Mapping[str, str | None],
    listing: Listing,
    outcome: Outcome,
) -> list[StageState]:
    """Say of each stage (upstream first) whether a run would execute it, and why.

    Args:
        stages: the pipeline, upstream first.
        digests: what the lock files say of every out, by path.
        listing: the members of a tracked folder, by its digest; None where its listing is not in the cache.
        outcome: the outs that the run cache holds for a stage with these dependencies (path -> digest); None where
            it holds none.
    """
    walk = _Walk(digests, listing)
    return [_judge_one(stage, walk, outcome) for stage in stages]


def _judge_one(stage: Stage, walk: _Walk, outcome: Outcome) -> StageState:
    # DVC never runs a frozen stage; it only checks that its outs are there.
    waits = [] if stage.frozen else [name for name in stage.upstream if name in walk.stale]
    because = [] if stage.frozen else _because(stage, walk)
    if not because and not waits:
        return StageState(name=stage.name, state="current", file=stage.file, line=stage.line)
    restored = _restore(stage, walk, outcome)
    if restored is None:
        walk.stale.add(stage.name)
    walk.remade.update({link.path: (restored or {}).get(link.path) for link in stage.outs})
    shown = because or [f"it waits for {name}" for name in waits]
    return StageState(
        name=stage.name,
        state=_state(stage, bool(because)),
        because=[reason[:2_000] for reason in shown[:100]],
        restorable=restored is not None,
        file=stage.file,
        line=stage.line,
    )


def _state(stage: Stage, reasons: bool) -> Literal["changed", "never_run", "upstream"]:
    if not stage.locked and not stage.always:
        return "never_run"
    return "changed" if reasons else "upstream"


def _because(stage: Stage, walk: _Walk) -> list[str]:
    """The stage's own reasons to run."""
    if stage.always:
        return ["it runs every time"]
    if not stage.locked:
        return ["dvc.lock does not know it"]
    reasons = ["its command changed"] if stage.command_changed else []
    reasons += [text for dep in stage.deps if (text := _dependency(dep, walk))]
    reasons += list(stage.parameters)
    return reasons + [text for out in stage.outs if (text := _out(out))]


def _dependency(dep: Link, walk: _Walk) -> str | None:
    """Why a dependency makes its stage stale; None where it does not, or where only a stale producer can tell."""
    if dep.recorded is None:
        return f"{dep.path} is a new dependency"
    now = walk.now(dep)
    if now == dep.recorded or (now is None and walk.awaits(dep)):
        return None
    return f"{dep.path} is missing" if now is None else f"{dep.path} changed"


def _out(out: Link) -> str | None:
    """Why an out makes its stage stale."""
    if out.recorded is None:
        return f"{out.path} is a new out"
    if out.present is None:
        return None if out.cached else f"{out.path} is missing"
    return None if out.present == out.recorded else f"{out.path} is not what dvc.lock says"


def _restore(stage: Stage, walk: _Walk, outcome: Outcome) -> Mapping[str, str] | None:
    if stage.always:
        return None
    known = {dep.path: walk.now(dep) for dep in stage.deps}
    found = {path: digest for path, digest in known.items() if digest}
    return outcome(stage, found) if len(found) == len(known) else None
