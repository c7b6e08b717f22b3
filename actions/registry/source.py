"""What git and its lock say of a model at a commit: for whoever registers a version, and whoever looks whether it still is so."""

from dataclasses import dataclass

from actions.repository import Repository
from actions.repository.ancestry import Ancestry


@dataclass(frozen=True)
class Source:
    """The commit's tree, the digest of the artifact in the lock (None: DVC does not keep it), and what that was made of."""

    tree: str
    digest: str | None
    made_of: Ancestry | None


def source_of(repository: Repository, path: str, sha: str) -> Source:
    """Read them at a full commit SHA. Raises UserProblem where the pipeline there cannot be read."""
    tracked = repository.tracked(path, sha)
    digest = tracked.digest if tracked and tracked.kind != "git" else None
    return Source(repository.tree(sha), digest, repository.ancestry(path, sha) if digest else None)


def home_of(digest: str) -> str:
    """Where the bytes of a model lie in a run's artifacts: named by their digest, so that they are in nobody's way."""
    return f"model-{digest.partition(':')[2][:12]}"
