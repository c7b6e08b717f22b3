"""What an approval covers, and the short code by which it is named. Pure.

`/approve 7f3a9c2e51d0` names everything that stands in a `Subject`: where any of it changes, so does the code, and a vote that
named the old one is about something else. No time stamp, branch or tag takes part.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from policy.models import Name, Record

Bind = Literal["commit", "tree"]
Digest = Annotated[str, StringConstraints(min_length=1, max_length=200)]
CODE_LENGTH = 12
_FORMAT = "assay subject 1"
_SAID = re.compile(r"[0-9a-f]{12,64}")


class Subject(Record):
    """What is to be promoted where, and on what grounds. Every part is needed: what is not known cannot be approved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: Annotated[int, Field(ge=1)]
    """GitHub's numeric id: a repository keeps it when it is renamed, and no other ever has it."""
    model: Name
    version: Name
    environment: Name
    commit: Name
    tree: Name
    """The git tree of the commit: its files, whatever its history."""
    lock: Digest
    """The digest of `dvc.lock`."""
    data: dict[Name, Digest]
    """The digest of each data set, by its path."""
    artifact: Digest
    """The digest of the model."""
    params: Digest
    facts: Digest
    report: Digest
    """The digest of the evaluation's report, so that other numbers of the same model are other evidence."""
    policy: Digest
    request: Annotated[int, Field(ge=1)]
    """The number of the issue."""
    body: Digest
    """The digest of the issue's text as it was opened."""


def canonical(subject: Subject, bind: Bind = "commit") -> bytes:
    """The bytes that are digested: JSON with sorted keys and no blanks. With `tree` the commit is not among them."""
    parts: dict[str, Any] = subject.model_dump(exclude={"commit"} if bind == "tree" else None)
    return json.dumps({"format": _FORMAT, "bind": bind, **parts}, sort_keys=True, separators=(",", ":")).encode()


def digest(subject: Subject, bind: Bind = "commit") -> str:
    """SHA-256 of everything that is approved, as 64 hex digits."""
    return hashlib.sha256(canonical(subject, bind)).hexdigest()


def code(subject: Subject, bind: Bind = "commit") -> str:
    """The first 12 of those digits: what stands on the card, and what a vote must name."""
    return digest(subject, bind)[:CODE_LENGTH]


def names(said: str, wanted: str) -> bool:
    """Whether a word names what has this digest: by at least 12 digits of it. A branch, a tag or fewer digits never do."""
    word = said.lower()
    return bool(_SAID.fullmatch(word)) and wanted.startswith(word)


def changes(before: Subject, after: Subject) -> list[str]:
    """In words what differs, such as `data 418cbd87 → 9e010b2c`; digests are cut, everything else is as it stands."""
    return list(_changes(before, after))


def _changes(before: Subject, after: Subject) -> Iterator[str]:
    for name, word in _WORDS.items():
        old, new = getattr(before, name), getattr(after, name)
        if name == "data":
            yield from _data(old, new)
        elif old != new:
            short = _short if name in _DIGESTS else str
            yield f"{word} {_pair(old, new, short)}"


def _data(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for path in sorted(old.keys() | new.keys()):
        if path not in new:
            yield f"data {path} is gone"
        elif path not in old:
            yield f"data {path} is new"
        elif old[path] != new[path]:
            yield f"data {path} {_pair(old[path], new[path], _short)}"


def _pair(old: Any, new: Any, short: Any) -> str:
    first, second = short(old), short(new)
    return f"{old} → {new}" if first == second else f"{first} → {second}"


def _short(value: str) -> str:
    found = value.rpartition(":")[2]
    return found[:8]


_WORDS = {
    "repository": "repository",
    "model": "model name",
    "version": "version",
    "environment": "environment",
    "commit": "commit",
    "tree": "files of the commit",
    "lock": "dvc.lock",
    "data": "data",
    "artifact": "model",
    "params": "params",
    "facts": "facts",
    "report": "report",
    "policy": "policy",
    "request": "request",
    "body": "text of the request",
}
_DIGESTS = frozenset({"commit", "tree", "lock", "artifact", "params", "facts", "report", "policy", "body"})
