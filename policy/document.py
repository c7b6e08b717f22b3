"""`assay.yml`: composes the sections, reads the text, and tells every error at once.

An error names file, line, key, what was found and what would be right.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel, ValidationError

from policy import yaml_text
from policy.data import Dataset
from policy.environments import Environments, contradictions
from policy.gates import Evaluate
from policy.models import Name, Section
from policy.problems import UserProblem
from policy.registry import Registry
from policy.report import Report
from policy.roles import LEVELS, Commands, Roles, is_level
from policy.training import Train

FILE_NAME = "assay.yml"


class Model(Section):
    """The model that the pipeline makes."""

    name: Name
    """What people call it."""
    artifact: Name
    """The out that holds it; its digest is part of the lineage."""


class Policy(Section):
    """The whole of `assay.yml`."""

    version: Literal[1]
    """The version of this format."""
    data: list[Dataset] = []
    """The data sets, and what must hold of each."""
    train: Train | None = None
    """What to reproduce where stages are out of date; without it nothing is run."""
    evaluate: Evaluate | None = None
    """Metrics, gates, slices and fairness."""
    model: Model | None = None
    """The model that comes of it, for the lineage."""
    registry: Registry | None = None
    """Where versions of the model are registered."""
    report: Report | None = None
    """How the verdict is published on its pull request."""
    roles: Roles = {}
    """Who is who: for each role, logins and teams (`"@organisation/team"`)."""
    commands: Commands | None = None
    """Commands in comments, and who may give them."""
    environments: Environments = {}
    """Where the model runs, in the order in which a version passes through, and who must approve it for each."""


@dataclass(frozen=True)
class PolicyError:
    """One thing wrong with `assay.yml`."""

    file: str
    line: int | None
    key: str
    what: str
    right: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" `{self.key}`:" if self.key else ""
        return f"{place}:{key} {self.what}; {self.right}"


class PolicyProblem(UserProblem):
    """`assay.yml` cannot be used; `errors` are all of its errors, in the order of their lines."""

    def __init__(self, errors: list[PolicyError]) -> None:
        self.errors = errors
        super().__init__(what="\n".join(str(error) for error in errors))


def read(text: str, file: str = FILE_NAME) -> Policy:
    """Read a policy.

    Raises PolicyProblem with every error found, or UserProblem where the text is not even YAML.
    """
    document = yaml_text.read(text, file)
    errors = [
        PolicyError(file, line, _dotted(path), "the key stands twice", "keep one of them") for path, line in document.duplicates
    ]
    if not isinstance(document.data, dict):
        found = "nothing" if document.data is None else f"a {type(document.data).__name__}"
        raise PolicyProblem([PolicyError(file, 1, "", f"found {found}", "begin with `version: 1`")])
    try:
        policy = Policy.model_validate(document.data)
    except ValidationError as error:
        errors += [_explain(item, document, file) for item in error.errors(include_url=False)]
        policy = None
    if policy is not None:
        errors += [
            PolicyError(file, document.line(("data", index)), f"data.{index}.path", what, right)
            for index, what, right in _contradictions(policy)
        ]
        errors += [
            PolicyError(file, document.line(("commands", "who", name)), f"commands.who.{name}", what, right)
            for name, what, right in _unknown_roles(policy)
        ]
        errors += [
            PolicyError(file, document.line(path), _dotted(path), what, right)
            for path, what, right in contradictions(policy.environments, policy.roles)
        ]
    if errors or policy is None:
        raise PolicyProblem(sorted(set(errors), key=lambda each: (each.line or 0, each.key)))
    return policy


def digest(text: str) -> str:
    """The digest that names this policy in reports, approvals and the ledger."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def schema() -> str:
    """The JSON Schema of `assay.yml`, for editors and for `docs/assay.schema.json`."""
    document = Policy.model_json_schema()
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **document, "title": "Assay policy (assay.yml)"}
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=False) + "\n"


def _contradictions(policy: Policy) -> Iterator[tuple[int, str, str]]:
    paths = [dataset.path for dataset in policy.data]
    for index, dataset in enumerate(policy.data):
        if dataset.path in paths[:index]:
            yield index, f"the data set '{dataset.path}' is named twice", "keep one of them"
        if dataset.disjoint_from and not dataset.key:
            yield index, "`disjoint_from` compares rows by key, but there is no `key`", "name the key columns"
        for other in dataset.disjoint_from:
            if other == dataset.path:
                yield index, "`disjoint_from` names the data set itself", "name another data set"


def _unknown_roles(policy: Policy) -> Iterator[tuple[str, str, str]]:
    for command, who in (policy.commands.who if policy.commands else {}).items():
        if not is_level(who) and who not in policy.roles:
            close = difflib.get_close_matches(who, [*policy.roles, *LEVELS], n=1)
            right = f"did you mean `{close[0]}`?" if close else f"name a level ({', '.join(LEVELS[1:])}) or a role of `roles`"
            yield command, f"no role is called {who!r}", right


def _explain(error: Any, document: yaml_text.Document, file: str) -> PolicyError:
    """Turn one of pydantic's errors into words of ours, with the line of the key."""
    path = _in_text(error["loc"], document)
    kind, found = error["type"], _shown(error["input"])
    line = document.line(path)
    if kind == "extra_forbidden":
        return PolicyError(file, line, _dotted(path), "unknown key", _known_keys(path))
    if kind == "missing":
        return PolicyError(file, document.line(path[:-1]), _dotted(path), "the key is missing", "add it")
    message = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    right = message[0].lower() + message[1:]
    return PolicyError(file, line, _dotted(path), f"found {found}", right)


def _in_text(location: tuple[str | int, ...], document: yaml_text.Document) -> yaml_text.Path:
    """Drop the parts of pydantic's location that name union members, not keys of the text."""
    path: yaml_text.Path = ()
    if location[-1:] == ("[key]",):  # the key itself is what is wrong
        location = location[:-1]
    for position, part in enumerate(location):
        if (*path, part) in document.lines or position == len(location) - 1:
            path = (*path, part)
    return path


def _known_keys(path: yaml_text.Path) -> str:
    model = _model_at(path[:-1])
    if model is None:
        return "remove it"
    names = list(model.model_fields)
    close = difflib.get_close_matches(str(path[-1]), names, n=1)
    return f"did you mean `{close[0]}`?" if close else f"known keys are {', '.join(f'`{name}`' for name in names)}"


def _model_at(path: yaml_text.Path) -> type[BaseModel] | None:
    """The section that a path of the text leads to."""
    model: type[BaseModel] | None = Policy
    for part in path:
        if isinstance(part, int) or model is None:
            continue
        if part in model.model_fields:
            model = next(_models(model.model_fields[part].annotation), None)
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _dotted(path: yaml_text.Path) -> str:
    return ".".join(str(part) for part in path)


_SECRET = re.compile(r"://[^\s\"]*[@?#][^\s\"]*")
"""An address that holds more than where something is: a name and a password, or a query with a token."""


def _shown(value: Any) -> str:
    text = _SECRET.sub("://***", json.dumps(value, default=str, ensure_ascii=False))
    return text if len(text) <= 60 else f"{text[:57]}..."
