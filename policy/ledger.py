"""The ledger: one entry for each decision, each holding the hash of the one before. Pure.

An entry's file is canonical JSON with two halves. The `entry` is chained and its hash stands beside it: it holds digests and no
name. `personal` stands beside it too, tied to the entry by a salted digest, so that it can be taken out later and the chain still
holds. Whatever else is changed in a file, or in the order or number of files before the last, is found by `check`. That the last
entry was made anew, or the end cut off, shows only against an anchor: a hash or a count that somebody kept elsewhere.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, JsonValue, StringConstraints, ValidationError

from policy.models import Name, Section, Text

BRANCH = "assay-ledger"
BEGINNING = "0" * 64
"""What the first entry names as the one before it."""
_PATH = re.compile(r"entries/(\d{3,})/(\d{6,})\.json")
_FOLDER_HOLDS = 1_000


class Decision(StrEnum):
    """What was decided, or what happened that somebody has to look at."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVOKED = "revoked"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled-back"
    WAIVED = "waived"
    HELD = "held"
    RELEASED = "released"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    INCIDENT = "incident"
    REVIEWED = "reviewed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    MERGED = "merged"


def _utc(value: str) -> str:
    if datetime.fromisoformat(value).utcoffset() != timedelta(0):
        raise ValueError("a time of the ledger is in UTC")
    return value


Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Time = Annotated[str, StringConstraints(max_length=40), AfterValidator(_utc)]


class _Part(Section):
    """Strict: a number in quotes is no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Subject(_Part):
    """What it is about. `number` is that of a pull request or issue."""

    model: Text = ""
    version: Text = ""
    environment: Text = ""
    gate: Text = ""
    number: int | None = None


class Comment(_Part):
    """A comment that the decision rests on, and the SHA-256 of its body as it was then."""

    id: int
    digest: Hash


class Digests(_Part):
    """Of everything that the decision covers; empty where it covers no such thing."""

    code: Text = ""
    tree: Text = ""
    lock: Text = ""
    data: Text = ""
    model: Text = ""
    params: Text = ""
    facts: Text = ""
    report: Text = ""
    policy: Text = ""
    decision_code: Text = ""


class Personal(_Part):
    """Who it was and what they said: what can be taken out later. `salt` is random, so that nobody finds a name by trying."""

    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32,64}$")]
    actor_id: int
    login: Text
    because: Text = ""

    @property
    def digest(self) -> str:
        """What the chained half of an entry holds of it."""
        return digest(self.model_dump(mode="json"))


class Draft(_Part):
    """A decision that is not in the ledger yet.

    `key` names it: a decision of a key that is there already is never written again. `inputs` are what it can be derived from
    again; they hold no names, because they cannot be taken out.
    """

    key: Name
    decision: Decision
    reason: Name
    repository: int
    installation: int | None = None
    subject: Subject = Subject()
    digests: Digests = Digests()
    comments: tuple[Comment, ...] = ()
    delivery: Text = ""
    inputs: dict[str, JsonValue] = {}


class Entry(Draft):
    """A decision in the ledger. `sequence` counts from 1; `time` is the server's; `previous` the hash of the entry before."""

    schema_version: Literal[1] = 1
    sequence: int
    time: Time
    actor: Hash
    previous: Hash

    @property
    def hash(self) -> str:
        """SHA-256 over the canonical JSON: what the next entry names, and what can be kept elsewhere as an anchor."""
        return hashlib.sha256(_chained(self)).hexdigest()


class _File(_Part):
    """An entry's file as it is read."""

    entry: Entry
    hash: Hash
    personal: Personal | None


@dataclass(frozen=True)
class Kept:
    """An entry with what is personal about it; None where that was taken out."""

    entry: Entry
    personal: Personal | None


@dataclass(frozen=True)
class Fault:
    """The first thing that does not fit: at which entry (counted from 1), and what."""

    sequence: int
    what: str

    def __str__(self) -> str:
        return f"entry {self.sequence}: {self.what}"


@dataclass(frozen=True)
class Anchor:
    """What somebody kept elsewhere: the hash of an entry (64 digits) or of a commit (40), and how many entries there were."""

    hash: str
    count: int | None = None

    @classmethod
    def of(cls, text: str) -> "Anchor":
        """Read `HASH` or `HASH:COUNT`. Raises ValueError."""
        found = re.fullmatch(r"([0-9a-f]{40}|[0-9a-f]{64})(?::(\d{1,9}))?", text.strip())
        if not found:
            raise ValueError("an anchor is the 40 digits of a commit or the 64 of an entry, and perhaps :COUNT")
        return cls(found[1], int(found[2]) if found[2] else None)


Rederive = Callable[[Entry], str | None]
"""Derives a decision from an entry's own inputs again; says what does not fit, or None."""


