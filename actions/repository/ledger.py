"""The ledger's branch in a local clone, read through two processes of git however long it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from actions.repository import apart
from actions.repository.apart import Apart
from actions.repository.git import Git
from policy.ledger import BRANCH
from policy.ledger_history import Change, Step

_KNOWN = "refs/assay/ledger"
"""What was fetched last: kept apart from the remote's own references, which a plain `git fetch` moves wherever they lead."""
_LINE = re.compile(r":\d+ (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*\t(.*)", re.DOTALL)
_NOTHING = "0" * 40


@dataclass(frozen=True)
class History:
    """Every commit of the branch, the oldest first, and the content of every entry's file by its SHA."""

    tip: str
    steps: tuple[Step, ...]
    contents: dict[str, bytes]
    rewritten_from: str = ""
    """The tip that was known before, where the branch does not hold it any more."""


def read(folder: Path, *, offline: bool = False, remote: str = "origin") -> History:
    """The branch as the remote has it now; with `offline`, as it was fetched last.

    Raises UserProblem where there is no ledger, OutsideProblem where the remote cannot be asked.
    """
    git = Git(folder)
    before = apart.sha(git, _KNOWN)
    tip = apart.tip(git, Apart(BRANCH, _KNOWN, "the ledger", "It begins with the first decision"), remote, offline=offline)
    rewritten = bool(before) and before != tip and bool(git.ask("merge-base", "--is-ancestor", before, tip).code)
    if not offline and not rewritten:
        git.run("update-ref", _KNOWN, tip)
    steps = tuple(_steps(git, tip))
    wanted = dict.fromkeys(sha for step in steps for each in step.changes for sha in (each.old, each.new) if sha != _NOTHING)
    return History(tip, steps, _contents(git, wanted), before if rewritten else "")


def _steps(git: Git, tip: str) -> Iterable[Step]:
    wanted = ("--reverse", "--topo-order", "--root", "--raw", "-r", "-m", "--no-renames", "--no-abbrev", "--no-show-signature")
    listing = git.run("log", *wanted, "--format=commit %H %P%x00%ae", tip, "--").decode("utf-8", "replace")
    head: tuple[str, tuple[str, ...], str] | None = None
    changes: list[Change] = []
    for line in listing.split("\n"):
        if line.startswith("commit "):
            if head:
                yield Step(*head, tuple(changes))
            names, _, author = line.removeprefix("commit ").partition("\0")
            sha, *parents = names.split()
            head, changes = (sha, tuple(parents), author), []
        elif found := _LINE.fullmatch(line):
            mode, old, new, letter, path = found.groups()
            changes.append(Change(letter, mode, path, old, new))
    if head:
        yield Step(*head, tuple(changes))


def _contents(git: Git, wanted: Iterable[str]) -> dict[str, bytes]:
    raw = git.run("cat-file", "--batch", given="".join(f"{sha}\n" for sha in wanted).encode())
    found: dict[str, bytes] = {}
    at = 0
    while at < len(raw):
        end = raw.index(b"\n", at)
        sha, _, rest = raw[at:end].decode().partition(" ")
        at = end + 1
        if rest != "missing":  # a file that only a damaged repository, or a submodule, lacks
            size = int(rest.split()[1])
            found[sha] = raw[at : at + size]
            at += size + 1
    return found
