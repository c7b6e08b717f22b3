"""The base classes of what is read: strict for what people write, lenient for what runners say."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, FiniteFloat, StringConstraints

Text = Annotated[str, StringConstraints(max_length=2_000)]
"""Free text from a runner. Longer text is refused, not cut: a runner of ours never sends it."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""The name of a column, metric, stage, path or revision, as the user wrote it. Never trusted."""

Column = Annotated[str, StringConstraints(max_length=500)]
"""The name of a column, or a category in it, as the data has it; it may be empty, as the index that pandas writes to CSV is."""

Number = FiniteFloat
"""A finite float. NaN and infinity are not numbers here: facts say `problem` instead."""


class Section(BaseModel):
    """A part of `assay.yml`: frozen, and an unknown key is an error."""

    # A docstring under a key becomes its description in the schema and in docs/policy.md.
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, defer_build=True)


class Record(BaseModel):
    """A part of `facts.json` or `verdict.json`: frozen, and a newer minor version's keys are ignored."""

    # Validators are built when first used: most verbs use few of these classes.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