def canonical(value: Any) -> bytes:
    """The one way to write a value as JSON: sorted keys, no space, ASCII. Raises ValueError for NaN and infinity."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def path(sequence: int) -> str:
    """The file of an entry; no folder holds more than a thousand."""
    return f"entries/{sequence // _FOLDER_HOLDS:03d}/{sequence:06d}.json"


def sequence_of(file: str) -> int | None:
    """The number of the entry that a file holds; None for what is no entry's file."""
    found = _PATH.fullmatch(file)
    return int(found[2]) if found and path(int(found[2])) == file else None


def append(tail: Entry | None, draft: Draft, personal: Personal, now: str) -> Kept:
    """The next entry after `tail` (None: the first). `now` is the server's time, in ISO 8601 and UTC."""
    entry = Entry(
        **dict(draft),
        sequence=tail.sequence + 1 if tail else 1,
        time=now,
        actor=personal.digest,
        previous=tail.hash if tail else BEGINNING,
    )
    return Kept(entry, personal)


def write(kept: Kept) -> bytes:
    """An entry's file."""
    return _write(kept)[0]


def _write(kept: Kept) -> tuple[bytes, str]:
    """An entry's file, and its hash, which is half of the work."""
    chained = _chained(kept.entry)
    hash = hashlib.sha256(chained).hexdigest()
    personal = canonical(kept.personal.model_dump(mode="json")) if kept.personal else b"null"
    return b'{"entry":%b,"hash":"%b","personal":%b}\n' % (chained, hash.encode(), personal), hash


def _chained(entry: Entry) -> bytes:
    """The chained half. Its inputs are JSON as they are, and most of it: they are not gone through once more."""
    return canonical({**entry.model_dump(mode="json", exclude={"inputs"}), "inputs": entry.inputs})


def read(raw: bytes) -> Kept:
    """An entry's file. Raises ValueError, in words, for what `write` does not write."""
    return _read(raw)[0]


def _read(raw: bytes) -> tuple[Kept, str]:
    """An entry's file, and its hash."""
    try:
        file = _File.model_validate_json(raw)
        kept, personal = Kept(file.entry, file.personal), file.personal
        written, hash = _write(kept)
    except ValidationError as error:
        first = error.errors()[0]
        if len(first["loc"]) < 2:
            raise ValueError(f"it is no record of the ledger ({first['type']})") from None
        raise ValueError(f"{'.'.join(str(each) for each in first['loc'][1:])}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no record of the ledger ({type(error).__name__})") from None
    if written != raw:
        raise ValueError("it is not written as the ledger writes")
    if personal is not None and personal.digest != kept.entry.actor:
        raise ValueError("what it says of the person is not what the entry was made with")
    return kept, hash


@dataclass(frozen=True)
class Checked:
    """How far the chain holds: the entries before the first fault, and the fault, if there is one."""

    entries: tuple[Kept, ...]
    fault: Fault | None = None

    @property
    def head(self) -> str:
        """The hash of the last entry that holds."""
        return self.entries[-1].entry.hash if self.entries else BEGINNING


def check(files: Iterable[bytes], rederive: Mapping[Decision, Rederive] | None = None, expect: Anchor | None = None) -> Checked:
    """Walk the chain from its first file, and stop at what does not fit.

    `rederive` holds, for the decisions that can be, how to derive them again. An anchor that is the hash of an entry is looked
    for too; one that is a commit's is for whoever knows the history of git.
    """
    kept: list[Kept] = []
    hashes = [BEGINNING]
    keys: dict[str, int] = {}
    for sequence, raw in enumerate(files, 1):
        try:
            found, hash = _read(raw)
        except ValueError as error:
            return Checked(tuple(kept), Fault(sequence, str(error)))
        what = _wrong(found.entry, sequence, hashes[-1], keys) or _rederived(found.entry, rederive or {})
        if what:
            return Checked(tuple(kept), Fault(sequence, what))
        kept.append(found)
        keys[found.entry.key] = sequence
        hashes.append(hash)
    return Checked(tuple(kept), _anchored(hashes, expect) if expect else None)


def _wrong(entry: Entry, sequence: int, previous: str, keys: Mapping[str, int]) -> str | None:
    if entry.sequence != sequence:
        return f"it says that it is entry {entry.sequence}"
    if entry.previous != previous:
        return "it does not follow from the entry before it: one of the two was changed, or stands in another's place"
    if entry.key in keys:
        return f"the decision of entry {keys[entry.key]} stands here once more"
    return None


def _rederived(entry: Entry, table: Mapping[Decision, Rederive]) -> str | None:
    again = table.get(entry.decision)
    return again(entry) if again else None


def _anchored(hashes: list[str], expect: Anchor) -> Fault | None:
    count = len(hashes) - 1
    if expect.count is not None and count < expect.count:
        return Fault(count + 1, f"there were {expect.count} entries, and there are {count}: the end was cut off")
    if len(expect.hash) == len(BEGINNING):
        at = [expect.count] if expect.count is not None else range(len(hashes))
        if not any(hashes[each] == expect.hash for each in at):
            return Fault(expect.count or count + 1, f"the entry {expect.hash[:12]}, which was kept elsewhere, is not there")
    return None
