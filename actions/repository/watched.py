"""The history of what was seen in production, out of its branch in a local clone."""

from pathlib import Path

from actions.repository import apart
from actions.repository.apart import Apart
from actions.repository.git import Git
from policy import vigil_history
from policy.problems import UserProblem
from policy.vigil_history import BRANCH, MOST_BYTES, Look

_KNOWN = "refs/assay/monitor"


def looks(folder: Path, model: str, *, offline: bool = False, remote: str = "origin") -> tuple[Look, ...]:
    """The looks at a model, the oldest first, as the remote has them now; with `offline`, as they were fetched last.

    Raises:
        UserProblem: there is no such branch, or its file is broken.
        OutsideProblem: the remote cannot be asked.
    """
    git = Git(folder)
    branch = Apart(BRANCH, _KNOWN, "the history of production", "It begins with the first `assay sight`")
    tip = apart.tip(git, branch, remote, offline=offline)
    if not offline:
        git.run("update-ref", _KNOWN, tip)
    where = vigil_history.path(model)
    size = git.ask("cat-file", "-s", f"{tip}:{where}")
    if size.code:
        return ()
    if int(size.output) > 2 * MOST_BYTES:
        raise UserProblem(f"it has {int(size.output):,} bytes", f"{BRANCH}:{where}", "Delete it; the history begins anew")
    return vigil_history.read(git.run("cat-file", "blob", f"{tip}:{where}"), f"{BRANCH}:{where}")
