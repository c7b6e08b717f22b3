"""What may be written to GitHub: records that a pure decider asks for and `bot.perform` carries out."""

from dataclasses import dataclass

from bot.gateway.records import CheckRun


@dataclass(frozen=True)
class CreateComment:
    """Write a comment on a pull request."""

    number: int
    body: str


@dataclass(frozen=True)
class UpdateComment:
    """Write a comment anew; on `number` if somebody deleted it meanwhile."""

    id: int
    number: int
    body: str


@dataclass(frozen=True)
class DeleteComment:
    """Delete a duplicate of ours."""

    id: int


@dataclass(frozen=True)
class CreateCheck:
    """Create a check run."""

    run: CheckRun


@dataclass(frozen=True)
class UpdateCheck:
    """Make a check run of ours say something else."""

    id: int
    run: CheckRun


Effect = CreateComment | UpdateComment | DeleteComment | CreateCheck | UpdateCheck
