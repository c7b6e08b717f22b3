"""What an evidence pack is: its files, the in-toto statement that binds them to a model, and what may be wrong with it. Pure.

The statement is the manifest: its predicate names every part with the SHA-256 of each of its files, and every part that is
missing with the reason. So whoever trusts the statement (its signature, or a digest kept elsewhere) can check all the rest.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, ValidationError

from policy import ledger, lineage
from policy.evidence import Part
from policy.facts.reading import strict_json
from policy.ledger import Entry, Kept, canonical
from policy.models import Name, Section, Text
from policy.problems import UserProblem

STATEMENT = "statement.json"
ENVELOPE = "attestation.json"
BUNDLE = "attestation.sigstore.json"
INDEX = "index.html"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
MOST_BYTES = 100 * 1024 * 1024
MOST_FILES = 10_000
_UNNAMED = (STATEMENT, ENVELOPE, BUNDLE)
"""Files that the statement cannot name: itself, and what signs it."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Strict(Section):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)


class File(_Strict):
    """A file of the pack."""

    path: Name
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Listed(_Strict):
    """A part: its files, or why it is missing. `note` says what is peculiar about one that is there."""

    part: Part
    files: tuple[File, ...] = ()
    missing: Text = ""
    note: Text = ""


class Model(_Strict):
    """The model. `dvc` is DVC's digest of it; empty where that is missing."""

    name: Name
    version: Text = ""
    dvc: Text = ""


class Predicate(_Strict):
    """What a statement says of its subject.

    `index` is the page. `ledger` is the hash of the last entry of the ledger, `commit` that of its branch. `code`, `facts` and
    `policy` are what the version was registered with; each is empty where nobody knows.
    """

    format: Literal[1] = 1
    assay: Name
    model: Model
    issue: int | None = None
    code: Text = ""
    facts: Text = ""
    policy: Text = ""
    ledger: Text = ""
    commit: Text = ""
    parts: tuple[Listed, ...]
    index: File

    @property
    def files(self) -> tuple[File, ...]:
        """Every file that the statement names."""
        return (*(file for each in self.parts for file in each.files), self.index)


class Subject(_Strict):
    """What the statement is about."""

    name: Name
    digest: dict[Name, Name]


class Statement(_Strict):
    """An in-toto statement, version 1."""

    type: Annotated[Literal["https://in-toto.io/Statement/v1"], Field(alias="_type")] = "https://in-toto.io/Statement/v1"
    subject: Annotated[tuple[Subject, ...], Field(min_length=1)]
    predicate_type: Annotated[Literal["urn:assay:evidence:v1"], Field(alias="predicateType")] = "urn:assay:evidence:v1"
    predicate: Predicate


@dataclass(frozen=True)
class Piece:
    """A part as it was gathered: the content of its files by their path, or why it is missing."""

    part: Part
    files: Mapping[str, bytes]
    missing: str = ""
    note: str = ""

    @property
    def there(self) -> bool:
        """Whether there is anything of it."""
        return bool(self.files)


def listed(piece: Piece) -> Listed:
    """A part as the statement names it. One without files always says why."""
    files = tuple(file(path, raw) for path, raw in sorted(piece.files.items()))
    missing = "" if files else piece.missing or "not evidenced"
    return Listed(part=piece.part, files=files, missing=missing[:2_000], note=piece.note[:2_000])


def file(path: str, raw: bytes) -> File:
    """A file as the statement names it."""
    return File(path=path, size=len(raw), sha256=hashlib.sha256(raw).hexdigest())


def subject(name: str, dvc: str, sha256: str) -> Subject:
    """The model as in-toto names it: by SHA-256 where it is known, else by DVC's MD5, else by what has no digest of its own.

    `dvc` is such as `md5:…` or `md5:….dir`; the MD5 of a folder is that of DVC's listing, which in-toto has no name for.
    """
    if sha256:
        return Subject(name=name, digest={"sha256": sha256})
    method, _, digits = dvc.partition(":")
    if digits.endswith(".dir"):
        return Subject(name=name, digest={f"dvc-{method}-dir": digits.removesuffix(".dir")})
    return Subject(name=name, digest={method if method == "md5" else f"dvc-{method}": digits})


def write(statement: Statement) -> bytes:
    """The one way to write a statement: canonical JSON."""
    return canonical(statement.model_dump(mode="json", by_alias=True))


def read(raw: bytes) -> Statement:
    """A statement that `write` wrote. Raises ValueError, in words, for any other bytes."""
    try:
        statement = Statement.model_validate(strict_json(raw, STATEMENT))
        same = write(statement) == raw
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"`{'.'.join(str(each)[:80] for each in first['loc'][:8])}`: {first['msg'][:200]}") from None
    except (UserProblem, ValueError, RecursionError) as error:
        raise ValueError(str(getattr(error, "what", error))[:300]) from None
    if not same:
        raise ValueError("it is not written as Assay writes")
    return statement


