"""What a request's card notes in hidden lines: its earlier forms, and what of it is in the ledger. Pure.

The forms are only ever used to say in words what changed; what is approved is read anew each time. What is noted as entered is
not looked for in the ledger again.
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

_KEYS = re.compile(r"^<!-- assay:entered (?P<keys>[a-z0-9]+(?:[ -][a-z0-9]+){0,400}) -->\r?$", re.MULTILINE)


def written(subjects: Sequence[Subject], entered: Sequence[str] = ()) -> str:
    """A hidden line for each form, where one that would be too long is left out, and the keys of what is entered."""
    keys = [f"<!-- assay:entered {' '.join(entered)} -->"] if entered else []
    return "\n".join([*_written(subjects), *keys])


def entered(body: str) -> list[str]:
    """The keys that a card notes as entered."""
    return [key for found in _KEYS.finditer(body) for key in found["keys"].split(" ")]


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
