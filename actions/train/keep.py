"""Puts a stopped stage's outs back as they were: nothing half-written stays behind."""

import shutil
from pathlib import Path

from actions.repository import Repository, Stage
from policy.problems import Problem


class Kept:
    """Copies of the outs that git keeps (metrics, plots), made before a run: DVC removes outs before it runs a stage.

    Outs in DVC's cache need no copy.
    """

    def __init__(self, repository: Repository, stages: list[Stage]) -> None:
        self._repository = repository
        self._stages = {stage.name: stage for stage in stages}
        self._folder = repository.scratch / "kept"
        shutil.rmtree(self._folder, ignore_errors=True)
        for stage in stages:
            for out in stage.outs:
                if not out.cached and out.present:
                    _copy(repository.root / out.path, self._folder / out.path)

    def put_back(self, name: str) -> None:
        """Remove what the stage wrote and restore what was there before, as far as a copy or the cache has it."""
        stage = self._stages.get(name)
        if stage is None:
            return
        for out in stage.outs:
            target = self._repository.root / out.path
            if out.persist:
                continue  # DVC leaves these for the stage to carry on; the cache may know how they were
            _remove(target)
            if not out.cached and out.present:
                _copy(self._folder / out.path, target)
        if any(out.cached and out.present and out.present == out.recorded for out in stage.outs):
            self._check_out(name)

    def _check_out(self, name: str) -> None:
        try:
            self._repository.store.check_out(name)
        except Problem:
            return  # the cache no longer has it: then an absent out is the truth, and `dvc pull` the cure

    def drop(self) -> None:
        """The copies are no longer needed."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def _remove(target: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
