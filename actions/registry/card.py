"""The model card as the repository has it, and what its model was made of there."""

from actions.repository import Repository
from policy import card, document
from policy.card import MadeOf
from policy.problems import UserProblem


def existing(repository: Repository, model: str, revision: str | None = None) -> str:
    """The card of a model at a revision, or on disk; empty where there is none. Raises UserProblem for what is no UTF-8."""
    path = card.path(model)
    return decoded((repository.read(path, revision) if path else None) or b"", path or model)


def decoded(raw: bytes, where: str) -> str:
    """The text of a card, with its line ends as they are. Raises UserProblem for what is no UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise UserProblem("it is no UTF-8, so nobody can tell what is to be kept", where, "Save it as UTF-8") from None


def made_of(repository: Repository, model: document.Model, sha: str) -> MadeOf:
    """The digests behind the model at a commit. Raises UserProblem where no lock names it."""
    tracked = repository.tracked(model.artifact, sha)
    behind = repository.ancestry(model.artifact, sha) if tracked and tracked.kind != "git" else None
    if tracked is None or behind is None:
        raise UserProblem(f"no lock names it at {sha[:7]}", model.artifact, "Commit the dvc.lock that has it")
    return MadeOf(tracked.path, tracked.digest, behind.params_digest, behind.lock_digest, behind.data)
