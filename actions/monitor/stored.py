"""The reference of a version as a file: its profile, and how well the model did on it. No rows, and only so many values.

Gzip around JSON, equal for equal references: what, of which version, of which data (path, digest), rows, rows a day, columns,
and the metrics on it. A column that is withheld has its kind and how much of it is missing, and no value. Written where a
version is registered, read where it is monitored; whoever reads one from a registry holds it against the digest in its tag.
"""

import gzip
import io
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import ValidationError

from actions.drift import cache
from actions.drift.profile import Column, Kind, Profile, Withheld
from policy.facts.evaluation import Confidence
from policy.performance import MonitoredPredictions

VERSION = 1
"""Raised with every change of what such a file holds."""
LARGEST_TEXT = 256 << 20
_WHAT = "assay reference"

Measured = tuple[float, Confidence]
"""A metric on the reference, and how sure it is."""


@dataclass(frozen=True)
class Stored:
    """A reference as it was when the version was registered.

    `path` is as the policy wrote it, `digest` that of `Tracked`; `per_day` is rows a day by the column `time`. `said` are the
    columns of label, score and prediction and the positive label by which `metrics` were computed.
    """

    path: str
    digest: str
    profile: Profile
    time: str | None = None
    per_day: float | None = None
    said: Mapping[str, str | int | None] = field(default_factory=dict)
    metrics: Mapping[str, Measured] = field(default_factory=dict)

    def measured(self, section: MonitoredPredictions | None) -> Mapping[str, Measured]:
        """The metrics on it, where they are of the columns that the policy names now."""
        return self.metrics if section is not None and self.said == said(section) else {}


def said(section: MonitoredPredictions) -> dict[str, str | int | None]:
    """What the value of a metric depends on beside the rows."""
    return {
        "label": section.label,
        "score": section.score,
        "prediction": section.prediction,
        "positive": section.positive,
    }


def encode(stored: Stored) -> bytes:
    """A reference as bytes; equal ones give equal bytes."""
    plain = {
        "what": _WHAT,
        "schema_version": VERSION,
        "profile_version": cache.VERSION,
        "path": stored.path,
        "digest": stored.digest,
        "rows": stored.profile.rows,
        "time": stored.time,
        "per_day": stored.per_day,
        "columns": [_column(each) for each in stored.profile.columns],
        "predictions": dict(stored.said),
        "metrics": {
            name: {"value": value, "confidence": sure.model_dump(mode="json")} for name, (value, sure) in stored.metrics.items()
        },
    }
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)
    target = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=target, mtime=0) as file:
        file.write(text.encode())
    return target.getvalue()


def decode(raw: bytes) -> Stored:
    """A reference from bytes. Raises ValueError, with a sentence, for anything that is not one, or is of another version."""
    inflate = zlib.decompressobj(wbits=31)
    try:
        text = inflate.decompress(raw, LARGEST_TEXT)
        if not inflate.eof or inflate.unused_data:
            raise ValueError("it is cut off, or too large")
        plain = json.loads(text)
        if plain["what"] != _WHAT:
            raise ValueError("it is something else")
        versions = plain["schema_version"], plain["profile_version"]
        if versions != (VERSION, cache.VERSION):
            what = f"it is of version {str(versions[0])[:20]} (profile {str(versions[1])[:20]})"
            raise ValueError(f"{what}, and this Assay reads {VERSION} (profile {cache.VERSION})")
        return _read(plain)
    except (zlib.error, KeyError, TypeError, AttributeError, RecursionError, UnicodeDecodeError, ValidationError) as error:
        raise ValueError(f"it is malformed ({type(error).__name__})") from None


def _column(column: Column) -> dict[str, Any]:
    plain = cache.packed(column)
    return plain | {"withheld": column.withheld} if column.withheld else plain


def _read(plain: dict[str, Any]) -> Stored:
    rows = plain["rows"]
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 1:
        raise ValueError("it has no rows")
    columns = tuple(_read_column(each, rows) for each in plain["columns"])
    if len({each.name for each in columns}) < len(columns):
        raise ValueError("it has a column twice")
    metrics = {
        str(name): (_number(each["value"]), Confidence.model_validate(each["confidence"]))
        for name, each in plain["metrics"].items()
    }
    return Stored(
        path=str(plain["path"]),
        digest=str(plain["digest"]),
        profile=Profile(rows, columns),
        time=None if plain["time"] is None else str(plain["time"]),
        per_day=None if plain["per_day"] is None else _number(plain["per_day"]),
        said=dict(plain["predictions"]),
        metrics=metrics,
    )


def _read_column(plain: dict[str, Any], rows: int) -> Column:
    withheld = plain.get("withheld")
    if withheld is None:
        return cache.unpacked(plain, rows)
    kind, missing = plain["kind"], plain["missing"]
    if (
        withheld not in get_args(Withheld)
        or kind not in get_args(Kind)
        or not isinstance(missing, int)
        or not 0 <= missing <= rows
    ):
        raise ValueError("it has a column that is none")
    return Column(str(plain["name"]), kind, str(plain["dtype"]), rows, missing, withheld=withheld)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("it has a number that is none")
    return float(value)
