"""A command's request as what is checked: which commit must be there, what it is compared with, and which parts are computed."""

from dataclasses import dataclass

from actions.check import PARTS, Options
from actions.repository import Repository
from policy.facts import request as requests
from policy.facts.override import Override
from policy.facts.request import Request
from policy.problems import UserProblem


@dataclass(frozen=True)
class Asked:
    """The base whose policy judges, and the options of the check."""

    base: str
    options: Options


def asked(request: Request, *, remote: bool = True) -> Asked:
    """What a check does for a command.

    `train` compares the commit as it is with what a run makes of it, so that the verdict says what the parameters change. A
    reference is compared with as it is. All others compare with where the change left the base.
    """
    given = request.arguments
    # By its SHA: whoever reads the report does not stand where `HEAD` is this commit.
    against = request.sha if request.command == "train" else given.reference
    if against and against.startswith("refs/heads/"):
        against = against.replace("refs/heads/", "refs/remotes/origin/", 1)  # whose branches a runner has under this name
    options = Options(
        parts=frozenset(part for part in PARTS if part in requests.PARTS[request.command]),
        remote=remote,
        against=against,
        overrides=tuple(Override.parse(text) for text in given.overrides),
        stage=given.stage,
        single=given.single,
        full=given.full,
        request=request,
    )
    return Asked(f"origin/{given.base}", options)


def must_be(repository: Repository, request: Request) -> None:
    """A command is about one commit. Raises UserProblem where another is checked out."""
    found = repository.head().sha
    if found != request.sha:
        raise UserProblem(
            f"{found[:12]} is checked out, and the command was given for {request.sha[:12]}",
            f"#{request.pull_request}",
            "Somebody pushed meanwhile: look at what came, then give the command again",
        )
