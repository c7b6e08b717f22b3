"""Finds what a repository is made of: its data sets, metrics files, predictions, last stages and model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from actions.formats import Unreadable, detect
from actions.repository import Out, Repository, Stage
from actions.repository.metrics import read_metrics


@dataclass(frozen=True)
class Sources:
    """What there is, as paths from the top of the repository."""

    data: tuple[str, ...]
    """Data sets that no stage makes: `dvc add`, imports, and data files in git that a stage depends on."""
    made: tuple[str, ...]
    """Data files that stages make, the last stage's first: predictions may be among them."""
    metrics: tuple[str, ...]
    targets: tuple[str, ...]
    """The stages that nothing comes after."""
    model: str | None


def find(repository: Repository) -> Sources:
    """Look through the pipeline and DVC's files. No data is read.

    Raises:
        UserProblem: the pipeline cannot be read.
    """
    stages, outs = repository.stages(), repository.outs()
    metrics = read_metrics(repository.store, repository.root, repository.dvc_root)
    made = [out.path for out in outs if out.stage and out.path not in metrics]
    order = {link.path: place for place, stage in enumerate(stages) for link in stage.outs}
    made.sort(key=lambda path: (-order.get(path, -1), path))
    added = sorted(out.path for out in outs if not out.stage and out.cached and _may_be_data(out.path))
    data = [*added, *_kept_by_git(stages, [*outs])]
    produced = [path for path in made if _is_data(path)]
    return Sources(
        data=tuple(dict.fromkeys(data)),
        made=tuple(produced),
        metrics=tuple(metrics),
        targets=tuple(_last(stages)),
        model=_model(made),
    )


def _is_data(path: str) -> bool:
    try:
        detect(PurePosixPath(path).name)
    except Unreadable:
        return False
    return True


def _may_be_data(path: str) -> bool:
    """A data file by its suffix, or what may be a folder of them."""
    return _is_data(path) or not PurePosixPath(path).suffix


def _kept_by_git(stages: Sequence[Stage], outs: Sequence[Out]) -> Iterator[str]:
    """Data files that a stage depends on and that are no out of DVC's, nor within one."""
    for stage in stages:
        for link in stage.deps:
            inside = any(PurePosixPath(link.path).is_relative_to(out.path) for out in outs)
            if not inside and link.present and not link.present.endswith(".dir") and _is_data(link.path):
                yield link.path


def _last(stages: Sequence[Stage]) -> list[str]:
    """Stages whose outs no stage needs; a group that `foreach` or `matrix` generates goes by its head."""
    needed = {name for stage in stages for name in stage.upstream}
    return list(dict.fromkeys(stage.name.partition("@")[0] for stage in stages if stage.name not in needed and not stage.frozen))


def _model(made: Sequence[str]) -> str | None:
    """The out that is called a model."""
    named = [path for path in made if "model" in PurePosixPath(path).name.lower() and not _is_data(path)]
    return min(named, key=lambda path: (len(PurePosixPath(path).parts), len(path), path), default=None)
