"""What one look at production found: the record that a monitor leaves, its history keeps, and its issue is drawn from."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from policy.models import Name, Number, Record, Text
from policy.result import Result


class Severity(StrEnum):
    """How bad it is; the policy says what each finding weighs."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Sighting(Record):
    """One look at one model.

    `at` is when it was taken, in ISO 8601 and UTC; `start` and `end` bound the window of data (empty where it has no times);
    `rows` is how many rows the window had, None where they could not be counted. `numbers` are those of the trend, by name.
    """

    schema_version: Literal[1] = 1
    model: Name
    version: Text = ""
    """The version of the registry whose profile was the reference."""
    at: Text
    start: Text = ""
    end: Text = ""
    rows: int | None = None
    severity: Severity
    result: Result
    numbers: Annotated[dict[Name, Number], Field(max_length=50)] = {}