def fault(files: Mapping[str, bytes]) -> str | None:
    """The first thing in a pack that does not fit its own statement, in words; None where all of it fits.

    Signatures are not looked at: that the statement is the one that somebody signed is for whoever knows the key.
    """
    if STATEMENT not in files:
        return f"{STATEMENT}: it is not there, so nothing says what belongs into the pack"
    try:
        statement = read(files[STATEMENT])
    except ValueError as error:
        return f"{STATEMENT}: {error}"
    return _parts(statement.predicate) or _files(statement.predicate, files) or _meaning(statement.predicate, files)


def _parts(predicate: Predicate) -> str | None:
    """Each part once, with files or with a reason."""
    named = [each.part for each in predicate.parts]
    if named != list(Part):
        return f"{STATEMENT}: it names the parts {', '.join(named)[:200]}, not each part once and in order"
    for each in predicate.parts:
        if bool(each.files) == bool(each.missing):
            return f"{each.part}: it is neither there nor said to be missing, or both"
    return None


def _files(predicate: Predicate, files: Mapping[str, bytes]) -> str | None:
    wanted = predicate.files
    seen: set[str] = set()
    for each in wanted:
        if each.path in seen or each.path in _UNNAMED:
            return f"{each.path[:200]}: the statement names it twice"
        seen.add(each.path)
        if each.path not in files:
            return f"{each.path[:200]}: the statement names it, and it is not there"
        found = file(each.path, files[each.path])
        if found != each:
            return f"{each.path[:200]}: its SHA-256 is {found.sha256[:12]}…, and the statement says {each.sha256[:12]}…"
    for path in sorted(files):
        if path not in seen and path not in _UNNAMED:
            return f"{path[:200]}: it is there, and the statement does not name it"
    return None


def _meaning(predicate: Predicate, files: Mapping[str, bytes]) -> str | None:
    """Digests that parts have of each other."""
    for part, said in ((Part.FACTS, predicate.facts), (Part.POLICY, predicate.policy)):
        for each in predicate.parts:
            if each.part is part and said and each.files and f"sha256:{each.files[0].sha256}" != said:
                return f"{each.files[0].path}: it is not the {part} that the version was registered with ({said[:19]}…)"
    for each in predicate.parts:
        if each.part is Part.APPROVALS:
            for entry in each.files:
                try:
                    ledger.read(files[entry.path])
                except ValueError as error:
                    return f"{entry.path}: {error}"
    return None


@dataclass(frozen=True)
class About:
    """Which version a pack is about: its number where that is known, else an alias; and the issue that it was asked by."""

    model: str
    version: int | None = None
    alias: str | None = None
    issue: int | None = None

    @property
    def name(self) -> str:
        """`flight-delay@3`."""
        return f"{self.model}@{self.version or self.alias}"


def about(name: str, entries: Sequence[Kept]) -> About:
    """What `12` or `#12` (an issue), `entry:7` or the first digits of an entry's hash, or `MODEL@VERSION` means in a ledger.

    Raises ValueError, in words, where it names nothing.
    """
    if found := _ISSUE.fullmatch(name):
        number = int(found[1])
        return _of([each for each in entries if each.entry.subject.number == number], f"issue {number}", number)
    if found := _ENTRY.fullmatch(name):
        sequence = int(found[1])
        return _of([each for each in entries if each.entry.sequence == sequence], f"entry {sequence}")
    if _HASH.fullmatch(name):
        return _of([each for each in entries if each.entry.hash.startswith(name)], f"entry {name[:12]}")
    try:
        return About(*lineage.named(name))
    except ValueError:
        raise ValueError("it names no issue, no entry of the ledger and no version") from None


def concerns(entry: Entry, subject: About) -> bool:
    """Whether an entry of the ledger is about the version, or about the issue that it was asked by."""
    same = entry.subject.model == subject.model and entry.subject.version.removeprefix("v") == str(subject.version)
    return same or (subject.issue is not None and entry.subject.number == subject.issue)


_ISSUE = re.compile(r"#?([1-9]\d{0,9})")
_ENTRY = re.compile(r"entry:([1-9]\d{0,9})")
_HASH = re.compile(r"[0-9a-f]{12,64}")


def _of(found: Sequence[Kept], what: str, issue: int | None = None) -> About:
    """The version that the last of some entries names."""
    for each in reversed(found):
        told = each.entry.subject
        version = told.version.removeprefix("v")
        if told.model and version.isdecimal() and version.isascii():
            return About(told.model, int(version), None, issue if issue is not None else told.number)
    raise ValueError(f"{what} names no version of a model" if found else f"the ledger has no {what}")
