"""The metrics files that the pipeline of the work tree declares: outs of stages, and the top of each dvc.yaml."""

import posixpath
from pathlib import Path

from actions.repository.problems import translated
from actions.repository.store import Store


def read_metrics(store: Store, root: Path, dvc_root: Path) -> list[str]:
    """Paths of metrics files, from the top of the git work tree, sorted; they may not exist yet.

    Raises:
        UserProblem: a DVC file is not valid.
    """
    with translated(dvc_root):
        index = store.repo.index
        found = {Path(out.fs_path).relative_to(root).as_posix() for out in index.metrics if out.is_in_repo}
        for file, written in index._metrics.items():
            folder = posixpath.dirname(Path(root, file).relative_to(root).as_posix())
            found |= {posixpath.normpath(posixpath.join(folder, str(path))) for path in written}
    return sorted(path for path in found if not path.startswith(".."))
