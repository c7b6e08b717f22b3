"""The lineage of a registered version, drawn from what the registry says: as plain text, as data for JSON, as Mermaid."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from policy import lineage
from policy.lineage import Change, Lineage, Reign, Step
from policy.origin import Origin
from reports import mermaid
from reports.markdown import Markdown, diagram, shorten, visible
from reports.numbers import MISSING

_MOST = 20
"""Rows of data, versions or reigns that are drawn; all of them are in the JSON."""
_NODES = 8
_SETTINGS = (
    '%%{init: {"theme": "base", "themeVariables": {"primaryColor": "#2f81f7", "primaryTextColor": "#ffffff", '
    '"primaryBorderColor": "#1f6feb", "lineColor": "#768390", "fontFamily": "sans-serif"}}}%%'
)
"""Colours that can be read on GitHub's light page and on its dark one."""
_CLASSES = (
    "    classDef data fill:#347d39,stroke:#46954a,color:#ffffff",
    "    classDef person fill:#8256d0,stroke:#986ee2,color:#ffffff",
    "    classDef missing fill:#c93c37,stroke:#e5534b,color:#ffffff",
)

Row = tuple[str, str, bool]
"""What a line is about, what it says, and whether something is missing in it."""


def rows(found: Lineage) -> list[Row]:
    """The lineage line by line, as plain text in which nothing is invisible; it is not escaped for any markup."""
    return [(name, _clean(said), bad) for name, said, bad in _rows(found)]


def text(found: Lineage) -> str:
    """The lineage for people, in columns."""
    lines = rows(found)
    width = max(len(name) for name, _, _ in lines)
    return "\n".join(f"{name:<{width}}  {said}" for name, said, _ in lines)


def data(found: Lineage) -> dict[str, Any]:
    """The lineage for machines, with nothing left out."""
    return {
        "model": found.model,
        "complete": found.complete,
        **_step(found.step),
        "replaces": found.before.version if found.before else None,
        "changes": [
            {"what": each.what, "before": each.before, "after": each.after} for each in lineage.changes(found.step, found.before)
        ],
        "reigns": [
            {
                "alias": each.alias,
                "version": each.version,
                "since": _iso(each.since),
                "until": _iso(each.until),
                "present": each.present,
            }
            for each in found.reigns
        ],
        "versions": [_step(each) for each in found.steps],
    }


def chart(found: Lineage) -> Markdown:
    """The lineage as a Mermaid chart, from the data to the aliases."""
    step, origin = found.step, found.step.origin
    title = f"{found.model}@{step.version}"
    lines = [_SETTINGS, "flowchart LR", *_CLASSES, f'    version["{mermaid.label(title, 60)}"]']
    if origin is None:
        lines.append(f'    gap["{mermaid.label(step.faults[0] if step.faults else "no origin", 60)}"]:::missing --> version')
    else:
        lines += _inputs(origin)
    if found.before:
        lines.append(f'    before["{mermaid.label(f"{found.model}@{found.before.version}", 60)}"] -. replaced by .-> version')
    for number, alias in enumerate(step.aliases[:_NODES]):
        lines.append(f'    version --> alias{number}(["{mermaid.label(alias)}"])')
    return diagram("\n".join(lines))


def _inputs(origin: Origin) -> Iterator[str]:
    yield f'    code["code {origin.code_sha[:12]}"] --> version'
    yield f'    params["parameters {_brief(origin.params_digest)}"] --> version'
    yield f'    verdict["verdict {origin.verdict}"] --> version'
    listed = list(origin.data.items())
    for number, (path, digest) in enumerate(listed[:_NODES]):
        yield f'    data{number}[("{mermaid.label(path)} {_brief(digest)}")]:::data --> version'
    if len(listed) > _NODES:
        yield f'    more[("{len(listed) - _NODES} more")]:::data --> version'
    if origin.pull_request:
        yield f'    pull["pull request {origin.pull_request}"] --> code'
    for number, login in enumerate(origin.approvers[:_NODES]):
        yield f'    person{number}(["approved by {mermaid.label(login)}"]):::person --> version'


# Text


def _rows(found: Lineage) -> Iterator[Row]:
    step, origin = found.step, found.step.origin
    aliases = f" ({', '.join(step.aliases)})" if step.aliases else ""
    yield "version", f"{found.model}@{step.version}{aliases} · registered {_moment(step.created)}", False
    for fault in step.faults[:_MOST]:
        yield "missing", fault, True
    if origin is not None:
        yield from _origin(origin)
    yield "run", step.run or "none", step.run is None
    yield from _replaced(found)
    yield from _reigns(found)


def _origin(origin: Origin) -> Iterator[Row]:
    yield "code", f"{origin.code_sha} · tree {origin.code_tree[:12]}", False
    yield "pull request", f"#{origin.pull_request}" if origin.pull_request else "none is known", False
    yield "verdict", f"{origin.verdict} · facts {_brief(origin.facts_digest)} · policy {_brief(origin.policy_digest)}", False
    yield "approvals", ", ".join(origin.approvers) or "none so far", False
    yield "model", f"{origin.model_path} {origin.model_digest}", False
    yield "parameters", f"{_brief(origin.params_digest)} · lock {_brief(origin.lock_digest)}", False
    listed = list(origin.data.items())
    where = f" from {origin.remote}" if origin.remote else ""
    for path, digest in listed[:_MOST]:
        yield "data", f"{path} {digest}{where}", False
    if len(listed) > _MOST:
        yield "data", f"and {len(listed) - _MOST} more", False
    if not listed:
        yield "data", "the lock names none", False


def _replaced(found: Lineage) -> Iterator[Row]:
    if found.before is None:
        yield "replaces", "nothing: it is the first", False
        return
    same = found.step.origin is not None and found.before.origin is not None
    changed = lineage.changes(found.step, found.before)
    said = f"{found.model}@{found.before.version} of {_moment(found.before.created)}"
    yield "replaces", said if same else f"{said}; what differs is not known", not same
    for each in changed[:_MOST]:
        yield "changed", _change(each), False
    if same and not changed:
        yield "changed", "nothing that was recorded", False


def _change(change: Change) -> str:
    return f"{change.what}: {_brief(change.before)} → {_brief(change.after)}"


def _reigns(found: Lineage) -> Iterator[Row]:
    for each in found.reigns[:_MOST]:
        yield "history", _reign(found.model, each), each.since is None or (each.until is None and not each.present)


def _reign(model: str, reign: Reign) -> str:
    since = _moment(reign.since) if reign.since else "a moment that nobody noted"
    ended = _moment(reign.until) if reign.until else "a moment that nobody noted"
    until = "now" if reign.present else ended
    return f"{reign.alias}: {model}@{reign.version} from {since} until {until}"


# Pieces


def _step(step: Step) -> dict[str, Any]:
    return {
        "version": step.version,
        "created": _iso(step.created),
        "aliases": list(step.aliases),
        "run": step.run,
        "source": step.source,
        "origin": step.origin.model_dump(mode="json") if step.origin else None,
        "missing": list(step.faults),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _brief(digest: str | None) -> str:
    """A digest or commit as people compare them: twelve digits."""
    if digest is None:
        return MISSING
    return digest.rpartition(":")[2][:12]


def _clean(said: str) -> str:
    return shorten(visible(said), 300)
