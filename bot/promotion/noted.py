"""The earlier forms of a request, as its card notes them in hidden lines. Pure.

They are only ever used to say in words what changed; what is approved is read anew each time.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from policy.digests import Subject

_NOTED = re.compile(r"^<!-- assay:subject (?P<data>\{[ -;=?-~]{1,20000}\}) -->\r?$", re.MULTILINE)
_DASHES = "-\\u002d"
"""Two of them could end the hidden line."""
_LONGEST = 8_000


def written(subjects: Sequence[Subject]) -> str:
    """A hidden line for each; one that would be too long is left out."""
    return "\n".join(_written(subjects))


def read(body: str) -> list[Subject]:
    """What a card notes, in its order; lines that are none of ours are passed over."""
    return list(_read(body))


def _written(subjects: Sequence[Subject]) -> Iterator[str]:
    for each in subjects:
        data = json.dumps(each.model_dump(), sort_keys=True).replace("<", "\\u003c").replace(">", "\\u003e")
        if len(data) <= _LONGEST:
            yield f"<!-- assay:subject {data.replace('--', _DASHES)} -->"


def _read(body: str) -> Iterator[Subject]:
    for found in _NOTED.finditer(body):
        with suppress(ValueError):
            yield Subject.model_validate_json(found["data"])
