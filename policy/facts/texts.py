"""What a runner says about the texts of a folder or a column: counts, names and measures, and never the text itself."""

from typing import Annotated, Literal

from pydantic import Field

from policy.models import Record, Text
from policy.reasons import Reason

Count = Annotated[int, Field(ge=0)]
Check = Literal["encoding", "length", "language"]


class TextFinding(Record):
    """Texts that one check of the policy does not allow, with the first of them and what they are."""

    check: Check
    count: Count
    examples: Annotated[list[Text], Field(max_length=10)] = []


class TextFacts(Record):
    """The texts at the head. `texts` counts the files that are named like one, or the rows; `others` the files that are not."""

    texts: Count
    others: Count = 0
    problem: Reason | None = None
    """Why there are no texts to judge: there is no such column, or it holds none."""
    findings: Annotated[list[TextFinding], Field(max_length=10)] = []
    duplicates: Count = 0
    """Texts beyond the first of each group that reads alike."""
    groups: Annotated[list[Annotated[list[Text], Field(max_length=5)]], Field(max_length=10)] = []
    """The largest such groups, by the first names in each."""
