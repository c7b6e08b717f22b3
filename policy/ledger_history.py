"""The history of the ledger's branch: each commit adds the next entry, or takes personal data out of entries. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from policy import ledger
from policy.ledger import Anchor, Fault

_FILE = "100644"
_COMMIT_DIGITS = 40


@dataclass(frozen=True)
class Change:
    """One file of a commit: git's letter (A, M, D, T), its mode, and the SHA of its content before and after."""

    letter: str
    mode: str
    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Step:
    """A commit, its author's address, and what it changed."""

    sha: str
    parents: tuple[str, ...]
    author: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Walked:
    """What the history comes to: the SHA of each entry's content, how many there were at each commit, and the first fault."""

    blobs: tuple[str, ...]
    counts: Mapping[str, int]
    fault: Fault | None = None


def walk(steps: Sequence[Step], contents: Mapping[str, bytes], authors: Collection[str] = ()) -> Walked:
    """Follow the commits, the oldest first. With `authors` only commits of these addresses are the ledger's own."""
    blobs: list[str] = []
    counts: dict[str, int] = {}
    before: str | None = None
    for step in steps:
        what = _wrong(step, before, len(blobs) + 1, contents, authors)
        if what:
            touched = [ledger.sequence_of(each.path) or len(blobs) + 1 for each in step.changes if each.letter != "A"]
            return Walked(tuple(blobs), counts, Fault(min([*touched, len(blobs) + 1]), f"commit {step.sha[:12]} {what}"))
        for each in step.changes:
            number = ledger.sequence_of(each.path)
            if number is not None and each.letter == "A":
                blobs.append(each.new)
            elif number is not None:
                blobs[number - 1] = each.new
        before = step.sha
        counts[step.sha] = len(blobs)
    return Walked(tuple(blobs), counts)


def anchored(walked: Walked, expect: Anchor) -> Fault | None:
    """Whether a commit that was kept elsewhere is still part of the history, and stands where it stood."""
    if len(expect.hash) != _COMMIT_DIGITS:
        return None
    there = walked.counts.get(expect.hash)
    if there is None:
        what = f"the commit {expect.hash[:12]} is no part of the branch: its history was rewritten"
        return Fault(len(walked.blobs) + 1 if expect.count is None else min(expect.count, len(walked.blobs) + 1), what)
    if expect.count is not None and there != expect.count:
        return Fault(there + 1, f"there were {expect.count} entries at {expect.hash[:12]}, and there are {there}")
    return None


def _wrong(step: Step, before: str | None, number: int, contents: Mapping[str, bytes], authors: Collection[str]) -> str | None:
    if step.parents != ((before,) if before else ()):
        return "does not stand on the one before it alone"
    if authors and step.author not in authors:
        return f"is by {step.author!r}"
    if before is None and [(each.letter, each.path) for each in step.changes] == [("A", "README.md")]:
        return None
    if [(each.letter, each.mode, each.path) for each in step.changes] == [("A", _FILE, ledger.path(number))]:
        return None
    if step.changes and all(_removes(each, number, contents) for each in step.changes):
        return None
    files = ", ".join(f"{each.letter} {each.path}" for each in step.changes[:3]) or "nothing"
    return f"does something else than add {ledger.path(number)}: {files[:300]}"


def _removes(change: Change, number: int, contents: Mapping[str, bytes]) -> bool:
    """Whether it takes out what is personal about an entry, and nothing else."""
    entry = ledger.sequence_of(change.path)
    if change.letter != "M" or change.mode != _FILE or entry is None or not 0 < entry < number:
        return False
    try:
        old, new = ledger.read(contents[change.old]), ledger.read(contents[change.new])
    except (ValueError, KeyError):
        return False
    return new.personal is None and new.entry == old.entry
