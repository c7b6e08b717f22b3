"""YAML as people write it: the data, and the line on which each key stands.

Only plain data is read (no tags, no anchors that explode, no key twice), because the text may come from anybody.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

from policy.problems import UserProblem

Path = tuple[str | int, ...]

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 50
_PLAIN_TAGS = ("tag:yaml.org,2002:",)


@dataclass
class Document:
    """The data of a YAML text, and `lines`: path of keys and indices -> line (counted from 1)."""

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    duplicates: list[tuple[Path, int]] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """The line of a path, or of its nearest ancestor that stands in the text."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def read(text: str, where: str) -> Document:
    """Parse a text.

    Raises UserProblem with file and line for text that is not YAML, is too large or too deep, or uses tags.
    """
    if len(text) > MAX_CHARACTERS:
        raise UserProblem(f"the file has {len(text):,} characters, more than {MAX_CHARACTERS:,}", where, "Make it smaller")
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{where}:{mark.line + 1}" if mark else where
        raise UserProblem(f"not YAML: {error.problem or error.context}", place, "Mend the syntax") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise UserProblem(f"not YAML: {str(error).splitlines()[0]}", where, "Mend the syntax") from None
    document = Document(data=None)
    if node is not None:
        document.data = _Reader(where, document).value(node, ())
    return document


class _Reader:
    """Walks the node tree once, building data and lines."""

    def __init__(self, where: str, document: Document) -> None:
        self.where = where
        self.document = document
        self.loader = yaml.CSafeLoader("")
        self.nodes = 0

    def value(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.nodes += 1
        if len(path) > MAX_DEPTH or self.nodes > MAX_CHARACTERS:
            # An alias is walked each time it is used, so this also stops a "billion laughs" text.
            raise UserProblem("nested or repeated too deeply", f"{self.where}:{line}", "Flatten the file")
        if not node.tag.startswith(_PLAIN_TAGS) or node.tag.startswith("tag:yaml.org,2002:python"):
            raise UserProblem(f"the tag {node.tag} is not allowed", f"{self.where}:{line}", "Write plain values")
        self.document.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError):
            raise UserProblem(f"cannot read {node.value!r}", f"{self.where}:{line}", "Put it in quotes") from None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise UserProblem("a key must be a plain word", f"{self.where}:{line}", "Write `key: value`")
            key = key_node.value
            here = (*path, key)
            if key in data:
                self.document.duplicates.append((here, line))
            self.document.lines[here] = line
            data[key] = self.value(value_node, here)
        return data
