"""What somebody asked for by a command, on its way from a comment through the inputs of a workflow to the facts that come of it.

Whoever starts the workflow and whoever runs it read it by the same model, which is strict: an unknown key, another type or a
value beyond the grammar is refused. What comes back of it in `facts.json` is a runner's word, like all facts.
"""

import json
import re
import unicodedata
from typing import Annotated, NoReturn, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from policy.facts import override
from policy.facts.override import Override
from policy.facts.reading import strict_json
from policy.facts.record import Command, RequestFacts
from policy.problems import UserProblem

COMMANDS: tuple[Command, ...] = get_args(Command)
PARTS: dict[Command, frozenset[str]] = {
    "check": frozenset({"data", "drift", "training", "evaluation", "fairness", "governance"}),
    "train": frozenset({"data", "drift", "training", "evaluation", "fairness"}),
    "evaluate": frozenset({"evaluation", "fairness"}),
    "compare": frozenset({"data", "drift", "training", "evaluation", "fairness"}),
    "drift": frozenset({"drift"}),
}
"""The parts that a command computes, and that its verdict is therefore made of (`policy.verdict.decide(only=...)`)."""
WORKFLOW = "assay-run.yml"
MAX_ARGUMENTS = 10_000
"""Bytes of the arguments as JSON."""
_MAX_REQUEST = 16_000

_TITLE = re.compile(
    r"assay (?P<command>[a-z]+) #(?P<pull>[1-9][0-9]{0,11}) (?P<sha>[0-9a-f]{40}) (?P<id>[0-9-]+)(?: full)?", re.ASCII
)
_NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\$`\x22';|&<>]|\.\.|@\{|//|/\.|\.lock(?:/|\Z)|\A[-/.]|[/.]\Z|\A@\Z")
_REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./@#+,-]{0,249}(?:[~^][0-9]{0,4}){0,20}", re.ASCII)
_STAGE = re.compile(r"\w[\w.@/:-]{0,199}")


def _branch(name: str) -> str:
    """As git has it (git-check-ref-format), without what a shell would act on and what shows other than it is."""
    if not name or len(name) > 250 or _NO_BRANCH.search(name) or any(unicodedata.category(each) == "Cf" for each in name):
        raise ValueError("is no name of a branch")
    return name


def _reference(name: str) -> str:
    if not _REFERENCE.fullmatch(name) or _NO_BRANCH.search(re.split(r"[~^]", name)[0]):
        raise ValueError("is no branch, tag or commit, such as main~5")
    return name


def _stage(name: str) -> str:
    if not _STAGE.fullmatch(name) or ".." in name or "//" in name:
        raise ValueError("is no name of a stage")
    return name


def _overrides(texts: list[str]) -> list[str]:
    found = [_parsed(text) for text in texts]
    if len({(each.file, each.key) for each in found}) < len(found):
        raise ValueError("one parameter is set twice")
    return texts


def _parsed(text: str) -> Override:
    try:
        return Override.parse(text)
    except UserProblem as problem:
        raise ValueError(str(problem)) from None


class Arguments(BaseModel):
    """What a command was given. `base` is the branch that the pull request wants to join, whose policy judges."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True, defer_build=True)

    base: Annotated[str, AfterValidator(_branch)]
    stage: Annotated[str, AfterValidator(_stage)] | None = None
    """The stage that is reproduced, with all it needs; none means what the policy targets."""
    overrides: Annotated[list[str], Field(max_length=override.MOST), AfterValidator(_overrides)] = Field(default=[], alias="set")
    """Parameters, as `policy.facts.override` reads them."""
    single: bool = False
    """Only the stage, not what it needs."""
    full: bool = False
    """Everything anew, whether or not it changed."""
    commit: bool = False
    """Put what came of it on the branch."""
    reference: Annotated[str, AfterValidator(_reference)] | None = None
    """What is compared with, in place of where the change began."""


def _from_json(given: object) -> object:
    """The arguments as the workflow has them: JSON within a text."""
    if not isinstance(given, str):
        return given
    if len(given.encode()) > MAX_ARGUMENTS:
        raise ValueError(f"are more than {MAX_ARGUMENTS:,} bytes")
    try:
        return strict_json(given.encode(), "arguments")
    except UserProblem as problem:
        raise ValueError(problem.what) from None


def _number(given: object) -> object:
    """A workflow's input is a text, or a number where it is declared as one."""
    return int(given) if isinstance(given, str) and re.fullmatch(r"[1-9][0-9]{0,11}", given, re.ASCII) else given


class Request(BaseModel):
    """A command for one commit of one pull request. `id` names the asking: its comment, and which of its commands."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True, defer_build=True)

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}(-[0-9]{1,4})?$")] = Field(alias="request")
    command: Command
    pull_request: Annotated[int, BeforeValidator(_number), Field(ge=1, lt=10**12)] = Field(alias="pull-request")
    sha: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
    arguments: Annotated[Arguments, BeforeValidator(_from_json)]

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        """No command takes arguments that it would pass over."""
        given = self.arguments
        training = given.stage or given.overrides or given.single or given.full or given.commit
        if training and self.command != "train":
            raise ValueError(f"`{self.command}` trains nothing, so it takes neither stage, set, single, full nor commit")
        if given.single and not given.stage:
            raise ValueError("`single` needs a stage")
        if given.reference and self.command not in ("compare", "drift"):
            raise ValueError(f"`{self.command}` takes no reference")
        if self.command == "compare" and not given.reference:
            raise ValueError("`compare` needs a reference")
        return self

    @property
    def title(self) -> str:
        """What GitHub calls the run (`display_title`), by which it is found again."""
        full = " full" if self.arguments.full else ""
        return f"assay {self.command} #{self.pull_request} {self.sha} {self.id}{full}"

    @property
    def facts(self) -> RequestFacts:
        """What the facts say of it."""
        given = self.arguments
        return RequestFacts(
            id=self.id, command=self.command, stage=given.stage, single=given.single, full=given.full, reference=given.reference
        )

    def inputs(self) -> dict[str, str]:
        """The inputs of the workflow, as GitHub takes them."""
        return {
            "request": self.id,
            "command": self.command,
            "pull-request": str(self.pull_request),
            "sha": self.sha,
            "arguments": json.dumps(self.arguments.model_dump(by_alias=True, exclude_defaults=True), ensure_ascii=True),
        }


def read(text: str) -> Request:
    """A request out of the workflow's inputs, as JSON.

    Raises UserProblem where it is not exactly that.
    """
    if len(text.encode("utf-8", "replace")) > _MAX_REQUEST:
        _refuse(f"more than {_MAX_REQUEST:,} bytes")
    try:
        return Request.model_validate(strict_json(text.encode("utf-8", "replace"), "the request"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ascii(".".join(map(str, first["loc"][:4])))[1:-1][:80]
        said = first["msg"].removeprefix("Value error, ")[:500]
        _refuse(f"{place}: {said}" if place else said)


def titled(title: str) -> tuple[Command, int, str, str] | None:
    """Command, pull request, SHA and id out of a run's title; None where it is another's."""
    found = _TITLE.fullmatch(title)
    command = next((each for each in COMMANDS if found and each == found["command"]), None)
    return (command, int(found["pull"]), found["sha"], found["id"]) if found and command else None


def _refuse(what: str) -> NoReturn:
    raise UserProblem(f"the request is refused: {what}", WORKFLOW, "Nothing was run. Commands write requests by themselves")
