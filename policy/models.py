"""The base classes of what is read: strict for what people write, lenient for what runners say."""

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, FiniteFloat, GetJsonSchemaHandler, StringConstraints

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

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema with what each key means, for editors and for docs/policy.md."""
        schema = handler(core_schema)
        whole = handler.resolve_ref_schema(schema)
        parts = [whole, *whole.get("anyOf", [])]  # where a short form may stand in its place, one of them is the section
        properties: dict[str, Any] = next((part["properties"] for part in parts if "properties" in part), {})
        for name, meaning in meanings(cls).items():
            properties[cls.model_fields[name].alias or name]["description"] = meaning
        return schema


def meanings(section: type[Section]) -> dict[str, str]:
    """What the docstring under each key of a section says.

    Read from the source where that is asked for: pydantic's own way would do it whenever a verb starts.
    """
    found: dict[str, str] = {}
    for owner in reversed(section.__mro__):
        if issubclass(owner, Section) and owner is not Section:
            (made,) = ast.parse(textwrap.dedent(inspect.getsource(owner))).body
            for key, text in pairwise(made.body if isinstance(made, ast.ClassDef) else ()):
                if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name) and isinstance(text, ast.Expr):
                    found[key.target.id] = inspect.cleandoc(ast.literal_eval(text.value))
    return found


class Record(BaseModel):
    """A part of `facts.json` or `verdict.json`: frozen, and a newer minor version's keys are ignored."""

    # Validators are built when first used: most verbs use few of these classes.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
