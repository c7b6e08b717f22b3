"""`assay.yml`: composes the sections, reads the text, and tells every error at once.

An error names file, line, key, what was found and what would be right.
"""

import difflib
import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from policy import yaml_text
from policy.cost import Cost
from policy.cost import contradictions as unpayable
from policy.data import Dataset
from policy.environments import Environments, Risk, contradictions
from policy.errors import PolicyError, PolicyProblem, dotted, explain
from policy.gates import Evaluate
from policy.models import Name, Section
from policy.monitoring import Monitor
from policy.newest import contradictions as unscored
from policy.objectives import MOST as MOST_OBJECTIVES
from policy.objectives import Objective, Pulse
from policy.objectives import contradictions as unclear
from policy.promotion import Promote
from policy.proposing import Retrain
from policy.registry import Registry
from policy.report import Report
from policy.roles import LEVELS, Commands, Roles, is_level
from policy.training import Train
from policy.tuning import Tune
from policy.tuning import contradictions as aimless
from policy.vigil import Watch
from policy.vigil import contradictions as unheard

__all__ = ["FILE_NAME", "Model", "Policy", "PolicyError", "PolicyProblem", "digest", "read", "schema"]

FILE_NAME = "assay.yml"


class Model(Section):
    """The model that the pipeline makes."""

    name: Name
    """What people call it."""
    artifact: Name
    """The out that holds it; its digest is part of the lineage."""
    risk: Risk | None = None
    """How much harm it can do where it is wrong, by classes of your own; rules ask for it by `when: {risk: [high]}`."""


class Policy(Section):
    """The whole of `assay.yml`."""

    version: Literal[1]
    """The version of this format."""
    data: list[Dataset] = []
    """The data sets, and what must hold of each."""
    train: Train | None = None
    """What to reproduce where stages are out of date; without it nothing is run."""
    retrain: Retrain | None = None
    """When a model is trained anew, and what it has to bring to stay proposed; see docs/retrain.md."""
    evaluate: Evaluate | None = None
    """Metrics, gates, slices and fairness."""
    model: Model | None = None
    """The model that comes of it, for the lineage."""
    monitor: Monitor | None = None
    """What the model meets in production, and what is worth a word there; see docs/monitor.md."""
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
    promote: Promote | None = None
    """What is done once the alias of an environment has moved."""
    watch: Watch | None = None
    """What becomes of what is found in production; without it nothing is kept or told."""
    tune: Tune | None = None
    """Which parameters may be tried for better metrics; see docs/tune.md."""
    objectives: Annotated[list[Objective], Field(max_length=MOST_OBJECTIVES)] = []
    """What metrics of the model are to be by a day, and who sees to it."""
    pulse: Pulse | None = None
    """The rolling issue that tells how the project does."""
    cost: Cost | None = None
    """What minutes of runners cost, and above what it takes a role to start a run; see docs/cost.md."""


def read(text: str, file: str = FILE_NAME) -> Policy:
    """Read a policy.

    Raises PolicyProblem with every error found, or UserProblem where the text is not even YAML.
    """
    document = yaml_text.read(text, file)
    errors = [
        PolicyError(file, line, dotted(path), "the key stands twice", "keep one of them") for path, line in document.duplicates
    ]
    if not isinstance(document.data, dict):
        found = "nothing" if document.data is None else f"a {type(document.data).__name__}"
        raise PolicyProblem([PolicyError(file, 1, "", f"found {found}", "begin with `version: 1`")])
    try:
        policy = Policy.model_validate(document.data)
    except ValidationError as error:
        errors += [explain(item, document, file, Policy) for item in error.errors(include_url=False)]
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
            PolicyError(file, document.line(path), dotted(path), what, right)
            for path, what, right in [
                *contradictions(policy.environments, policy.roles),
                *unheard(policy.watch, policy.roles, policy.retrain),
                *unclear(policy.objectives, policy.evaluate),
                *aimless(policy.tune, policy.evaluate),
                *unscored(policy),
                *unpayable(policy.cost, policy.roles),
            ]
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
