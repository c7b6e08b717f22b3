"""Where in a DVC file a stage or an out is declared, so that an annotation lands on the line that caused it."""

from functools import lru_cache

import yaml


@lru_cache(maxsize=64)
def stage_lines(text: str) -> dict[str, int]:
    """The line (from 1) on which each stage of a dvc.yaml begins; empty where the file is no mapping of stages.

    A stage that `foreach` or `matrix` generates (`train@deep`) is declared where its group is: look up `train`.
    """
    stages = _child(_root(text), "stages")
    if not isinstance(stages, yaml.MappingNode):
        return {}
    return {key.value: key.start_mark.line + 1 for key, _ in stages.value if isinstance(key, yaml.ScalarNode)}


@lru_cache(maxsize=64)
def out_lines(text: str) -> dict[tuple[str | None, str], int]:
    """The line of every out: (stage, path as written) in a dvc.yaml, (None, path) in a .dvc file."""
    root = _root(text)
    found: dict[tuple[str | None, str], int] = {(None, path): line for path, line in _paths(_child(root, "outs"))}
    stages = _child(root, "stages")
    if not isinstance(stages, yaml.MappingNode):
        return found
    for name, stage in stages.value:
        body = _child(stage, "do") or stage
        for group in ("plots", "metrics", "outs"):
            found |= {(name.value, path): line for path, line in _paths(_child(body, group))}
    return found


def _root(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
    except yaml.YAMLError:
        return None


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _paths(node: yaml.Node | None) -> list[tuple[str, int]]:
    """The entries of a list of outs: plain paths, `path: {options}`, or `{path: ...}` as in .dvc files."""
    if not isinstance(node, yaml.SequenceNode):
        return []
    found = []
    for entry in node.value:
        if isinstance(entry, yaml.ScalarNode):
            found.append((entry.value, entry.start_mark.line + 1))
        elif isinstance(entry, yaml.MappingNode) and entry.value:
            named = _child(entry, "path")
            mark = named or entry.value[0][0]
            found.append((mark.value, mark.start_mark.line + 1))
    return found
