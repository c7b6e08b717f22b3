"""Everything that a repository needs to be checked by Assay, as files that are wanted; nothing is written here."""

from dataclasses import dataclass

from actions.progress import Progress
from actions.repository import Repository, remotes
from actions.setup import workflows
from actions.setup.files import File, plan
from actions.setup.proposal import propose
from policy import document
from policy.document import Policy
from policy.problems import UserProblem


@dataclass(frozen=True)
class Wanted:
    """The files, compared with what is there; what a person should know; and the branch that changes are merged into."""

    files: tuple[File, ...]
    notes: tuple[str, ...]
    branch: str


def wanted(repository: Repository, version: str, progress: Progress, *, commands: bool = True) -> Wanted:
    """What `assay init` of this version would leave in a repository.

    Where there is a policy already, only those contracts are wanted that it names: a data set that somebody took out of
    it stays out. Without `commands`, the workflows that only commands in comments need are left out; that for monitoring
    is wanted where the policy has `monitor` and `watch`, that for tuning where it has `tune`, that for imports where DVC
    imports data.

    Raises:
        UserProblem: the pipeline cannot be read, or a wanted path leads out of the repository.
    """
    proposal = propose(repository, progress)
    branch = remotes.default_branch(repository.root)
    action = workflows.action_for(repository, version)
    present = _present(repository)
    named = {dataset.contract for dataset in present.data if dataset.contract} if present else None
    contracts = {each.file: each.text for each in proposal.contracts if named is None or each.reference in named}
    imports, monitoring = workflows.has_imports(repository), workflows.monitors(present)
    tuning = present is not None and present.tune is not None
    shipped = workflows.wanted(branch, action, commands=commands, monitoring=monitoring, imports=imports, tuning=tuning)
    texts = {document.FILE_NAME: proposal.policy, **contracts, **shipped}
    notes = list(proposal.notes)
    if action is None:
        notes.append(
            "this Assay does not know the commit it was installed from: set the SHA after `assay@` in the workflows yourself"
        )
    return Wanted(tuple(plan(repository, texts)), tuple(notes), branch)


def _present(repository: Repository) -> Policy | None:
    """The present policy; None where there is none that can be read."""
    raw = repository.read(document.FILE_NAME)
    if raw is None:
        return None
    try:
        return document.read(raw.decode("utf-8", "replace"))
    except UserProblem:
        return None
