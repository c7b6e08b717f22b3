"""The history of what was seen in production: one line for each look, the oldest first, in one file for each model.

The newest line holds all that was found, so that the issue can be drawn from the file alone; older lines hold what a trend needs.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from policy.models import Name, Number, Record, Text
from policy.problems import UserProblem
from policy.result import Result
from policy.sighting import Severity, Sighting

BRANCH = "assay-monitor"
"""The branch that holds the files, and nothing of the repository."""
LIMIT = 256 * 1024
"""Bytes of a sighting. What a monitor leaves has a few."""
MOST = 400
"""Lines of a history."""
MOST_BYTES = 700_000
"""Bytes of a history: GitHub reads files of up to a megabyte back in one request."""
_AHEAD = timedelta(hours=1)
"""How far ahead of ours the clock of a runner may be."""
_DIGITS = 16


State = Literal["due", "started", "held", "missing", "refused", "withheld"]


class Training(Record):
    """What became of the training that a rise in production asks for, and when that was written down, in ISO 8601.

    `due`: somebody is about to start it. `held`: a `proposal` is open already. `missing`: there is no such workflow.
    `refused`: it may not be started, and `why`. `withheld`: it passes a budget, which one, and who may start it, are in `why`.
    """

    state: State
    at: Text
    proposal: int = 0
    why: Text = ""

    @property
    def moment(self) -> datetime:
        """When it was written down."""
        return moment(self.at)


class Look(Record):
    """One line. `digest` tells it from others; `result` is None but for the newest, `training` but where one was due."""

    schema_version: Literal[1] = 1
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    version: Text = ""
    at: Text
    start: Text = ""
    end: Text = ""
    rows: int | None = None
    severity: Severity
    numbers: Annotated[dict[Name, Number], Field(max_length=50)] = {}
    result: Result | None = None
    training: Training | None = None

    @property
    def moment(self) -> datetime:
        """When it was taken."""
        return moment(self.at)


def moment(at: str) -> datetime:
    """A moment in ISO 8601, in UTC. Raises ValueError for one without a zone, too."""
    found = datetime.fromisoformat(at)
    if found.tzinfo is None:
        raise ValueError("it names no time zone")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError("it is out of range") from None


def path(model: str) -> str:
    """The file of a model: its name as far as a file can be called so, and a digest of all of it."""
    plain = re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")[:60]
    return f"{plain or 'model'}-{hashlib.sha256(model.encode()).hexdigest()[:12]}.jsonl"


def sighting(raw: bytes, where: str, now: datetime) -> Sighting:
    """What a monitor left, of which nothing is believed before it was read whole.

    Raises:
        UserProblem: it is too long, no sighting of a version that is known, or of a moment that is still to come.
    """
    again = "Run `assay monitor` again, of this version of Assay"
    if len(raw) > LIMIT:
        raise UserProblem(f"it has more than {LIMIT:,} bytes", where, again)
    try:
        found = Sighting.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(each) for each in first["loc"])[:200]
        raise UserProblem(f"it is no sighting ({place + ': ' if place else ''}{first['msg'][:200]})", where, again) from None
    try:
        at = moment(found.at)
    except ValueError as error:
        raise UserProblem(f"its time cannot be read ({error})", where, again) from None
    if at > now + _AHEAD:
        raise UserProblem(f"it is of {at:%Y-%m-%d %H:%M} UTC, which is still to come", where, "Mend the clock of the runner")
    return found


def look(found: Sighting) -> Look:
    """A sighting as a line."""
    return Look(
        digest=hashlib.sha256(found.model_dump_json().encode()).hexdigest()[:_DIGITS],
        version=found.version,
        at=found.at,
        start=found.start,
        end=found.end,
        rows=found.rows,
        severity=found.severity,
        numbers=found.numbers,
        result=found.result,
    )


def read(raw: bytes, where: str) -> tuple[Look, ...]:
    """The lines of a file. Raises UserProblem for one that cannot be read."""
    found = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line.strip():
            try:
                found.append(Look.model_validate_json(line))
                moment(found[-1].at)
                moment(found[-1].training.at if found[-1].training else found[-1].at)
            except ValueError as error:  # a ValidationError is one
                what = str(error).splitlines()[0][:200]
                raise UserProblem(f"line {number} cannot be read ({what})", where, "Mend or delete that line") from None
    return tuple(sorted(found, key=order))


def write(looks: Iterable[Look]) -> bytes:
    """The file of some lines."""
    return b"".join(each.model_dump_json(exclude_defaults=True).encode() + b"\n" for each in looks)


def order(found: Look) -> tuple[datetime, str]:
    """What lines are sorted by."""
    return found.moment, found.digest


def trimmed(looks: Iterable[Look], pinned: frozenset[str] = frozenset()) -> tuple[Look, ...]:
    """As many lines as may be kept, the newest first to stay; those in `pinned`, by digest, stay however old they are."""
    found = sorted(looks, key=order)
    found = [*(each.model_copy(update={"result": None}) if each.result else each for each in found[:-1]), *found[-1:]]
    room, space = MOST, MOST_BYTES
    kept: list[Look] = []
    for each in [*(one for one in found if one.digest in pinned), *(one for one in reversed(found) if one.digest not in pinned)]:
        size = len(write([each]))
        if room < 1 or space < size:
            break
        room, space = room - 1, space - size
        kept.append(each)
    return tuple(sorted(kept, key=order))
