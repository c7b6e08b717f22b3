"""What a workflow file says about being asked for: its inputs, and what its run is called. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from tests.loopback.state import Json

MOST, LONGEST = 25, 65_535
"""How many inputs one request may carry, and how many characters they may have in all."""

_CHOICE = re.compile(r"\$\{\{\s*(?:contains\(([\w.-]+), '([^']*)'\)|([\w.-]+)) && '([^']*)' \|\| '([^']*)'\s*\}\}")
"""Of expressions, one text or another: by what an input holds, or by whether it is true."""


@dataclass(frozen=True)
class Workflow:
    """A workflow file, as far as `workflow_dispatch` needs it. `inputs` is None where the file has no such trigger."""

    name: str
    run_name: str | None
    inputs: Mapping[str, Json] | None = field(default_factory=dict)

    @classmethod
    def read(cls, content: bytes, path: str) -> "Workflow":
        """From the file's bytes; one that is no YAML, or not there, has no trigger."""
        try:
            found = yaml.safe_load(content)
        except yaml.YAMLError:
            found = None
        if not isinstance(found, dict):
            return cls(path, None, None)
        on = found.get("on", found.get(True))  # YAML 1.1 takes `on` for a truth value
        triggers = {on: None} if isinstance(on, str) else dict.fromkeys(on) if isinstance(on, list) else on or {}
        inputs = (triggers["workflow_dispatch"] or {}).get("inputs") or {} if "workflow_dispatch" in triggers else None
        return cls(str(found.get("name") or path), found.get("run-name"), inputs)


def filled(workflow: Workflow, given: Json) -> dict[str, str] | str:
    """Every input with what was given or its default; or GitHub's words where it refuses."""
    if workflow.inputs is None:
        return "Workflow does not have 'workflow_dispatch' trigger"
    if len(given) > MOST:
        return f"Invalid request.\n\nNo more than {MOST} properties are allowed; {len(given)} were supplied."
    texts = {name: _text(value) for name, value in given.items()}
    if sum(len(name) + len(value) for name, value in texts.items()) > LONGEST:
        return "inputs are too large."
    if unknown := [name for name in texts if name not in workflow.inputs]:
        return f"Unexpected inputs provided: {json.dumps(unknown)}"
    values = {}
    for name, declared in workflow.inputs.items():
        declared = declared or {}
        if name not in texts and declared.get("required") and "default" not in declared:
            return f"Required input '{name}' not provided"
        value = texts.get(name, _text(declared.get("default", "")))
        if name in texts and value not in _allowed(declared, value):
            return f"Provided value '{value}' for input '{name}' not in the list of allowed values"
        values[name] = value
    return values


def _allowed(declared: Json, value: str) -> list[str]:
    if declared.get("type") == "choice":
        return [_text(each) for each in declared.get("options") or []]
    return ["true", "false"] if declared.get("type") == "boolean" else [value]


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else "" if value is None else str(value)


def title(workflow: Workflow, inputs: Mapping[str, str], known: Mapping[str, str]) -> str:
    """What the run is called: its `run-name` with inputs and what else is `known` put in, else the workflow's name."""
    if not workflow.run_name:
        return workflow.name
    values = {
        **known,
        **{f"{prefix}.{name}": value for prefix in ("inputs", "github.event.inputs") for name, value in inputs.items()},
    }

    def chosen(found: re.Match[str]) -> str:
        held = found[2] in values.get(found[1], "") if found[1] else values.get(found[3]) == "true"
        return found[4] if held else found[5]

    shown = re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", lambda found: values.get(found[1], ""), _CHOICE.sub(chosen, workflow.run_name))
    return shown.strip() or workflow.name
