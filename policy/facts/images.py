"""What a runner says about a folder of images."""

from typing import Annotated, Literal

from pydantic import Field

from policy.models import Column, Record, Text

Count = Annotated[int, Field(ge=0)]
Check = Literal["decodes", "size", "mode", "format", "labels"]


class ImageFinding(Record):
    """Images that one check of the policy does not allow, with the first of them and what they are."""

    check: Check
    count: Count
    examples: Annotated[list[Text], Field(max_length=10)] = []


class ClassCount(Record):
    """A class (a folder of images, or what labels say), and its images at base and head; None at the base where there is none."""

    name: Column
    base: Count | None = None
    head: Count


class ImageFacts(Record):
    """A folder of images at the head. `files` counts what is named like an image, `others` what is not and was not read."""

    files: Count
    others: Count = 0
    findings: Annotated[list[ImageFinding], Field(max_length=10)] = []
    duplicates: Count = 0
    """Images beyond the first of each group that looks alike."""
    groups: Annotated[list[Annotated[list[Text], Field(max_length=5)]], Field(max_length=10)] = []
    """The largest such groups, by the first names in each."""
    classes: Annotated[list[ClassCount], Field(max_length=1_000)] = []
    """The smallest classes first."""
    classes_total: Count = 0
