"""What passes between the three steps of a promotion: the leave to move an alias, and what came of it. Pure.

`assay authorize` leaves `decision.json`, `assay promote` reads it and leaves `outcome.json`, and `assay record` reads both. Each
is a few values of known form: nothing in them is a path, a command or Markdown.
"""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, Field, StringConstraints, ValidationError

from policy import digests
from policy.digests import Bind, Subject
from policy.models import Name, Record, Text
from policy.problems import UserProblem

T = TypeVar("T", bound=Record)
LIMIT = 2 * 1024 * 1024
"""Bytes of either file at most."""
LEASE = timedelta(minutes=30)
"""How long an environment is kept for one promotion, and its leave is good. A run that takes longer is run again."""
_VERSION = re.compile(r"[1-9][0-9]{0,17}")


class Authorization(Record):
    """Leave to let the alias of an environment point to a version, given by the people whom the policy names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    subject: Subject
    bind: Bind
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Of the subject: what was approved, whole."""
    expected: Annotated[int, Field(ge=1)] | None
    """The version that the alias must point to until it is moved; None where it points nowhere."""
    approvers: tuple[Annotated[int, Field(ge=1)], ...]
    """Numeric ids of those whose approvals counted."""
    glass: bool = False
    """Whether it is an emergency, which is to be reviewed."""
    lock: Annotated[int, Field(ge=1)]
    """The fencing token of the environment's lock."""
    run: Annotated[int, Field(ge=1)]
    """The run of the workflow that it is for."""
    at: datetime

    @property
    def version(self) -> int:
        """The version's number."""
        return int(self.subject.version)


class Outcome(Record):
    """What came of it: moved (or found moved already), refused before anything changed, or unknown, with what to do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """That of the authorization."""
    state: Literal["promoted", "refused", "unknown"]
    before: Annotated[int, Field(ge=1)] | None
    """Where the alias pointed before, as far as that is known."""
    now: Annotated[int, Field(ge=1)] | None
    """Where it was seen to point at the end."""
    said: Text = ""
    """Why, and what to do next; empty where all went well."""
    url: Name | None = None
    """Where it runs, if the project's own command said so."""
    at: datetime


def authorization(raw: bytes, where: str = "decision.json") -> Authorization:
    """Read a leave. Raises UserProblem for what is none, or whose digest is not that of its subject."""
    found = _read(Authorization, raw, where)
    if digests.digest(found.subject, found.bind) != found.digest or not _VERSION.fullmatch(found.subject.version):
        raise UserProblem("its digest is not that of what it allows", where, "Run `assay authorize` again")
    return found


def outcome(raw: bytes, leave: Authorization, where: str = "outcome.json") -> Outcome:
    """Read what came of a leave. Raises UserProblem for what is none, or is about another."""
    found = _read(Outcome, raw, where)
    if found.digest != leave.digest:
        raise UserProblem("it is about another decision", where, "Run the whole promotion again")
    return found


def _read(kind: type[T], raw: bytes, where: str) -> T:
    if len(raw) > LIMIT:
        raise UserProblem(f"it has more than {LIMIT:,} bytes", where, "Run the step before again")
    try:
        return kind.model_validate_json(raw)
    except (ValidationError, RecursionError) as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) if isinstance(error, ValidationError) else ""
        what = f"it cannot be read ({place or 'it is not JSON of the form that it should have'})"
        raise UserProblem(what, where, "Run the step before again") from None
