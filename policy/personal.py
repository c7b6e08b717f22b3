"""Personal data: its section of `assay.yml`, and what findings mean."""

from typing import Any, Literal, get_args

from pydantic import GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from policy.facts.data import PersonalFacts, PersonalFinding
from policy.models import Name, Section
from policy.reasons import Reason
from policy.result import Result, Status, combine

Kind = Literal["email", "phone", "iban", "card", "ip", "national_id"]

NAME = "personal data"


class Personal(Section):
    """What to do about values that look personal. `personal: block` is short for `personal: {on_find: block}`."""

    on_find: Literal["block", "warn"] = "block"
    """Whether a finding turns the verdict red."""
    kinds: list[Kind] = ["email", "phone", "iban", "card", "ip", "national_id"]
    """What to look for."""
    allow: dict[Name, list[Kind]] = {}
    """Column -> kinds that are meant to be there."""

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:
        return {"on_find": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [super().__get_pydantic_json_schema__(core, handler), {"enum": ["block", "warn"]}]}


def decide(section: Personal | None, facts: PersonalFacts | None) -> Result:
    """Whether the values found to look personal may be there.

    Every finding of a kind that the policy asks for, in a column where it does not allow that kind, fails (`block`) or
    warns (`warn`). A search that was asked for and left no facts fails.
    """
    if section is None:
        return Result(name=NAME, status=Status.SKIPPED, reason=Reason.NOT_CONFIGURED)
    if facts is None:
        return Result(name=NAME, status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": NAME})
    found = [_judge(section, finding) for finding in facts.findings if _counts(section, finding)]
    if not found:
        values = {"columns": facts.columns_read, "rows": facts.rows_read}
        return Result(name=NAME, status=Status.PASSED, reason=Reason.NO_PERSONAL_DATA, values={**values})
    return combine(NAME, found)


def _counts(section: Personal, finding: PersonalFinding) -> bool:
    """An unknown kind, from a newer runner, counts: the policy cannot have allowed it."""
    known = finding.kind in get_args(Kind)
    return (not known or finding.kind in section.kinds) and finding.kind not in section.allow.get(finding.column, ())


def _judge(section: Personal, finding: PersonalFinding) -> Result:
    return Result(
        name=f"{finding.kind} in {finding.column}",
        status=Status.FAILED if section.on_find == "block" else Status.WARNED,
        reason=Reason.PERSONAL_DATA,
        values={
            "column": finding.column,
            "kind": finding.kind,
            "form": finding.form or finding.kind,
            "count": finding.count,
            "share": f"{100 * finding.share:.3g} % of those {'sampled' if finding.read == 'sample' else 'read'}",
        },
    )
