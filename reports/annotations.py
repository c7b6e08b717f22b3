"""What stands beside the lines of a change: each check that is not green, on the line that it is about.

A check that names no line itself is put where its data set is tracked (`.dvc`, `dvc.yaml`), or on the line of `assay.yml`
that asks for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from policy import yaml_text
from policy.facts import Facts
from policy.problems import Problem
from policy.result import Comparison, Result, Status
from policy.verdict import Verdict

_SECTIONS = {"data": "data", "drift": "data", "training": "train", "evaluation": "evaluate", "fairness": "evaluate"}
"""Which section of assay.yml asks for a part."""


@dataclass(frozen=True)
class Annotation:
    """One remark, as plain text; nothing in it is escaped. `line` is counted from 1, and None only where `file` is."""

    level: Literal["error", "warning"]
    title: str
    message: str
    file: str | None = None
    line: int | None = None


def annotations(verdict: Verdict, facts: Facts, policy_text: str = "") -> list[Annotation]:
    """The remarks of a verdict, what fails before what only warns, none twice.

    `policy_text` is `assay.yml` as the change has it, because that is where a remark on it is shown; where it is not YAML,
    such remarks stand on its first line.
    """
    policy = _Policy(facts.policy.path, policy_text)
    tracked = {each.path: (each.file, each.line) for each in facts.data if each.file}
    found = [remark for part in verdict.result.children for remark in _remarks(part, [part], policy, tracked)]
    return sorted(dict.fromkeys(found), key=lambda remark: remark.level)


def _list(items: object) -> list[object]:
    return items if isinstance(items, list) else []


class _Policy:
    """Where things stand in `assay.yml`."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        try:
            self.document = yaml_text.read(text, path)
        except Problem:
            self.document = yaml_text.Document(data=None)

    def line(self, part: str, names: list[str], gate: Comparison | None) -> int:
        """The line of the data set or the gate that is meant, else of the section, else the first."""
        section = _SECTIONS.get(part)
        data = self.document.data
        if section is None or not isinstance(data, dict):
            return 1
        path: yaml_text.Path = (section,)
        if section == "data":
            path = self._item(path, data.get("data"), "path", names)
        elif part == "fairness":
            path = (section, "fairness")
        elif isinstance(data.get("evaluate"), dict):
            path = self._gate(data["evaluate"].get("gates"), names[-1], gate)
        return self.document.line(path) or 1

    @staticmethod
    def _item(path: yaml_text.Path, items: object, key: str, names: list[str]) -> yaml_text.Path:
        found = [index for index, item in enumerate(_list(items)) if isinstance(item, dict) and item.get(key) in names]
        return (*path, found[0]) if found else path

    @staticmethod
    def _gate(items: object, name: str, gate: Comparison | None) -> yaml_text.Path:
        """The entry of a gate: of its metric, and of those the one for just this slice or baseline."""
        metric = gate.metric if gate else name
        column = (gate.slice or "").partition("=")[0] if gate else ""
        best: yaml_text.Path = ("evaluate", "gates")
        most = -1
        for index, item in enumerate(_list(items)):
            if not isinstance(item, dict) or item.get("metric") != metric:
                continue
            where = item.get("where")
            own = item.get("every") or (next(iter(where), "") if isinstance(where, dict) else "")
            since = item.get("since")
            fits = 2 * ((own or "") == column) + (name.endswith(f" since {since}") if since else " since " not in name)
            if fits > most:
                best, most = ("evaluate", "gates", index), fits
        return best


def _remarks(
    result: Result, above: list[Result], policy: _Policy, tracked: Mapping[str, tuple[str | None, int | None]]
) -> Iterator[Annotation]:
    """The remarks at the ends of one part's tree. `above` leads from the part down to the result."""
    for child in result.children:
        yield from _remarks(child, [*above, child], policy, tracked)
    if result.children or result.status not in (Status.FAILED, Status.WARNED):
        return
    part, names = above[0].name, [each.name for each in above]
    file, line = _place(above, tracked)
    title = part if result.name == part else f"{part}: {result.name}"
    advice = f". Next: {result.advice}" if result.advice else ""
    level: Literal["error", "warning"] = "error" if result.status is Status.FAILED else "warning"
    if file is None:
        file, line = policy.path, policy.line(part, names, result.comparison)
    yield Annotation(level, title, result.why + advice, file, line or 1)


def _place(above: list[Result], tracked: Mapping[str, tuple[str | None, int | None]]) -> tuple[str | None, int | None]:
    """The line that the check itself, or the nearest above it, names; else the file in which its data set is tracked."""
    for each in reversed(above):
        if each.file:
            return each.file, each.line
    return next((tracked[each.name] for each in reversed(above) if each.name in tracked), (None, None))
