"""What an issue about the registry is about, in its hidden first line, which counts only where our account opened it. Pure."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

from reports.markdown import Markdown, shorten, visible

LABEL = "assay: registry"
"""By this the issues are found; anybody may put it on, so it says nothing else."""
Kind = Literal["incident", "candidate"]
_MARKER = re.compile(r"<!-- assay:registry v1 (?P<data>\{[ -;=?-~]{1,4000}\}) -->\r?\Z")


@dataclass(frozen=True)
class Noted:
    """An alias that was moved, by its `environment`, or a version from outside. `version` is 0 for an alias that is nowhere.

    There is one issue for each, ever: what happens again opens it again.
    """

    kind: Kind
    model: str
    version: int
    environment: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its issue, first that by which it is found."""
        return LABEL, f"assay: {self.kind}"

    @property
    def title(self) -> str:
        """The title of its issue."""
        name = shorten(visible(self.model), 100)
        if self.kind == "candidate":
            return f"{name} version {self.version} was not registered by Assay"
        where = f"version {self.version}" if self.version else "nothing"
        return f"{name}@{self.environment} points to {where}, which was not promoted"

    def body(self, said: Markdown) -> str:
        """The text of its issue."""
        # Nothing in it can end the comment: what could is spelled out.
        data = json.dumps(asdict(self), sort_keys=True).replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "-\\u002d")
        return f"<!-- assay:registry v1 {data} -->\n{said.source}"


def read(source: str) -> Noted | None:
    """What a text is about; None where its first line is no marker of ours, whole and well-formed."""
    found = _MARKER.fullmatch(source.split("\n", 1)[0])
    if found is None:
        return None
    try:
        data: dict[str, Any] = json.loads(found["data"])
        noted = Noted(**data)
    except (ValueError, TypeError, RecursionError):
        return None
    words = all(type(each) is str for each in (noted.model, noted.environment))
    sound = words and type(noted.version) is int and noted.version >= 0 and noted.kind in ("incident", "candidate")
    return noted if sound else None
