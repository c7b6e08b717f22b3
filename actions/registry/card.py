"""The model card as the repository has it, and what its model was made of there."""

from collections.abc import Sequence

from actions.repository import Repository
from policy import card, document
from policy.card import MadeOf
from policy.facts.model import MadeFacts, ModelFacts
from policy.problems import UserProblem

_MOST_DATA = 200


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


def facts(repository: Repository, model: document.Model, base: str, head: str, changed: Sequence[str]) -> ModelFacts:
    """What the model was made of at two commits. `changed` are the files that differ: without a lock among them nothing does."""
    same = not any(path.endswith((".dvc", ".lock", ".yaml")) for path in changed)
    try:
        after = _side(repository, model, head)
        before = after if same else _side(repository, model, base)
    except UserProblem as problem:
        return ModelFacts(path=model.artifact, problem=str(problem)[:2_000])
    return ModelFacts(path=model.artifact, base=before, head=after)


def _side(repository: Repository, model: document.Model, sha: str) -> MadeFacts | None:
    """What the lock at a commit says; None where none names the model."""
    tracked = repository.tracked(model.artifact, sha)
    behind = repository.ancestry(model.artifact, sha) if tracked and tracked.kind != "git" else None
    if tracked is None or behind is None:
        return None
    data = dict(list(behind.data.items())[:_MOST_DATA])
    return MadeFacts(digest=tracked.digest, params=behind.params_digest, lock=behind.lock_digest, data=data)
