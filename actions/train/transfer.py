"""Data to and from where it is kept, by the user's own dvc: what a forced run needs, what a run made, and imports."""

import os
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from actions.progress import Progress
from actions.repository import Repository, Stage
from actions.repository.command import pull, push, update
from actions.train.environment import for_stages, secrets
from actions.train.output import clean
from actions.train.process import Watched
from policy.problems import OutsideProblem, UserProblem


def bring(
    repository: Repository, stages: Iterable[Stage], progress: Progress, environment: Mapping[str, str] | None = None
) -> None:
    """Pull what these stages read, none of them makes, and is not here. (`dvc repro --force --pull` pulls nothing.)

    Raises:
        OutsideProblem: it could not be pulled.
        UserProblem: there is no dvc on PATH.
    """
    chosen = list(stages)
    made = {link.path for stage in chosen for link in stage.outs}
    wanted = {link.path for stage in chosen for link in stage.deps} - made
    outs = {out.path for out in repository.outs() if out.cached and out.path not in made}
    missing = sorted(
        out for out in outs if not (repository.root / out).exists() and any(_touch(out, dependency) for dependency in wanted)
    )
    if missing:
        progress.step(f"pulling {len(missing)} of the data sets that the stages read")
        names = [os.path.relpath(repository.root / path, repository.dvc_root) for path in missing]
        _run(pull(_around(environment), names), repository, progress, environment)
        repository.forget()


def keep(repository: Repository, files: Iterable[str], progress: Progress, environment: Mapping[str, str] | None = None) -> None:
    """Push what `.dvc` files name, so that they may be committed.

    Raises:
        OutsideProblem: it could not be pushed.
        UserProblem: there is no dvc on PATH.
    """
    names = list(files)
    progress.step(f"pushing what {', '.join(names[:20])} names")
    targets = [os.path.relpath(repository.root / path, repository.dvc_root) for path in names]
    _run(push(_around(environment), targets), repository, progress, environment)


def send(repository: Repository, stages: Iterable[str], progress: Progress, environment: Mapping[str, str] | None = None) -> None:
    """Push what stages made, so that a lock which names it may be committed.

    Raises:
        OutsideProblem: it could not be pushed; whoever commits the lock now would commit what nobody else can get.
        UserProblem: there is no remote, or no dvc on PATH.
    """
    names = list(stages)
    if not names:
        return
    if repository.store.remote_name() is None:
        raise UserProblem("DVC has no remote, so what was made cannot be pushed", "", "`dvc remote add --default NAME URL`")
    progress.step(f"pushing what {', '.join(names[:20])} made")
    _run(push(_around(environment), names), repository, progress, environment)


def renew(
    repository: Repository, imports: Iterable[str], progress: Progress, environment: Mapping[str, str] | None = None
) -> None:
    """Bring imports, by their `.dvc` files from the top of the repository, to what their sources have now.

    Raises:
        OutsideProblem: a source cannot be read.
        UserProblem: there is no dvc on PATH.
    """
    names = list(imports)
    if not names:
        return
    progress.step(f"updating {', '.join(names[:20])}")
    targets = [os.path.relpath(repository.root / path, repository.dvc_root) for path in names]
    _run(update(_around(environment), targets), repository, progress, environment)
    repository.forget()


def _around(environment: Mapping[str, str] | None) -> Mapping[str, str]:
    return os.environ if environment is None else environment


def _run(command: list[str], repository: Repository, progress: Progress, environment: Mapping[str, str] | None) -> None:
    around = _around(environment)
    hidden, errors = secrets(around), []
    program = Watched(command, repository.dvc_root, for_stages(around))
    try:
        for found in program.lines():
            if found is not None and (text := clean(found[1], hidden)):
                progress.line(text)
                errors += [text.removeprefix("ERROR: ")] if text.startswith("ERROR: ") else []
    except KeyboardInterrupt:
        program.stop()
        raise
    if code := program.wait():
        told = "; ".join(errors[:3]) or f"it ended with exit code {code}"
        cure = "See that the remote is there, and that the credentials allow it"
        raise OutsideProblem(f"`dvc {command[1]}` failed: {told}"[:1_000], next=cure)


def _touch(one: str, other: str) -> bool:
    """Whether one path is, holds or lies in the other."""
    first, second = PurePosixPath(one), PurePosixPath(other)
    return first.is_relative_to(second) or second.is_relative_to(first)
