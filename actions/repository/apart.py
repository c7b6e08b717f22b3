"""Branches of the remote that share nothing with the code: the ledger, and the history of production."""

from dataclasses import dataclass

from actions.repository.git import Git
from policy.problems import OutsideProblem, UserProblem


@dataclass(frozen=True)
class Apart:
    """Such a branch: its name, the reference that keeps what was fetched last, what people call it, and how it begins.

    The reference is kept apart from the remote's own, which a plain `git fetch` moves wherever they lead.
    """

    branch: str
    known: str
    called: str
    begins: str


def tip(git: Git, wanted: Apart, remote: str, *, offline: bool) -> str:
    """The commit at its end as the remote has it now; with `offline`, as it was fetched last.

    Raises UserProblem where there is no such branch, OutsideProblem where the remote cannot be asked.
    """
    if offline:
        for name in (wanted.known, f"refs/remotes/{remote}/{wanted.branch}", f"refs/heads/{wanted.branch}"):
            if found := sha(git, name):
                return found
        raise UserProblem(f"there is no branch {wanted.branch} here", wanted.called, "Fetch it: leave out --offline")
    answer = git.ask("fetch", "--quiet", "--no-tags", remote, f"refs/heads/{wanted.branch}")
    if "couldn't find remote ref" in answer.error:
        raise UserProblem(f"{remote} has no branch {wanted.branch}", wanted.called, wanted.begins)
    if answer.code:
        advice = "Try again, or read what is here with --offline"
        raise OutsideProblem(f"cannot fetch {wanted.called}: {answer.error}", remote, advice)
    return sha(git, "FETCH_HEAD")


def sha(git: Git, name: str) -> str:
    """The commit that a reference names; empty where there is none."""
    answer = git.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return answer.output.decode().strip() if not answer.code else ""
