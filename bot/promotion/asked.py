"""What a request for a promotion asks for, and the text of the issue that holds it. Pure.

The text is written once and never again: it is part of what people approve. What it asks for stands in its first line, which
counts only where our own account opened the issue; whoever edits it later asks for something else, and no vote is for that.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from policy.environments import EnvironmentName
from policy.lineage import Lineage
from policy.registry import is_model_name
from reports import evidence, folding, lineage
from reports.evidence import Judged
from reports.markdown import EMPTY, Markdown, code, join, put, row, text

LABEL = "assay: promotion"
"""By this the requests are found among the issues; anybody may put it on, so it says nothing else."""
_MARKER = re.compile(r"<!-- assay:request v1 (?P<data>\{[ -;=?-~]{1,2000}\}) -->\r?\Z")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_SHOWN = 100


@dataclass(frozen=True)
class Asked:
    """A version of a model for an environment, asked for by somebody (`by`, `by_id`) on an issue or pull request (`where`, or 0).

    `key` names the asking, so that asking twice for the same thing is two requests, and handling one asking twice is one.
    `rollback` says that it is to go back to that version, at the word of who asks.
    """

    model: str
    version: int
    environment: EnvironmentName
    by: str
    by_id: int
    where: int
    key: str
    rollback: bool = False


def title(asked: Asked) -> str:
    """The title of the issue."""
    return f"Promote {asked.model} version {asked.version} to {asked.environment}"


def body(asked: Asked, found: Lineage, judged: Judged | None = None) -> str:
    """The text of the issue: what changes, what its check found, where it comes from, and how to answer."""
    where = Markdown(f" in #{asked.where}") if asked.where else EMPTY
    version, environment = Markdown(str(asked.version)), Markdown(asked.environment)
    what = put("{} version {} to **{}**, asked for by {}{}.", code(asked.model), version, environment, code(asked.by), where)
    table = [row([Markdown("what"), code(f"{asked.model}@{asked.version}")]), "|---|---|"]
    for name, told, bad in lineage.rows(found)[:_SHOWN]:
        table.append(row([Markdown(f"**{name}**" if bad else name), text(told)]))
    parts = [what, Markdown(_NOTHING), Markdown(_COMES), Markdown("\n".join(table)), lineage.chart(found), Markdown(_ANSWERS)]
    room = MOST_BYTES - sum(folding.size(each.source) for each in parts)
    if judged is not None:
        parts[1] = evidence.found(judged, min(evidence.LIMIT, room)) if room > _LEAST_BYTES else Markdown(_NO_ROOM)
    return "\n".join([marked(asked), join(parts, "\n\n").source])


MOST_BYTES = 60_000
"""Of the text; GitHub takes 65,536 characters."""
_LEAST_BYTES = 8_000
_NOTHING = "🔴 No facts are kept beside this version, so what its check found is not known."
_NO_ROOM = "🔴 The names in its lineage are so long that there is no room for what its check found; the card has the most of it."
_COMES = "#### Where it comes from"
_ANSWERS = """\
#### How to answer

The card below says who can approve this and how it stands beside what runs now, and shows a code that stands for exactly what
is asked for. Say in a comment:

- `/approve CODE` with that code, once you looked at it;
- `/reject because "..."` if it must not happen, and `/revoke` to take back what you said.

An edited comment counts no more, and neither do reactions or labels. Editing this text makes it another request: then every
approval lapses."""


def marked(asked: Asked) -> str:
    """The first line of the issue."""
    # Nothing in it can end the comment: what could is spelled out.
    told = {name: value for name, value in asdict(asked).items() if value is not False}
    data = json.dumps(told, sort_keys=True).replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "-\\u002d")
    return f"<!-- assay:request v1 {data} -->"


def read(source: str) -> Asked | None:
    """What a text asks for; None where its first line is no marker of ours, whole and well-formed."""
    found = _MARKER.fullmatch(source.split("\n", 1)[0])
    if found is None:
        return None
    try:
        data: dict[str, Any] = json.loads(found["data"])
        asked = Asked(**data)
    except (ValueError, TypeError, RecursionError):
        return None
    numbers = (asked.version, asked.by_id)
    words = (asked.model, asked.environment, asked.by, asked.key)
    if type(asked.rollback) is not bool or type(asked.where) is not int or asked.where < 0:
        return None
    if not all(type(each) is int and each > 0 for each in numbers) or not all(type(each) is str and each for each in words):
        return None
    return asked if is_model_name(asked.model) and _SLUG.fullmatch(asked.environment) else None
