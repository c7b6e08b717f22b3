"""What a runner says about a folder of texts: counts, names and measures, and never the text itself."""

from typing import Annotated, Literal

from pydantic import Field

from policy.models import Record, Text

Count = Annotated[int, Field(ge=0)]
Check = Literal["encoding", "length", "language"]


class TextFinding(Record):
    """Texts that one check of the policy does not allow, with the first of them and what they are."""

    check: Check
    count: Count
    examples: Annotated[list[Text], Field(max_length=10)] = []


class TextFacts(Record):
    """A folder of texts at the head. `files` counts what is named like a text, `others` what is not and was not read."""

    files: Count
    others: Count = 0
    findings: Annotated[list[TextFinding], Field(max_length=10)] = []
    duplicates: Count = 0
    """Texts beyond the first of each group that reads alike."""
    groups: Annotated[list[Annotated[list[Text], Field(max_length=5)]], Field(max_length=10)] = []
    """The largest such groups, by the first names in each."""
