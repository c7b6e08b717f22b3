"""Which changed files concern the policy. A change that touches none of them needs no computing.

Pure over file names, so that a trusted reader can decide it again from GitHub's own list of changed files.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath

from policy.document import FILE_NAME, Policy

_DVC_NAMES = {"dvc.yaml", "dvc.lock", ".dvcignore"}
_OWN_FOLDERS = (PurePosixPath(".assay/templates"), PurePosixPath(".dvc"))


def concerns(policy: Policy, changed: Iterable[str]) -> list[str]:
    """The changed files that the policy watches, in their order.

    Code and parameters of stages are not named here: DVC knows them, and a stage whose dependency changed is not
    current, or its `dvc.lock` changed.
    """
    watched = _watched(policy)
    return [name for name in changed if _concerns(PurePosixPath(name), watched)]


def _watched(policy: Policy) -> set[PurePosixPath]:
    paths = {PurePosixPath(FILE_NAME), *(PurePosixPath(section.path) for section in policy.data)}
    paths |= {PurePosixPath(section.labels) for section in policy.data if section.labels}
    # A contract or a metric function may import its neighbours, so its folder is watched with it.
    paths |= {_folder(section.contract) for section in policy.data if section.contract}
    if policy.evaluate:
        paths |= {PurePosixPath(path) for path in policy.evaluate.metrics}
        paths |= {_folder(gate.function) for gate in policy.evaluate.gates if gate.function}
        if policy.evaluate.predictions:
            paths.add(PurePosixPath(policy.evaluate.predictions.path))
    if policy.model:
        paths.add(PurePosixPath(policy.model.artifact))
    return paths


def _folder(reference: str) -> PurePosixPath:
    file = PurePosixPath(reference.split(":")[0])
    return file if file.parent == PurePosixPath(".") else file.parent


def _concerns(path: PurePosixPath, watched: set[PurePosixPath]) -> bool:
    if path.name in _DVC_NAMES or path.suffix == ".dvc" or any(folder in path.parents for folder in _OWN_FOLDERS):
        return True
    return path in watched or any(parent in watched for parent in path.parents)
