"""What a run leaves to be committed: a few small files of text. A runner's word, so its paths are held against the base's."""

import hashlib
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from policy.facts.reading import strict_json
from policy.models import Name, Record
from policy.problems import UserProblem

MAX_FILE = 1024 * 1024
"""Characters of one file."""
MAX_BYTES = 4 * 1024 * 1024
"""Bytes of the whole record."""
MAX_FILES = 200


class CommitFile(Record):
    """A file of text as it should be, by its path from the top of the repository."""

    path: Name
    text: Annotated[str, StringConstraints(max_length=MAX_FILE)]


class CommitFacts(Record):
    """What the request `request` changed on top of the commit `sha`; no file where it changed nothing."""

    request: Name
    sha: Name
    files: Annotated[list[CommitFile], Field(max_length=MAX_FILES)] = []
    facts: Name | None = None
    """The digest (`digest`) of the facts that were left with it, where it is to be proposed with them as evidence."""


def digest(facts: bytes) -> str:
    """What names the bytes of `facts.json`: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(facts).hexdigest()}"


def write(facts: CommitFacts) -> bytes:
    """The bytes of `commit.json`.

    Raises UserProblem where they would be more than a reader accepts.
    """
    raw = facts.model_dump_json(indent=1).encode() + b"\n"
    if len(raw) > MAX_BYTES:
        raise UserProblem(f"what changed is more than {MAX_BYTES:,} bytes", "commit.json", "Keep large metrics in DVC's cache")
    return raw


def read(raw: bytes, where: str = "commit.json") -> CommitFacts:
    """Read what somebody else wrote. Raises UserProblem for bytes that are too many, not strict JSON, or not such a record."""
    advice = "Run the command again"
    if len(raw) > MAX_BYTES:
        raise UserProblem(f"{len(raw):,} bytes, more than {MAX_BYTES:,}", where, advice)
    try:
        return CommitFacts.model_validate(strict_json(raw, where))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part)[:80] for part in first["loc"][:6])
        raise UserProblem(f"`{place}`: {first['msg']}", where, advice) from None
